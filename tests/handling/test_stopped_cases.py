"""Nobody can act: the case stops in sight, with the process administrators, and goes on after."""

import pytest

from app import clock, organization
from app.audit import signed_by_rule
from app.errors import NotAllowed
from app.handling.acts import assigning
from app.handling.errors import StepBlocked
from app.handling.models import Task
from app.organization import operations
from tests.world import World

RULE = signed_by_rule("测试")


def leave(world: World, login: str) -> None:
    """The person leaves: the account closes."""
    person = organization.person_by_login(world.session, login)
    with clock.moved_to(world.at):
        operations.deactivate(world.session, RULE, world.at, person=person)
        world.session.commit()


def assign(world: World, login: str, task: Task, to: str) -> Task:
    with clock.moved_to(world.at):
        found = assigning.assign(world.session, world.actor(login), task.id, to, "岗位空缺。")
        world.session.commit()
    return found


def test_a_role_without_holder_stops_the_case_and_an_administrator_moves_it(world: World) -> None:
    done = world.draft()
    world.run(done, until="leader_sign")
    leave(world, "printing")
    world.run(done, until="register_number")
    task = world.open(done.case)[0]
    assert task.blocked
    assert "文印室" in task.blocked
    assert world.holders(task) == ["process.admin", "process.admin2"]
    with pytest.raises(StepBlocked):
        world.complete(task, "process.admin")
    with pytest.raises(NotAllowed):
        assign(world, "secretary", task, "secretary")
    assign(world, "process.admin", task, "dispatcher")
    assert world.holders(task) == ["dispatcher"]
    world.run(done)
    assert done.case.state == "closed"


def test_a_named_person_who_has_left_stops_the_case_too(world: World) -> None:
    done = world.draft(countersigners=["leader2", "leader3"])
    world.run(done, until="sign")
    leave(world, "leader3")
    world.complete(world.open(done.case)[0], "leader2", "approve")
    task = world.open(done.case)[0]
    assert task.step == "sign"
    assert task.blocked
    assign(world, "process.admin", task, "leader")
    world.run(done, sign={"outcome": "approve"})
    assert world.document(done.case).state == "dispatched"
