"""The verifier of a case file counts limits as the system does, with nothing of its code."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.clock import SHANGHAI
from app.deadlines import Calendars, Rule, due
from app.deadlines.pauses import gone_on
from app.deadlines.rules import Count, Pause
from app.deadlines.workdays import Override, WorkCalendar
from app.handling.casefile import verify
from app.handling.casefile.calendars import _day
from app.handling.replaying import reading
from tests.handling.test_recomputing import enter
from tests.world import World

FIRST = datetime(2026, 9, 20, tzinfo=SHANGHAI)
OFF = Override(is_workday=False, reason="防汛", source="县政府通知")
CALENDAR = WorkCalendar(overrides={date(2026, 9, 24): OFF, date(2026, 10, 12): OFF})
DAYS = {
    each["day"]: each["hours"]
    for each in (_day(CALENDAR, FIRST.date() + timedelta(days=n)) for n in range(120))
}
ARRIVALS = st.integers(0, 30 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
IN_DAYS = st.tuples(st.sampled_from([Count.WORKING_DAYS, Count.ELAPSED]), st.integers(0, 12))
IN_MINUTES = st.tuples(
    st.sampled_from([Count.URGENT, Count.WORKING_TIME, Count.CLOCK_TIME]), st.integers(1, 5000)
)


@given(ARRIVALS, st.one_of(IN_DAYS, IN_MINUTES), st.integers(0, 5000), st.booleans())
def test_it_counts_as_the_system_does(
    arrived: datetime, given_: tuple[Count, int], rest: int, by_clock: bool
) -> None:
    count, amount = given_
    counted = due(arrived, Rule(count, amount), CALENDAR)
    limit = {
        "rule": asdict(counted.rule),
        "pause": None,
        "started_at": counted.arrived_at.isoformat(),
        "due_at": counted.due_at.isoformat(),
    }
    assert verify._counted(limit, DAYS) == counted.due_at
    pause = Pause(arrived, arrived + timedelta(days=3), rest, by_clock)
    said = {"resumed_at": pause.resumed_at.isoformat(), "seconds": rest, "by_clock": by_clock}
    found = verify._counted({**limit, "pause": said}, DAYS)
    assert found == (gone_on(counted, pause, CALENDAR).due_at if rest else None)


def test_days_that_are_not_told_prove_nothing() -> None:
    counted = due(FIRST, Rule(Count.WORKING_DAYS, 3), CALENDAR)
    limit = {
        "rule": asdict(counted.rule),
        "pause": None,
        "started_at": FIRST.isoformat(),
        "due_at": counted.due_at.isoformat(),
    }
    assert verify._ends(limit, DAYS)
    assert not verify._ends(limit, {})
    assert not verify._ends({**limit, "due_at": FIRST.isoformat()}, DAYS)


def test_a_replay_tells_what_was_near_by_the_calendar_of_then(world: World) -> None:
    """Seen on Monday, one working day was left; that Tuesday was off came to be known later."""
    done = world.draft()
    world.run(done, until="dept_review")
    auditor = world.actor("auditor")
    replay = reading.open_case(world.session, auditor, done.case.id)
    before = reading.view(world.session, replay)
    world.session.commit()
    enter(world, "2026-11-24")
    world.later(hours=1)
    again = reading.open_case(world.session, auditor, done.case.id)
    after = reading.view(world.session, again, before.record.seq)
    (was,), (seen,) = before.places, after.places
    assert seen.lamp == was.lamp
    unit = done.case.unit_id
    past = Calendars(world.session)
    assert past.at(unit, before.at).is_workday(date(2026, 11, 24))
    assert not past.at(unit, world.at).is_workday(date(2026, 11, 24))
