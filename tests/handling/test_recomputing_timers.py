"""DDL-34: a change of the calendar reaches the timers drawn on a route, old and new on record."""

from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import audit, clock
from app.clock import SHANGHAI
from app.database import db
from app.deadlines import changes
from app.deadlines.models import Due
from app.deadlines.scheduler import do_chores
from app.deadlines.sweep import sweep
from app.handling.acts.done import Done
from app.handling.effects import EFFECTS
from app.handling.models import Case, Notice
from app.handling.stays.recomputing_timers import recompute_timers, timers_to_do
from app.handling.stays.timers import SUBJECT
from app.handling.views.forecast import forecast
from app.workflow import checks, trial
from tests.conftest import LONG
from tests.deadlines.test_sweep_races import together
from tests.faults.invariants import violations
from tests.handling.administering import carry_out
from tests.handling.test_recomputing import enter
from tests.handling.test_skipping import sent, standing
from tests.handling.test_timers import at, escalating, fired, sweep_at
from tests.world import World

ROUNDS = 200 if LONG else 12
DAY_OFF = "2026-11-25"
"""A Wednesday, in the three working days of a timer that began on Monday."""


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def count_again(world: World) -> list[int]:
    looked: list[int] = []
    with clock.moved_to(world.at):
        while not looked or looked[-1]:
            looked.append(recompute_timers(world.session, world.at))
            world.session.commit()
    return looked


def ends(world: World) -> list[tuple[str, str]]:
    query = sa.select(Due.due_at, Due.state).where(Due.subject_type == SUBJECT)
    found = world.session.execute(query.order_by(Due.id)).all()
    return [(f"{due.astimezone(SHANGHAI):%m-%d %H:%M}", state) for due, state in found]


def moves(session: Session, done: Done) -> list[audit.Entry]:
    entries = audit.case_entries(session, done.case.id)
    return [each for each in entries if each.action == "timer.moved"]


def test_a_day_off_moves_the_timer_and_records_old_and_new(world: World) -> None:
    escalating(world)
    done = sent(world)
    assert ends(world) == [("11-26 18:00", "pending")]
    enter(world, DAY_OFF)
    assert timers_to_do(world.session) == 1
    assert count_again(world) == [1, 0]
    assert timers_to_do(world.session) == 0
    assert ends(world) == [("11-26 18:00", "cancelled"), ("11-27 18:00", "pending")]
    (entry,) = moves(world.session, done)
    assert (entry.actor_login, entry.step) == ("rule", "review")
    assert (entry.detail["from"][:16], entry.detail["to"][:16]) == (
        "2026-11-26T10:00",
        "2026-11-27T10:00",
    )
    assert entry.detail["old_calendar"] != entry.detail["new_calendar"]
    said = "定时器“三天未办”：工作日历有变动，原定周四（11-26）18:00 到期，已重新计算。"
    assert entry.reason == said
    told = world.session.scalars(sa.select(Notice.text).where(Notice.kind == "moved")).all()
    assert said in told
    assert violations(world.session) == {}


def test_it_fires_at_its_new_end_once_and_not_before(world: World) -> None:
    escalating(world)
    done = sent(world)
    enter(world, DAY_OFF)
    count_again(world)
    sweep_at(world, "2026-11-27 18:00")
    assert fired(world, done) == []
    sweep_at(world, "2026-11-27 18:00:01")
    sweep_at(world, "2026-11-28 09:00")
    assert len(fired(world, done)) == 1
    assert standing(world, done) == ("office", ["office.head"])
    assert violations(world.session) == {}


@pytest.mark.parametrize("text", ["P1W", "2026-12-01"])
def test_what_no_calendar_counts_stays_where_it_is(world: World, text: str) -> None:
    """A week of the clock only learns the version; a moment has none."""
    escalating(world, text)
    done = sent(world)
    before = ends(world)
    enter(world, DAY_OFF)
    count_again(world)
    assert timers_to_do(world.session) == 0
    assert ends(world) == before
    assert moves(world.session, done) == []


def test_a_day_worked_brings_it_forward_but_never_into_the_past(world: World) -> None:
    escalating(world)
    done = sent(world)
    enter(world, DAY_OFF)
    count_again(world)
    world.at = at("2026-11-26 18:30")
    enter(world, DAY_OFF, works=True)
    assert count_again(world) == [1, 0]
    assert len(moves(world.session, done)) == 1  # by the end of before, which is the next close
    assert fired(world, done) == []
    assert ends(world)[-1] == ("11-27 18:00", "pending")


def test_a_row_of_before_that_was_left_waiting_fires_nothing(world: World) -> None:
    escalating(world)
    done = sent(world)
    enter(world, DAY_OFF)
    count_again(world)
    first = sa.select(sa.func.min(Due.id)).where(Due.subject_type == SUBJECT).scalar_subquery()
    world.session.execute(sa.update(Due).where(Due.id == first).values(state="pending"))
    world.session.commit()
    sweep_at(world, "2026-11-26 18:01")
    assert fired(world, done) == []
    assert [state for _, state in ends(world)] == ["cancelled", "pending"]


def test_what_stands_still_is_counted_when_it_goes_on(world: World) -> None:
    escalating(world)
    done = sent(world)
    carry_out(world, done.case, "suspend")
    enter(world, DAY_OFF)
    assert count_again(world) == [0]
    world.at = at("2026-11-24 09:00")
    carry_out(world, done.case, "resume")
    assert count_again(world) == [0]
    assert ends(world)[-1][1] == "pending"
    assert moves(world.session, done) == []


def test_the_preview_of_a_change_names_the_timer(world: World) -> None:
    escalating(world)
    done = sent(world)
    unit = world.actor("drafter").unit_id
    change = changes.of_day(unit, datetime.fromisoformat(DAY_OFF).date(), False, "县庆", "县办1号")
    found = forecast(world.session, change, world.at)
    moved = {each.step_name: each for each in found.moved}["定时器“三天未办”"]
    assert (moved.case_id, moved.after) == (done.case.id, at("2026-11-27 18:00"))
    assert ends(world) == [("11-26 18:00", "pending")]


@pytest.mark.postgres
def test_a_case_that_somebody_has_in_hand_is_left_for_the_next_time(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        escalating(world)
        done = sent(world)
        enter(world, DAY_OFF)
        with Session(db.engine) as busy, busy.begin():
            busy.execute(sa.select(Case.id).where(Case.id == done.case.id).with_for_update())
            assert count_again(world) == [0]
        assert timers_to_do(world.session) == 1
        assert count_again(world) == [1, 0]
        db.session.remove()


@pytest.mark.postgres
def test_sweeps_and_recounts_at_once_move_it_or_fire_it_once(
    postgres_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """The time is up just when the calendar has changed."""
    outcomes = set()
    with postgres_app.app_context():
        world = World(db.session())
        escalating(world)
        for number in range(ROUNDS):
            done = sent(world)
            past = clock.now(world.session) - timedelta(seconds=1)
            _at_the_end_of_its_time(world, past)
            sessions = sessionmaker(db.engine)
            counts = partial(do_chores, sessions, (recompute_timers,))
            sweeps = partial(sweep, sessions, EFFECTS)
            order = [counts, sweeps] * 2 if number % 2 else [sweeps, counts] * 2
            assert together(*order) == []
            assert "a chore" not in caplog.text  # none was interrupted
            settle(world)
            outcomes.add((len(fired(world, done)), len(moves(world.session, done))))
            assert violations(world.session, case_id=done.case.id) == {}
        db.session.remove()
    assert outcomes <= {(1, 0), (0, 1)}, outcomes


def _at_the_end_of_its_time(world: World, past: datetime) -> None:
    """Its time is up; counted by the present calendar from just now it is not."""
    values = {"due_at": past, "next_try_at": past, "calendar_version": "before"}
    mine = sa.and_(Due.subject_type == SUBJECT, Due.state == "pending")
    world.session.execute(sa.update(Due).where(mine).values(**values, started_at=past))
    world.session.commit()


def settle(world: World) -> None:
    """What a sweep held while others counted waits for its next try."""
    mine = sa.and_(Due.subject_type == SUBJECT, Due.state == "pending")
    world.session.execute(sa.update(Due).where(mine).values(next_try_at=Due.due_at))
    world.session.commit()
    sweep(sessionmaker(db.engine), EFFECTS)
    world.session.expire_all()
