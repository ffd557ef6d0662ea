"""Ordinary acts deviate from nothing; exceptions are told as such; planted wrongs are found."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app import clock
from app.audit import Entry, case_entries
from app.deadlines import Calendars
from app.handling.acts.cancelling import cancel
from app.handling.acts.deciding import decide
from app.handling.acts.intervening import Proposal, propose
from app.handling.conformance.entitled import Posts
from app.handling.conformance.kinds import Deviation
from app.handling.conformance.replaying import replay
from app.handling.models import Case
from app.handling.noting import VARIABLES
from app.workflow.loading import definition
from tests.handling.conformance.planting import bodies, of, open_up, put_back, remove, rewrite, swap
from tests.world import World

SIGNERS = {"countersigners": ["leader2", "leader3"]}
AGREE = {"sign": {"outcome": "approve"}}


def deviations(world: World, case: Case) -> list[Deviation]:
    return judged(world, case, case_entries(world.session, case.id))


def judged(world: World, case: Case, entries: Sequence[Entry]) -> list[Deviation]:
    session = world.session
    posts = Posts().read_on(session)
    calendars = Calendars(session)
    return replay(
        entries,
        lambda sha256: definition(session, sha256),
        posts,
        lambda at: calendars.at(case.unit_id, at),
    )


def kinds(world: World, case: Case) -> list[str]:
    return [each.kind for each in deviations(world, case)]


def finished(world: World) -> Case:
    """A notice that went all the way by the diagram."""
    done = world.draft()
    world.run(done)
    return done.case


def test_the_shipped_routes_as_they_are_drawn(world: World) -> None:
    for done in (world.draft(), world.request(), world.draft(**SIGNERS)):
        world.run(done, **AGREE)
        assert done.case.state == "closed"
        assert deviations(world, done.case) == []


def test_a_received_document_and_a_cancelled_one(world: World) -> None:
    received = world.register()
    world.run(
        received,
        distribute={"next": ["leader2"]},
        collect={"outcome": "to_handle", "next": ["dept.head"]},
    )
    assert received.case.state == "closed"
    assert deviations(world, received.case) == []
    drafted = world.draft()
    with clock.moved_to(world.at):
        cancel(world.session, world.actor("drafter"), drafted.case.id, "不发了。")
        world.session.commit()
    assert deviations(world, drafted.case) == []


def test_a_return_that_the_diagram_allows_is_none(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft")
    world.run(done)
    assert deviations(world, done.case) == []


def test_straight_back_after_a_return_is_none(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft", then="back_to_me")
    world.run(done)
    assert deviations(world, done.case) == []


def test_a_withdrawal_is_told_with_its_person_and_reason(world: World) -> None:
    done = world.draft()
    (task,) = world.open(done.case)
    world.complete(task, "drafter")
    world.withdraw(task, "drafter", "漏了附件。")
    world.run(done)
    (found,) = deviations(world, done.case)
    assert (found.kind, found.reason, found.wrong) == ("withdrawn", "漏了附件。", False)
    assert found.person == world.actor("drafter").name


def test_a_measure_is_told_with_both_administrators_and_its_clause(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    with clock.moved_to(world.at):
        wanted = Proposal("move", "走错了。", "局长批示", task.id, "draft")
        proposed = propose(world.session, world.actor("process.admin"), done.case.id, wanted)
        world.session.commit()
        decide(world.session, world.actor("process.admin2"), proposed.id, agree=True)
        world.session.commit()
    world.run(done)
    (found,) = deviations(world, done.case)
    assert (found.kind, found.reason) == ("measure", "走错了。")
    assert "局长批示" in found.authority
    assert world.actor("process.admin").name in found.authority


def test_what_was_done_past_its_limit(world: World) -> None:
    done = world.draft()
    world.later(days=3)
    world.run(done)
    found = deviations(world, done.case)
    assert [(each.kind, each.step) for each in found] == [("late", "draft")]
    assert "超时" in found[0].said


Plant = Callable[[World, Case], None]
PLANTED: dict[str, tuple[Plant, str]] = {
    "two acts change places": (
        lambda world, case: swap(
            world, case, of("task.completed", "dept_review"), of("task.completed", "office_check")
        ),
        "order",
    ),
    "an act is taken out": (
        lambda world, case: remove(world, case, of("task.completed", "office_check")),
        "order",
    ),
    "a step is left out": (
        lambda world, case: rewrite(
            world,
            case,
            of("task.completed", "dept_review"),
            detail={"opened": ["leader_sign"]},
        ),
        "skipped",
    ),
    "a rule passes what must be done": (
        lambda world, case: rewrite(
            world, case, of("task.completed", "office_check"), action="task.skipped"
        ),
        "skipped",
    ),
    "an outcome that is not offered": (
        lambda world, case: rewrite(
            world,
            case,
            of("task.completed", "sign"),
            detail={"outcome": "burn", "outcome_label": "销毁"},
        ),
        "outcome",
    ),
    "somebody without the post": (
        lambda world, case: rewrite(
            world,
            case,
            of("task.completed", "office_check"),
            actor={"id": 1, "login": "drafter", "name": "张拟稿"},
        ),
        "not_entitled",
    ),
    "an agent whom nobody sent": (
        lambda world, case: rewrite(
            world, case, of("task.completed", "leader_sign"), principal="leader3"
        ),
        "not_entitled",
    ),
    "closed before its end": (
        lambda world, case: rewrite(
            world,
            case,
            of("task.completed", "register_number"),
            detail={"opened": [], "opened_stays": [], "case_state": "closed"},
        ),
        "skipped",
    ),
    "the beginning is gone": (
        lambda world, case: remove(world, case, of("case.started")),
        "record",
    ),
    "a version that never was": (
        lambda world, case: rewrite(
            world, case, of("case.started"), detail={"definition_sha256": "0" * 64}
        ),
        "record",
    ),
}


def test_what_is_planted_is_found(world: World) -> None:
    """One document, spoilt in one way after the other and put right again."""
    done = world.draft(**SIGNERS)
    world.run(done, **AGREE)
    open_up(world)
    kept = bodies(world)
    for name, (plant, kind) in PLANTED.items():
        assert deviations(world, done.case) == []
        plant(world, done.case)
        found = deviations(world, done.case)
        assert kind in [each.kind for each in found], (name, found)
        assert all(each.wrong and each.said.endswith("。") for each in found), (name, found)
        put_back(world, kept)


def test_a_return_to_where_it_may_not_go(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft")
    world.run(done)
    open_up(world)
    rewrite(world, done.case, of("task.returned"), detail={"to": "leader_sign"})
    assert kinds(world, done.case) == ["return", "jump"]


def test_a_way_that_what_was_filled_in_closed_is_told(world: World) -> None:
    """The same record, but for what the route read: the drawing has the way, the case had not."""
    case = countersigned(world)
    assert kinds(world, case) == []
    (found,) = judged(world, case, [read_otherwise(each) for each in record(world, case)])
    assert (found.kind, found.step) == ("choice", "office_check")
    assert found.wrong
    assert "条件不成立" in found.said


def test_a_record_of_before_closes_no_way(world: World) -> None:
    case = countersigned(world)
    bare = [replace(each, detail={**each.detail, "after": {}}) for each in record(world, case)]
    assert judged(world, case, bare) == []


def countersigned(world: World) -> Case:
    done = world.draft(**SIGNERS)
    world.run(done, until="leader_sign", **AGREE)
    return done.case


def record(world: World, case: Case) -> Sequence[Entry]:
    return case_entries(world.session, case.id)


def read_otherwise(entry: Entry) -> Entry:
    """As if nobody had ever to countersign."""
    after = entry.detail.get("after", {})
    told = {
        key: {**each, "needs_countersign": False} for key, each in after.get(VARIABLES, {}).items()
    }
    return replace(entry, detail={**entry.detail, "after": {**after, VARIABLES: told}})
