"""预演 and 迁移 say the same of a stay that has stopped, and of a case that stands still."""

import pytest

from app.errors import Invalid
from app.handling.models import Case, Task
from tests.faults.invariants import violations
from tests.handling.administering import carry_out
from tests.handling.editions import Edit, given_to, limited, timed
from tests.handling.migrating.migrating import in_force, moved, propose, row, stand
from tests.handling.migrating.test_rehearsing import rehearse
from tests.handling.test_stopped_cases import leave
from tests.world import World

STILL = "此件已暂停，而两个版本的定时器不同"


@pytest.fixture
def stopped(world: World) -> Task:
    """Nobody holds the post of the printing room: the stay lies with the administrators."""
    done = world.draft()
    world.run(done, until="leader_sign")
    leave(world, "printing")
    task = world.run(done, until="register_number")
    assert task is not None
    assert task.blocked
    return task


def test_what_has_stopped_stays_stopped_where_nobody_could_act_either(
    world: World, stopped: Task
) -> None:
    case, why = world.case_of(stopped), stopped.blocked
    leave(world, "seal.keeper")
    new = in_force(world, given_to("register_number", "seal-keeper"))
    assert rehearse(world, new).counts["same"] == 1
    moved(world, new, case)
    assert row(world, case).state == "moved"
    (now,) = world.open(case)
    assert (now.id, now.blocked) == (stopped.id, why)
    assert violations(world.session) == {}


def test_what_has_stopped_goes_on_with_who_holds_the_other_role(
    world: World, stopped: Task
) -> None:
    case = world.case_of(stopped)
    new = in_force(world, given_to("register_number", "seal-keeper"))
    (people,) = rehearse(world, new).listed[0].people
    assert len(people.people) == 1
    moved(world, new, case)
    (now,) = world.open(case)
    assert (now.blocked, world.holders(now)) == (None, ["seal.keeper"])


def test_administrators_who_hold_the_role_are_asked_as_such(world: World, stopped: Task) -> None:
    """They have the stay already, but only to mend it."""
    case = world.case_of(stopped)
    assert world.holders(stopped) == ["process.admin", "process.admin2"]
    new = in_force(world, given_to("register_number", "process-admin"))
    assert rehearse(world, new).counts["people"] == 1
    moved(world, new, case)
    (now,) = world.open(case)
    assert (now.blocked, world.holders(now)) == (None, ["process.admin", "process.admin2"])


def standing_still(world: World, *edits: Edit) -> Case:
    if edits:
        in_force(world, *edits)
    case = world.case_of(stand(world, "dept_review"))
    carry_out(world, case, "suspend")
    return case


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), (timed("dept_review"),)),
        ((timed("dept_review", "P3D"),), (timed("dept_review", "P5D"),)),
        ((timed("dept_review"),), (limited("office_check", "P4D"),)),
    ],
    ids=["comes", "changes", "goes"],
)
def test_a_case_that_stands_still_is_foreseen_as_it_is_refused(
    world: World, before: tuple[Edit, ...], after: tuple[Edit, ...]
) -> None:
    case = standing_still(world, *before)
    new = in_force(world, *after)
    found = rehearse(world, new)
    assert (found.counts["cannot"], found.movable) == (1, 0)
    assert [each.startswith(STILL) for each in found.listed[0].obstacles] == [True]
    with pytest.raises(Invalid, match=STILL):
        propose(world, new, [case])
    carry_out(world, case, "resume")
    plan = moved(world, new, case)
    assert (plan.state, row(world, case).state) == ("done", "moved")
    assert violations(world.session) == {}


def test_a_timer_that_goes_is_told(world: World) -> None:
    in_force(world, timed("dept_review"))
    case = world.case_of(stand(world, "dept_review"))
    new = in_force(world, limited("office_check", "P4D"))
    found = rehearse(world, new)
    assert (found.counts["timers"], found.counts["same"]) == (1, 0)
    assert found.listed[0].foreseen.untimed == ("dept_review_late",)
    propose(world, new, [case])
    assert "定时器不再计时：dept_review_late" in row(world, case).foreseen


def test_a_case_that_stands_still_moves_where_its_timers_are_alike(world: World) -> None:
    case = standing_still(world, timed("dept_review"))
    moved(world, in_force(world, timed("dept_review"), limited("office_check", "P4D")), case)
    assert row(world, case).state == "moved"
    assert violations(world.session) == {}
