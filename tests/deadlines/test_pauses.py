"""Limits that stand still keep what they had left, in working time, or by the clock if urgent."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.deadlines.arithmetic import after, due, working_time
from app.deadlines.operations import open_limits
from app.deadlines.pauses import Left, next_revision, resume_limit, stop_limits
from app.deadlines.queries import limits_of
from app.deadlines.rules import AT_ONCE, ONE_WORKING_DAY
from app.deadlines.workdays import Override, WorkCalendar

from .times import at, day, said

CALENDAR = WorkCalendar()
FRIDAY = at("2026-11-20 16:00")


def test_what_was_left_goes_on(session: Session) -> None:
    open_limits(session, "task", [(1, due(FRIDAY, ONE_WORKING_DAY, CALENDAR))])
    stopped = at("2026-11-23 16:00")
    (left,) = stop_limits(session, "task", [1], stopped, CALENDAR).values()
    assert left == Left(2 * 3600, by_clock=False)
    assert [each.state for each in limits_of(session, "task", [1])] == ["cancelled"]
    resumed = at("2026-11-27 17:00")
    end = resume_limit(session, "task", 1, left, stopped, resumed, CALENDAR)
    assert end is not None
    assert said(end.due_at) == "2026-11-30 09:30:00"
    assert "周一（11-23）16:00 暂停，周五（11-27）17:00 恢复" in end.steps[0]
    assert "余下工作时间 2 小时" in end.steps[0]
    latest = limits_of(session, "task", [1])[-1]
    assert (latest.state, latest.deadline_revision, latest.due_at) == ("pending", 2, end.due_at)
    assert latest.started_at == FRIDAY
    assert next_revision(session, "task", 1) == 3


def test_a_calendar_that_changed_meanwhile_does_not_change_what_was_left(session: Session) -> None:
    open_limits(session, "task", [(1, due(FRIDAY, ONE_WORKING_DAY, CALENDAR))])
    stopped = at("2026-11-20 17:00")
    (left,) = stop_limits(session, "task", [1], stopped, CALENDAR).values()
    changed = WorkCalendar("2", {day("2026-11-23"): Override(False, "停电", "")})
    resumed = at("2026-11-24 08:30")
    end = resume_limit(session, "task", 1, left, stopped, resumed, changed)
    assert end is not None
    assert (said(end.due_at), end.version) == ("2026-11-25 09:30:00", "2")


def test_what_is_urgent_stops_by_the_clock(session: Session) -> None:
    evening = at("2026-11-20 20:00")
    open_limits(session, "task", [(1, due(evening, AT_ONCE, CALENDAR))])
    stopped = at("2026-11-20 21:30")
    (left,) = stop_limits(session, "task", [1], stopped, CALENDAR).values()
    assert left == Left(30 * 60, by_clock=True)
    resumed = at("2026-11-21 10:00")
    end = resume_limit(session, "task", 1, left, stopped, resumed, CALENDAR)
    assert end is not None
    assert said(end.due_at) == "2026-11-21 10:30:00"


def test_what_had_run_out_keeps_its_end(session: Session) -> None:
    limit = due(FRIDAY, ONE_WORKING_DAY, CALENDAR)
    open_limits(session, "task", [(1, limit)])
    stopped = at("2026-11-24 09:00")
    (left,) = stop_limits(session, "task", [1], stopped, CALENDAR).values()
    assert left.seconds == 0
    end = resume_limit(session, "task", 1, left, stopped, at("2026-11-25 09:00"), CALENDAR)
    assert end is not None
    assert end.due_at == limit.due_at


def test_without_a_limit_there_is_nothing_to_go_on_with(session: Session) -> None:
    open_limits(session, "task", [(1, FRIDAY)], kind="alarm")
    assert stop_limits(session, "task", [1, 2], FRIDAY, CALENDAR) == {}
    nothing = Left(60, by_clock=False)
    assert resume_limit(session, "task", 1, nothing, FRIDAY, FRIDAY, CALENDAR) is None


@given(hours=st.integers(0, 24 * 9), stood=st.integers(0, 60 * 24 * 20))
def test_as_much_working_time_is_left_as_before(hours: int, stood: int) -> None:
    limit = due(FRIDAY, ONE_WORKING_DAY, CALENDAR)
    stopped = FRIDAY + timedelta(hours=hours)
    left = working_time(stopped, limit.due_at, CALENDAR)
    resumed = stopped + timedelta(minutes=stood)
    end = after(resumed, left, CALENDAR)
    assert working_time(resumed, end, CALENDAR) == left


@pytest.mark.parametrize("count", [0, 1])
def test_the_first_revision(session: Session, count: int) -> None:
    if count:
        open_limits(session, "task", [(1, FRIDAY)], kind="alarm")
    assert next_revision(session, "task", 1) == count + 1
