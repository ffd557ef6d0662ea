"""The times of timers drawn on a route, worked out by hand."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.drawn import runs_out
from app.deadlines.errors import DeadlinesError
from app.deadlines.rules import MAX_DAYS, Deadline
from app.deadlines.workdays import WorkCalendar

from .times import at, said

CALENDAR = WorkCalendar()
FRIDAY = at("2026-11-20 16:00")


def end(text: str, begun: datetime = FRIDAY) -> datetime:
    found = runs_out(CALENDAR, begun, text)
    return found.due_at if isinstance(found, Deadline) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P0D", "2026-11-20 18:00:00"),
        ("P1D", "2026-11-23 18:00:00"),
        ("P3D", "2026-11-25 18:00:00"),
        ("PT2H", "2026-11-20 18:00:00"),
        ("PT3H", "2026-11-23 09:30:00"),
        ("P1W", "2026-11-27 16:00:00"),
        ("P1DT12H", "2026-11-22 04:00:00"),
        ("PT90S", "2026-11-20 16:02:00"),
        ("P1M", "2026-12-20 16:00:00"),
        ("P2M1D", "2027-01-21 16:00:00"),
        ("P1Y", "2027-11-20 16:00:00"),
        ("2026-12-01", "2026-12-01 00:00:00"),
        ("2026-12-01T09:30", "2026-12-01 09:30:00"),
        ("2026-12-01T09:30:15", "2026-12-01 09:30:15"),
        ("2026-12-01T09:30:00Z", "2026-12-01 17:30:00"),
        ("2026-12-01T09:30:00+09:00", "2026-12-01 08:30:00"),
        ("2020-01-01", "2020-01-01 00:00:00"),
    ],
)
def test_when_a_timer_runs_out(text: str, expected: str) -> None:
    assert said(end(text)) == expected


@pytest.mark.parametrize(
    ("begun", "text", "expected"),
    [
        ("2027-01-31 09:00", "P1M", "2027-02-28 09:00:00"),
        ("2028-01-31 09:00", "P1M", "2028-02-29 09:00:00"),
        ("2026-12-31 09:00", "P2M", "2027-02-28 09:00:00"),
        ("2028-02-29 09:00", "P1Y", "2029-02-28 09:00:00"),
        ("2026-10-31 09:00", "P1M", "2026-11-30 09:00:00"),
        ("2026-11-30 09:00", "P1M", "2026-12-30 09:00:00"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last_one(
    begun: str, text: str, expected: str
) -> None:
    assert said(end(text, at(begun))) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("P1001D", "P200W", "P9999999W", "P99Y", "P9999999M", "PT0S", "P", "PT"),
        *("2026-02-30", "2026-12-01T24:00", "urgency", "", "P1D2W"),
    ],
)
def test_what_cannot_be_counted_is_refused(text: str) -> None:
    with pytest.raises(DeadlinesError):
        end(text)


@given(
    st.integers(0, 4 * 365 * 24 * 60),
    st.integers(0, 50),
    st.integers(1, 72),
)
def test_a_length_by_the_clock_is_that_long_whatever_the_days_are(
    minutes: int, days: int, hours: int
) -> None:
    begun = at("2024-01-01 00:00") + timedelta(minutes=minutes)
    length = timedelta(days=days, hours=hours)
    # a day of its own is a working day, hours of their own are working time
    text = f"P{days}DT{hours}H0S" if days else f"PT{hours}H0S"
    assert end(text, begun) == begun + length


@given(st.integers(1, 30), st.integers(0, MAX_DAYS // 30 - 2))
def test_a_month_more_never_ends_earlier(day: int, months: int) -> None:
    begun = at(f"2026-12-{day:02} 09:00")
    assert end(f"P{months + 1}M", begun) > end(f"P{months}M" if months else "P1DT1H", begun)
