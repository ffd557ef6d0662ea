"""ORG-08: posts change while documents are on their way."""

import pytest

from app import audit, clock, organization
from app.errors import NotFound
from app.handling.errors import NotYourTask
from app.organization import operations
from app.organization.models import Appointment
from tests.world import World

RULE = audit.signed_by_rule("测试")


def take(world: World, login: str, role: str) -> None:
    person = world.actor(login).person_id
    post = world.session.query(Appointment).filter_by(person_id=person, role_key=role).one()
    with clock.moved_to(world.at):
        operations.end_appointment(world.session, RULE, world.at, post=post)
        world.session.commit()


def give(world: World, login: str, role: str) -> None:
    person = organization.person_by_login(world.session, login)
    with clock.moved_to(world.at):
        operations.appoint(world.session, RULE, world.at, person=person, role=role)
        world.session.commit()


def test_who_lost_the_post_cannot_act_and_who_got_it_can(world: World) -> None:
    done = world.draft()
    world.run(done, until="register_number")
    give(world, "archivist", "printing-room")
    take(world, "printing", "printing-room")
    task = world.open(done.case)[0]
    assert world.holders(task) == ["archivist"]
    with pytest.raises((NotYourTask, NotFound)):
        world.complete(task, "printing")
    world.complete(task, "archivist")
    assert world.document(done.case).number


def test_the_last_holder_leaves_and_the_case_stops_until_the_post_is_filled(world: World) -> None:
    done = world.draft()
    world.run(done, until="register_number")
    take(world, "printing", "printing-room")
    task = world.open(done.case)[0]
    assert task.blocked
    assert world.holders(task) == ["process.admin", "process.admin2"]
    give(world, "archivist", "printing-room")
    world.session.expire_all()
    assert task.blocked is None
    assert world.holders(task) == ["archivist"]
    world.run(done)
    assert world.document(done.case).state == "dispatched"


def test_a_choice_holds_as_long_as_one_of_the_chosen_may_act(world: World) -> None:
    done = world.draft()
    task = world.run(done, until="dept_review", draft={"next": ["dept.deputy"]})
    assert task is not None
    give(world, "archivist", "printing-room")
    assert world.holders(task) == ["dept.deputy"]
    take(world, "dept.deputy", "dept-head")
    assert world.holders(task) == ["dept.head"]


def test_the_record_says_that_the_people_of_a_step_changed(world: World) -> None:
    done = world.draft()
    world.run(done, until="register_number")
    give(world, "archivist", "printing-room")
    entry = audit.case_entries(world.session, done.case.id)[-1]
    assert entry.action == "task.restaffed"
    assert entry.authority.endswith("（ORG-08）")
    assert sorted(entry.detail["people"]) == ["archivist", "printing"]
