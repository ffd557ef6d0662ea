"""What a strict reader of the rules found once, each as it would have hurt an office."""

import pytest

from app import audit, clock, organization
from app.documents.models import Document
from app.errors import Conflict, Invalid, NotFound
from app.handling.act import look_at_task
from app.handling.acts import cancelling, editing, opening
from app.handling.acts.done import Done
from app.handling.errors import CannotWithdraw
from app.handling.models import TaskCandidate
from app.organization import operations
from app.organization.models import Appointment
from tests.world import REQUEST, World

RULE = audit.signed_by_rule("测试")


def revise(world: World, login: str, done: Done, **changes: object) -> None:
    with clock.moved_to(world.at):
        given = editing.Save(changes)
        editing.save(world.session, world.actor(login), done.case.document_id, given)
        world.session.commit()


def steps(world: World, done: Done) -> list[str]:
    return [entry.step or "" for entry in entries(world, done) if entry.action == "task.completed"]


def entries(world: World, done: Done) -> list[audit.Entry]:
    return audit.case_entries(world.session, done.case.id, done.case.document_id)


def test_a_draft_turned_upward_takes_the_upward_route(world: World) -> None:
    done = world.draft()
    recipients = {"main_recipients": ["江洲市水务局"]}
    given = {name: REQUEST[name] for name in ("title", "note")}
    revise(world, "drafter", done, direction="upward", kind="请示", **given, **recipients)
    world.run(done)
    assert "unit_head_sign" in steps(world, done)
    assert "leader_sign" not in steps(world, done)


def test_a_countersigner_added_later_is_asked_too(world: World) -> None:
    done = world.draft(countersigners=["leader2"])
    world.run(done, until="sign")
    world.complete(world.open(done.case)[0], "leader2", "approve")
    task = world.open(done.case)[0]
    world.complete(task, "office.head", fields={"countersigners": ["leader2", "leader3"]})
    assert [each.step for each in world.open(done.case)] == ["sign"]


def test_text_changed_after_countersigning_is_countersigned_again(world: World) -> None:
    done = world.draft(countersigners=["leader2"])
    world.run(done, until="sign")
    world.complete(world.open(done.case)[0], "leader2", "approve")
    revise(world, "office.head", done, body="现就冬季堤防巡查补充通知如下。")
    world.session.expire_all()
    world.complete(world.open(done.case)[0], "office.head")
    assert [each.step for each in world.open(done.case)] == ["sign"]


@pytest.mark.parametrize("login", ["auditor", "system.admin", "drafter"])
def test_only_people_whom_the_form_offers_can_be_named(world: World, login: str) -> None:
    done = world.register()
    task = world.run(done, until="distribute")
    assert task is not None
    with pytest.raises(Invalid) as refusal:
        world.complete(task, "secretary", next=["leader", login])
    assert refusal.value.errors[0].field == "next"
    assert world.open(done.case)[0].step == "distribute"


def test_one_head_is_chosen_where_one_is_to_be_chosen(world: World) -> None:
    task = world.open(world.draft().case)[0]
    with pytest.raises(Invalid):
        world.complete(task, "drafter", next=["dept.head", "dept.deputy"])


def test_a_returned_step_goes_to_who_holds_the_post_now(world: World) -> None:
    done = world.draft()
    world.run(done, until="final_check_dispatch")
    keeper = world.actor("seal.keeper")
    post = world.session.query(Appointment).filter_by(person_id=keeper.person_id).one()
    with clock.moved_to(world.at):
        operations.end_appointment(world.session, RULE, world.at, post=post)
        person = organization.person_by_login(world.session, "archivist")
        operations.appoint(world.session, RULE, world.at, person=person, role="seal-keeper")
        world.session.commit()
    world.send_back(world.open(done.case)[0], "secretary", "seal")
    assert world.holders(world.open(done.case)[0]) == ["archivist"]


def test_the_only_head_reviews_himself_in_every_lap(world: World) -> None:
    done = world.draft("sole.head")
    world.run(done, until="office_check")
    world.send_back(world.open(done.case)[0], "office.head", "dept_review")
    task = world.open(done.case)[0]
    row = world.session.query(TaskCandidate).filter_by(task_id=task.id).one()
    assert row.self_review


def test_the_record_of_a_return_names_text_and_post(world: World) -> None:
    done = world.draft()
    world.run(done, until="office_check")
    world.send_back(world.open(done.case)[0], "office.head", "draft")
    entry = entries(world, done)[-1]
    assert entry.action == "task.returned"
    document = world.document(done.case)
    assert entry.detail["content_sha256"] == document.content_sha256
    assert entry.detail["version"] == 1
    assert entry.authority == "办公室主任"


def test_a_draft_taken_back_is_a_draft_again(world: World) -> None:
    done = world.draft()
    first = world.open(done.case)[0]
    world.complete(first, "drafter")
    assert world.document(done.case).state == "reviewing"
    world.withdraw(first, "drafter")
    assert world.session.get_one(Document, done.case.document_id).state == "draft"


def test_reading_the_document_elsewhere_is_reading_it(world: World) -> None:
    done = world.draft()
    first = world.open(done.case)[0]
    world.complete(first, "drafter")
    with clock.moved_to(world.at):
        opening.note_reading(world.session, world.actor("dept.head"), done.case.id)
        world.session.commit()
    with pytest.raises(CannotWithdraw):
        world.withdraw(first, "drafter")


def test_who_never_got_it_does_not_see_it(world: World) -> None:
    done = world.draft()
    first = world.open(done.case)[0]
    sent = world.complete(first, "drafter").opened[0]
    world.withdraw(first, "drafter")
    with pytest.raises(NotFound):
        look_at_task(world.session, world.actor("dept.head"), sent.id)


def test_a_received_document_on_its_way_is_not_cancelled(world: World) -> None:
    done = world.register()
    world.run(done, until="propose")
    with pytest.raises(Conflict):
        cancelling.cancel(world.session, world.actor("secretary"), done.case.id, "重复登记。")


def test_the_loser_is_told_who_took_it_back(world: World) -> None:
    done = world.draft()
    first = world.open(done.case)[0]
    task = world.complete(first, "drafter").opened[0]
    revision = task.revision
    world.withdraw(first, "drafter")
    with pytest.raises((Conflict, NotFound)):
        world.complete(task, "dept.head", revision=revision)
