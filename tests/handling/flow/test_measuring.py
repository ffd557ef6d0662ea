"""Frequency, working time, returns and what is open, from a few documents that are known."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.clock import SHANGHAI
from app.database import db
from app.deadlines import WorkCalendar, load, working_minutes
from app.handling.flow import measuring
from app.handling.flow.behind import behind
from app.handling.flow.measuring import Flow, Wanted, measure
from app.handling.flow.standing import standing
from app.handling.flow.versions import versions
from app.handling.flow.worktime import Worktime
from app.handling.models import Case
from app.workflow import queries as routes
from tests.handling.editions import inserted, limited
from tests.handling.migrating.migrating import in_force, moved, undo
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")
SINCE = datetime(2025, 11, 1, tzinfo=SHANGHAI)
MOMENTS = st.integers(0, 500 * 24 * 60).map(lambda minutes: SINCE + timedelta(minutes=minutes))


@pytest.fixture
def calendar(world: World) -> WorkCalendar:
    found = load(world.session, world.actor("drafter").unit_id)
    world.session.rollback()
    return found


def test_it_counts_as_the_limits_do(calendar: WorkCalendar) -> None:
    work = Worktime(calendar)

    @given(MOMENTS, MOMENTS)
    def same(one: datetime, other: datetime) -> None:
        assert work.minutes(one, other) == working_minutes(one, other, calendar)

    same()


def measured(world: World, **period: datetime) -> Flow:
    definition = routes.in_force(world.session, "outgoing")
    steps = [(each.id, each.name) for each in definition.steps]
    return measure(world.session, Wanted("outgoing", 1, **period), steps, world.at)


@pytest.fixture
def returned(world: World) -> Case:
    """Two hours at its draft, returned once by the office, then on to the seal."""
    done = world.draft()
    world.later(hours=2)
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft")
    world.run(done, until="seal")
    return done.case


def test_passes_time_and_returns(world: World, returned: Case) -> None:
    found = measured(world)
    steps = {each.step: each for each in found.steps}
    draft, office = steps["draft"], steps["office_check"]
    assert (draft.passes, draft.again, draft.longest) == (2, 1, 121)
    assert (office.passes, office.returned, office.return_rate) == (2, 1, 50)
    assert (steps["seal"].passes, steps["seal"].open) == (0, 1)
    assert steps["leader_review"].heat == 0
    assert draft.heat == measuring.HEATS
    assert (found.cases, found.reworked, found.rework_rate) == (1, 1, 100)
    assert (found.waits[0].step, found.waits[0].minutes) == ("draft", 121)


def test_every_figure_has_its_cases_behind_it(world: World, returned: Case) -> None:
    wanted = Wanted("outgoing", 1)
    for each in measured(world).steps:
        for figure in ("passes", "returned", "again", "skipped", "open"):
            rows = behind(world.session, wanted, figure, each.step, world.at, 50)
            assert len(rows) == getattr(each, figure), (each.step, figure)
            assert {row.case_id for row in rows} <= {returned.id}


def test_a_period_counts_what_ended_in_it(world: World, returned: Case) -> None:
    later = world.at + timedelta(days=1)
    found = measured(world, since=later)
    assert found.cases == 0
    assert sum(each.open for each in found.steps) == 1
    assert measured(world, until=later).cases == 1


def test_reading_in_batches_is_the_same(
    world: World, returned: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = measured(world)
    monkeypatch.setattr(measuring, "STAYS", 2)
    assert measured(world) == whole


def test_where_open_cases_stand(world: World, returned: Case) -> None:
    world.draft()
    world.later(days=30)
    with clock.moved_to(world.at):
        found = standing(world.session, world.actor("process.admin"))
    assert (found.open, found.long_open, found.suspended, found.blocked) == (2, 2, 0, 0)
    assert {(each.step, each.stays) for each in found.lines} == {("draft", 1), ("seal", 1)}


def test_each_act_of_a_moved_case_counts_for_the_version_it_was_done_in(world: World) -> None:
    """Two go over under way, one of them comes back; a third one stays."""
    cases = [world.draft().case for _ in range(3)]
    for case in cases:
        world.complete(world.open(case)[0], "drafter")
    new = in_force(world, LEGAL)
    moved(world, new, cases[0])
    undo(world, moved(world, new, cases[1]))
    for case in cases:
        world.complete(world.open(case)[0], "dept.head")
    old = passes(world, 1)
    assert (old["draft"], old["dept_review"]) == (3, 2)
    found = passes(world, new.version)
    assert (found["draft"], found["dept_review"], found["legal_review"]) == (0, 1, 0)
    for version in (1, new.version):
        for step, count in passes(world, version).items():
            wanted = Wanted("outgoing", version)
            rows = behind(world.session, wanted, "passes", step, world.at, 50)
            assert len(rows) == count, (version, step)
    world.session.rollback()
    told = {each.version: (each.cases, each.open) for each in versions(world.session)}
    assert told == {1: (3, 2), new.version: (1, 1)}


@pytest.mark.postgres
def test_a_moved_case_on_postgres(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        test_each_act_of_a_moved_case_counts_for_the_version_it_was_done_in(World(db.session()))
        db.session.remove()


def test_a_case_moved_twice(world: World) -> None:
    case = world.draft().case
    world.complete(world.open(case)[0], "drafter")
    second = in_force(world, LEGAL)
    moved(world, second, case)
    world.complete(world.open(case)[0], "dept.head")
    third = in_force(world, LEGAL, limited("legal_review", "P3D"))
    moved(world, third, case)
    world.complete(world.open(case)[0], "office.head")
    counted = {each: passes(world, each) for each in (1, second.version, third.version)}
    assert {each: [step for step, n in found.items() if n] for each, found in counted.items()} == {
        1: ["draft"],
        second.version: ["dept_review"],
        third.version: ["legal_review"],
    }


def passes(world: World, version: int) -> dict[str, int]:
    steps = [("draft", ""), ("dept_review", ""), ("legal_review", "")]
    found = measure(world.session, Wanted("outgoing", version), steps, world.at)
    return {each.step: each.passes for each in found.steps}
