"""What holds for every arrival, amount and calendar."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.clock import SHANGHAI
from app.deadlines.arithmetic import after, before, due, working_time
from app.deadlines.rules import AT_ONCE, Count, Rule
from app.deadlines.workdays import Override, WorkCalendar, local_date

often = settings(max_examples=150, deadline=None)

arrivals = st.integers(0, 6 * 366 * 24 * 3600).map(
    lambda second: datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(seconds=second)
)
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))
amounts = st.integers(0, 40)
calendars = st.dictionaries(days, st.booleans(), max_size=40).map(
    lambda entries: WorkCalendar(
        "drawn", {day: Override(worked, "drawn", "drawn") for day, worked in entries.items()}
    )
)
day_counts = st.sampled_from([Count.WORKING_DAYS, Count.ELAPSED])
minute_counts = st.sampled_from([Count.WORKING_TIME, Count.CLOCK_TIME])
rules = st.one_of(
    st.builds(Rule, day_counts, amounts),
    st.builds(Rule, minute_counts, st.integers(1, 10_000)),
)


@often
@given(arrivals, arrivals, rules, calendars)
def test_later_arrivals_never_end_earlier(
    one: datetime, other: datetime, rule: Rule, calendar: WorkCalendar
) -> None:
    first, second = sorted((one, other))
    assert due(first, rule, calendar).due_at <= due(second, rule, calendar).due_at


@often
@given(arrivals, day_counts, amounts, amounts, calendars)
def test_more_days_never_end_earlier(
    arrived: datetime, count: Count, one: int, other: int, calendar: WorkCalendar
) -> None:
    less, more = sorted((one, other))
    assert (
        due(arrived, Rule(count, less), calendar).due_at
        <= due(arrived, Rule(count, more), calendar).due_at
    )


@often
@given(arrivals, amounts, calendars)
def test_working_days_end_at_the_close_of_a_working_day_after_arrival(
    arrived: datetime, amount: int, calendar: WorkCalendar
) -> None:
    due_at = due(arrived, Rule(Count.WORKING_DAYS, amount), calendar).due_at
    assert due_at > arrived
    assert due_at == calendar.close(local_date(due_at))


@often
@given(arrivals, rules, calendars)
def test_a_working_limit_ends_in_working_time(
    arrived: datetime, rule: Rule, calendar: WorkCalendar
) -> None:
    """At the latest at a close of business; only what runs by the clock may end in the night."""
    if rule.count is Count.CLOCK_TIME:
        return
    due_at = due(arrived, rule, calendar).due_at
    spans = calendar.spans(local_date(due_at))
    assert any(span.start <= due_at <= span.end for span in spans)


@often
@given(arrivals, st.integers(1, 40), calendars)
def test_as_many_working_days_lie_between_as_the_limit_has(
    arrived: datetime, amount: int, calendar: WorkCalendar
) -> None:
    due_at = due(arrived, Rule(Count.WORKING_DAYS, amount), calendar).due_at
    between = calendar.days(local_date(arrived), local_date(due_at))[1:]
    assert sum(day.is_workday for day in between) == amount


@often
@given(arrivals, rules, calendars, days)
def test_a_further_day_off_never_makes_it_earlier(
    arrived: datetime, rule: Rule, calendar: WorkCalendar, off: date
) -> None:
    entries = {**calendar.overrides, off: Override(False, "drawn", "drawn")}
    with_day_off = WorkCalendar("later", entries)
    assert due(arrived, rule, calendar).due_at <= due(arrived, rule, with_day_off).due_at


@often
@given(arrivals, st.one_of(rules, st.just(AT_ONCE)), calendars)
def test_the_same_inputs_give_the_same_answer(
    arrived: datetime, rule: Rule, calendar: WorkCalendar
) -> None:
    fresh = WorkCalendar(calendar.version, calendar.overrides)
    assert due(arrived, rule, calendar) == due(arrived.astimezone(UTC), rule, fresh)


@often
@given(arrivals, calendars)
@example(datetime(2026, 11, 20, 17, 59, 59, tzinfo=SHANGHAI), WorkCalendar())
def test_what_is_urgent_has_half_an_hour_or_two(arrived: datetime, calendar: WorkCalendar) -> None:
    found = due(arrived, AT_ONCE, calendar)
    inside = calendar.is_open(arrived)
    assert found.due_at - arrived == timedelta(minutes=30 if inside else 120)
    assert found.rule_id == ("DDL-02" if inside else "DDL-03")


@often
@given(arrivals, amounts, calendars, st.floats(0, 1))
def test_suspending_and_resuming_at_once_changes_nothing(
    arrived: datetime, amount: int, calendar: WorkCalendar, part: float
) -> None:
    due_at = due(arrived, Rule(Count.WORKING_DAYS, amount), calendar).due_at
    moment = arrived + (due_at - arrived) * part * 0.999
    left = working_time(moment, due_at, calendar)
    if left:
        assert after(moment, left, calendar) == due_at


@often
@given(arrivals, st.timedeltas(timedelta(microseconds=1), timedelta(days=20)), calendars)
def test_working_time_counted_on_is_working_time_counted_back(
    start: datetime, working: timedelta, calendar: WorkCalendar
) -> None:
    assert working_time(start, after(start, working, calendar), calendar) == working


@often
@given(arrivals, arrivals, st.timedeltas(timedelta(minutes=1), timedelta(days=20)), calendars)
def test_who_came_by_then_has_waited_so_long_and_nobody_else(
    arrived: datetime, end: datetime, working: timedelta, calendar: WorkCalendar
) -> None:
    latest = before(end, working, calendar)
    assert working_time(latest, end, calendar) == working
    assert working_time(latest + timedelta(microseconds=1), end, calendar) < working
    near = end - (end - arrived) % timedelta(days=60)
    assert (near <= latest) == (working_time(near, end, calendar) >= working)
