"""预演: every case on the way is tried on a version, and nothing is written."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.errors import NotAllowed
from app.handling.migrating import rehearsing
from app.handling.migrating.rehearsing import Rehearsal
from app.handling.models import Task
from app.workflow.definitions import Definition
from app.workflow.models import DefinitionRow
from tests.features.rows import all_rows
from tests.handling.administering import FIRST, carry_out
from tests.handling.editions import inserted, kept, limited, removed, ruled, timed
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


def stand(world: World, step: str, **fields: object) -> Task:
    task = world.run(world.draft(**fields), until=step)
    assert task is not None
    return task


def rehearse(world: World, new: Definition, **wanted: object) -> Rehearsal:
    return rehearsing.rehearse(
        world.session,
        world.actor(FIRST),
        new,
        world.at,
        **wanted,  # type: ignore[arg-type]  # as given
    )


@pytest.fixture
def three(world: World) -> tuple[Task, ...]:
    """One before the department's review, one at the office, one waiting for its number."""
    return tuple(stand(world, step) for step in ("dept_review", "office_check", "register_number"))


def test_a_step_more_is_named_to_those_that_come_by_it(
    world: World, three: tuple[Task, ...]
) -> None:
    found = rehearse(world, kept(world.session, LEGAL))
    assert (found.total, found.counts["more"], found.counts["same"]) == (3, 1, 2)
    (line,) = [each for each in found.listed if "more" in each.kinds]
    assert line.case_id == three[0].case_id
    assert line.foreseen.more == (("legal_review", "法规审核"),)
    assert line.steps == ["部门负责人核稿"]


def test_a_step_that_is_gone_stops_the_case_at_it(world: World, three: tuple[Task, ...]) -> None:
    found = rehearse(world, kept(world.session, removed("office_check")))
    assert (found.counts["gone"], found.counts["cannot"], found.counts["fewer"]) == (1, 1, 1)
    (line,) = [each for each in found.listed if not each.movable]
    assert line.case_id == three[1].case_id
    assert "办公室负责人把关" in line.foreseen.obstacles[0].sentence


def test_a_limit_that_moves_is_shown_with_both_ends(world: World) -> None:
    task = stand(world, "dept_review")
    assert task.due_at is not None
    found = rehearse(world, kept(world.session, limited("dept_review", "P3D")))
    (moved,) = found.listed[0].limits
    assert moved.before == task.due_at
    assert moved.after == task.due_at + timedelta(days=2)  # Tuesday to Thursday
    assert found.counts["limit"] == 1


def test_a_shorter_limit_makes_nobody_late(world: World) -> None:
    task = stand(world, "dept_review")
    world.later(hours=5)
    assert task.due_at is not None
    found = rehearse(world, kept(world.session, limited("dept_review", "PT1H")))
    assert found.listed[0].limits == []  # it would be over by now, so that it stays as it is


def test_a_limit_that_goes_or_comes(world: World) -> None:
    stand(world, "dept_review")
    found = rehearse(world, kept(world.session, limited("dept_review", "")))
    assert found.listed[0].limits[0].after is None


def test_rules_gained_and_lost_are_named(world: World, three: tuple[Task, ...]) -> None:
    found = rehearse(world, kept(world.session, ruled("office_check", "OUT-01 DRF-17")))
    assert found.counts["rules"] == 2
    seen = found.listed[0].foreseen
    assert seen.gained == ("DRF-17",)
    assert seen.lost == ("CSG-02", "DRF-22", "OUT-08")  # other steps still enforce OUT-06


def test_a_case_that_stands_still_has_no_limit_that_moves(world: World) -> None:
    task = stand(world, "dept_review")
    carry_out(world, world.case_of(task), "suspend")
    found = rehearse(world, kept(world.session, limited("dept_review", "P3D")))
    assert (found.total, found.counts["limit"], found.counts["same"]) == (1, 0, 1)


def test_a_step_that_gets_a_timer_begins_it(world: World, three: tuple[Task, ...]) -> None:
    found = rehearse(world, kept(world.session, timed("office_check")))
    assert (found.counts["timers"], found.counts["same"]) == (1, 2)
    (line,) = [each for each in found.listed if "timers" in each.kinds]
    assert line.foreseen.renewed == ("办公室负责人把关",)


def test_lists_go_on_where_they_stopped(world: World, three: tuple[Task, ...]) -> None:
    new = kept(world.session, LEGAL)
    first = rehearse(world, new, most=2)
    assert first.following == three[1].case_id
    rest = rehearse(world, new, most=2, after=first.following)
    assert [each.case_id for each in rest.listed] == [three[2].case_id]
    assert rest.following is None
    assert rest.counts == first.counts


def test_cases_of_other_units_are_only_counted(world: World, three: tuple[Task, ...]) -> None:
    world.draft("city.drafter")
    found = rehearse(world, kept(world.session, LEGAL))
    assert (found.total, found.elsewhere) == (3, 1)


def test_only_process_administrators_rehearse(world: World) -> None:
    new = kept(world.session, LEGAL)
    with pytest.raises(NotAllowed):
        rehearsing.rehearse(world.session, world.actor("drafter"), new, world.at)


def test_nothing_is_written(world: World, three: tuple[Task, ...]) -> None:
    new = kept(world.session, LEGAL, timed("office_check"), limited("dept_review", "P3D"))
    before = all_rows(world.session)
    rehearse(world, new)
    assert not world.session.dirty
    assert not world.session.new
    world.session.commit()
    assert all_rows(world.session) == before
    assert world.session.scalar(sa.select(sa.func.count()).select_from(DefinitionRow)) > 1
