"""退回 out of a countersigning: who else loses the document is said before and recorded."""

import pytest

from app import audit
from app.handling.act import look_at_task
from app.handling.acts import returning
from app.handling.models import Task
from tests.world import World


def targets(world: World, task: Task, login: str) -> dict[str, returning.Target]:
    act = look_at_task(world.session, world.actor(login), task.id)
    found = {each.step: each for each in returning.return_targets(act)}
    world.session.rollback()
    return found


def test_a_return_out_of_a_countersigning_says_whose_stays_end(world: World) -> None:
    done = world.draft(countersigners=["leader", "leader2", "leader3"])
    task = world.run(done, until="office_check")
    assert task is not None
    world.complete(task, "office.head", fields={"countersign_mode": "parallel"})
    stays = {world.holders(each)[0]: each for each in world.open(done.case)}
    world.complete(stays["leader"], "leader", "approve")
    names = [world.actor("leader3").name]
    found = targets(world, stays["leader2"], "leader2")
    assert [[people for _, people in each.closes] for each in found.values()] == [[names]] * 3
    world.send_back(stays["leader2"], "leader2", "office_check")
    assert stays["leader3"].state == "closed"
    entry = audit.case_entries(world.session, done.case.id)[-1]
    assert entry.detail["ended_for"] == names
    assert [each.step for each in world.open(done.case)] == ["office_check"]


def test_where_nobody_else_is_at_work_nothing_is_said(world: World) -> None:
    task = world.run(world.draft(), until="leader_sign")
    assert task is not None
    assert not any(each.closes for each in targets(world, task, "leader").values())


@pytest.mark.parametrize("mode", ["sequential", "parallel", "any", "share"])
def test_after_a_return_out_of_it_a_countersigning_begins_anew(world: World, mode: str) -> None:
    people = ["leader", "leader2"]
    done = world.draft(countersigners=people)
    task = world.run(done, until="office_check")
    assert task is not None
    world.complete(task, "office.head", fields={"countersign_mode": mode})
    first = world.open(done.case)[0]
    world.send_back(first, world.holders(first)[0], "draft")
    assert [each.step for each in world.open(done.case)] == ["draft"]
    step = {"sequential": "sign", "share": "sign_share", "any": "sign_any"}.get(
        mode, "sign_parallel"
    )
    world.run(done, until=step, office_check={"fields": {"countersign_mode": mode}})
    waiting = {world.holders(each)[0] for each in world.open(done.case)}
    assert waiting == ({"leader"} if mode == "sequential" else set(people))
