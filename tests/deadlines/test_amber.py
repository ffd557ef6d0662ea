"""When a lamp turns amber, so that people are told then: the lamp itself is asked."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given

from app.deadlines.arithmetic import due
from app.deadlines.lamps import STANDARD, Lamps, amber_from, lamp
from app.deadlines.rules import Rule
from app.deadlines.workdays import WorkCalendar

from .test_arithmetic_properties import arrivals, calendars, often, rules
from .times import at

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("arrived", "due_at", "turns"),
    [
        ("2026-11-23 09:00", "2026-11-24 18:00", "2026-11-24 08:30"),
        ("2026-11-27 16:00", "2026-11-30 18:00", "2026-11-30 08:30"),
        ("2026-11-23 09:00", "2026-11-25 10:00", "2026-11-24 10:00"),
        ("2026-11-23 09:00", "2026-11-23 11:00", None),  # amber when it arrives
        ("2026-11-21 20:00", "2026-11-21 22:00", None),
        ("2026-11-23 09:00", "2026-11-27 23:00", "2026-11-26 23:00"),  # by the clock
    ],
)
def test_amber_begins(arrived: str, due_at: str, turns: str | None) -> None:
    found = amber_from(at(due_at), at(arrived), WorkCalendar())
    assert found == (at(turns) if turns else None)


def test_a_share_of_the_limit_counts_where_it_is_longer() -> None:
    lamps = Lamps(STANDARD.looks, amber_days=0, amber_share=50)
    found = amber_from(at("2026-11-23 18:00"), at("2026-11-23 08:30"), WorkCalendar(), lamps)
    assert found == at("2026-11-23 14:15")


@often
@given(arrivals, rules, calendars)
def test_the_lamp_is_green_until_then_and_amber_from_then_on(
    arrived: datetime, rule: Rule, calendar: WorkCalendar
) -> None:
    due_at = due(arrived, rule, calendar).due_at
    assume(due_at > arrived + SECOND)
    turns = amber_from(due_at, arrived, calendar)
    if turns is None:
        assert lamp(due_at, arrived + SECOND, calendar, arrived).key == "amber"
        return
    assert lamp(due_at, turns, calendar, arrived).key == "green"
    assert lamp(due_at, turns + SECOND, calendar, arrived).key == "amber"
