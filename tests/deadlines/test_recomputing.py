"""A limit counted again: never late by it who was in time, and twice is as good as once."""

from dataclasses import asdict
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.arithmetic import due
from app.deadlines.queries import Limit
from app.deadlines.recomputing import recomputed
from app.deadlines.rules import Count, Deadline, Rule
from app.deadlines.workdays import Override, WorkCalendar

from .test_arithmetic_properties import arrivals, calendars, often, rules
from .times import at, day, said


def kept(deadline: Deadline) -> Limit:
    """The limit as its row keeps it."""
    return Limit(
        *(1, "overdue", "task", 1, 1, 1),
        due_at=deadline.due_at,
        state="pending",
        handled_at=None,
        started_at=deadline.arrived_at,
        rule=asdict(deadline.rule),
        pause=None,
        provisional=deadline.provisional,
        calendar_version=deadline.version,
    )


@often
@given(arrivals, rules, calendars, calendars, st.floats(-0.5, 1.5))
def test_a_change_makes_nobody_late_and_counting_again_changes_nothing(
    arrived: datetime, rule: Rule, old: WorkCalendar, new: WorkCalendar, part: float
) -> None:
    before = due(arrived, rule, old)
    length = max(before.due_at - before.arrived_at, timedelta(days=1))
    now = before.arrived_at + length * part
    found = recomputed(kept(before), before.due_at, new, now)
    assert found is not None
    assert found.due_at > now or found.due_at >= before.due_at
    again = recomputed(kept(before), found.due_at, new, now)
    assert again is not None
    assert again.due_at == found.due_at


def test_what_would_lie_in_the_past_ends_at_the_next_close_or_as_before() -> None:
    friday, saturday = at("2026-11-27 10:00"), day("2026-11-28")
    three = due(friday, Rule(Count.WORKING_DAYS, 3), WorkCalendar())
    assert said(three.due_at) == "2026-12-02 18:00:00"
    worked = {day(f"2026-11-{n}"): Override(True, "抢险", "") for n in (28, 29)}
    new = WorkCalendar("2", worked)
    assert new.is_workday(saturday)
    for now, end in (
        ("2026-11-30 12:00", "2026-11-30 18:00:00"),  # the third day is this Monday
        ("2026-11-30 19:00", "2026-12-01 18:00:00"),  # it is past: the next close of business
        ("2026-12-01 19:00", "2026-12-02 18:00:00"),
        ("2026-12-02 17:00", "2026-12-02 18:00:00"),  # not later than it was
        ("2026-12-03 09:00", "2026-12-02 18:00:00"),  # late before, and by not more than before
    ):
        found = recomputed(kept(three), three.due_at, new, at(now))
        assert found is not None
        assert said(found.due_at) == end, now


def test_without_inputs_nothing_is_counted() -> None:
    limit = kept(due(at("2026-11-27 10:00"), Rule(Count.WORKING_DAYS, 1), WorkCalendar()))
    bare = Limit(**{**limit.__dict__, "rule": None})
    assert recomputed(bare, bare.due_at, WorkCalendar(), bare.due_at) is None
