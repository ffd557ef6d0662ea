"""The three shipped routes from end to end, through the operations."""

from app.handling.models import Task
from tests.world import World

SIGNING_PATH = ["draft", "dept_review", "office_check"]
AFTER_SIGNING = ["register_number", "seal", "final_check_dispatch"]


def steps(world: World, case_id: int) -> list[str]:
    query = world.session.query(Task).filter(Task.case_id == case_id).order_by(Task.id)
    return [task.step for task in query]


def test_a_notice_goes_from_draft_to_dispatch(world: World) -> None:
    done = world.draft()
    world.run(done)
    assert steps(world, done.case.id) == [*SIGNING_PATH, "leader_sign", *AFTER_SIGNING]
    document = world.document(done.case)
    assert document.state == "dispatched"
    assert document.number == "江水〔2026〕1号"
    assert document.signatory == world.actor("leader").name
    assert done.case.state == "closed"


def test_a_request_is_signed_by_the_head_of_the_unit(world: World) -> None:
    done = world.request()
    world.run(done)
    signing = ["leader_review", "unit_head_sign"]
    assert steps(world, done.case.id) == [*SIGNING_PATH, *signing, *AFTER_SIGNING]
    assert world.document(done.case).signatory == world.actor("unit.head").name


def test_countersigners_sign_one_after_another_and_the_office_gets_it_back(world: World) -> None:
    done = world.draft(countersigners=["leader2", "leader3"])
    world.run(done, sign={"outcome": "approve"})
    assert steps(world, done.case.id) == [
        *SIGNING_PATH,
        "sign",
        "sign",
        "office_check",
        "leader_sign",
        *AFTER_SIGNING,
    ]


def test_a_received_document_is_read_handled_and_closed(world: World) -> None:
    done = world.register()
    world.run(
        done,
        distribute={"next": ["leader", "leader2", "leader3"]},
        collect={"outcome": "to_handle", "fields": {"handling_department": "engineering"}},
    )
    assert steps(world, done.case.id) == [
        "register",
        "propose",
        "distribute",
        "leader_read",
        "leader_read",
        "leader_read",
        "collect",
        "handle",
        "close",
    ]
    assert world.document(done.case).state == "closed"
