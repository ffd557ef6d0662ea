"""撤销迁移: who was given a stay by the version loses it; to read it too, where he never looked."""

import pytest

from app.handling.access import sees_case
from app.handling.acts import opening
from app.handling.models import Task
from tests.faults.invariants import violations
from tests.handling.editions import C, Drawing, Edit, given_to
from tests.handling.live import by_the_record, by_the_tables
from tests.handling.migrating.migrating import acted, in_force, moved, row, stand, undo
from tests.world import World

WRONG = "seal.keeper"


def named(step: str, login: str) -> Edit:
    """To one person, written out in the diagram."""

    def edit(drawing: Drawing) -> None:
        element = drawing.element(step)
        element.set(f"{C}assignee", login)
        del element.attrib[f"{C}candidateGroups"]

    return edit


@pytest.mark.parametrize("looked", [False, True])
def test_only_who_opened_it_reads_on_after_the_undoing(world: World, looked: bool) -> None:
    task = stand(world, "dept_review")
    case = world.case_of(task)
    assert not sees_case(world.session, world.actor(WRONG), case.id)
    plan = moved(world, in_force(world, given_to("dept_review", "seal-keeper")), case)
    (now,) = world.open(case)
    assert world.holders(now) == [WRONG]
    if looked:
        acted(world, lambda: opening.open_task(world.session, world.actor(WRONG), now.id))
    undo(world, plan)
    assert world.holders(world.open(case)[0]) == ["dept.head"]
    assert sees_case(world.session, world.actor(WRONG), case.id) is looked
    assert sees_case(world.session, world.actor("dept.head"), case.id)
    states = {each.state for each in world.session.query(Task).filter_by(token=task.token)}
    assert states == {"open", "closed", *([] if looked else ["recalled"])}
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert violations(world.session) == {}


def test_the_name_that_the_version_drew_goes_with_it(world: World) -> None:
    """The people stay the same, found by their role before and by name under the version."""
    task = stand(world, "dept_review")
    case = world.case_of(task)
    assert (task.named, world.holders(task)) == (None, ["dept.head"])
    plan = moved(world, in_force(world, named("dept_review", "dept.head")), case)
    assert row(world, case).state == "moved"
    (now,) = world.open(case)
    assert (now.id, now.named, world.holders(now)) == (task.id, "dept.head", ["dept.head"])
    undo(world, plan)
    (now,) = world.open(case)
    assert (row(world, case).state, now.named, world.holders(now)) == (
        "undone",
        None,
        ["dept.head"],
    )
    assert by_the_record(world.session, case.id) == by_the_tables(world.session, case.id)
    assert violations(world.session) == {}
