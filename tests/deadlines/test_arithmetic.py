"""When limits run out: one table per way of counting, and the sums in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.deadlines.arithmetic import after, due, working_days_before, working_minutes, working_time
from app.deadlines.errors import DeadlineRefused
from app.deadlines.hours import read
from app.deadlines.rules import AT_ONCE, ONE_WORKING_DAY, Count, Rule
from app.deadlines.workdays import Override, WorkCalendar

from .times import at, day, said

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("arrived", "days", "expected"),
    [
        # DDL-01 as decision 1 counts it: Friday at any hour, no make-up day
        ("2026-11-20 00:00:00", 1, "2026-11-23 18:00:00"),
        ("2026-11-20 08:30:00", 1, "2026-11-23 18:00:00"),
        ("2026-11-20 16:00:00", 1, "2026-11-23 18:00:00"),
        ("2026-11-20 23:59:59", 1, "2026-11-23 18:00:00"),
        # the day before a make-up day, which counts
        ("2026-02-13 17:40:00", 1, "2026-02-14 18:00:00"),
        ("2026-05-08 09:00:00", 1, "2026-05-09 18:00:00"),
        # received on a make-up day
        ("2026-02-14 10:00:00", 1, "2026-02-24 18:00:00"),
        ("2026-09-20 10:00:00", 1, "2026-09-21 18:00:00"),
        # received on a weekend or holiday
        ("2026-11-21 10:00:00", 1, "2026-11-23 18:00:00"),
        ("2026-11-22 23:00:00", 1, "2026-11-23 18:00:00"),
        ("2026-02-18 10:00:00", 1, "2026-02-24 18:00:00"),
        # the day before seven days off
        ("2026-09-30 16:00:00", 1, "2026-10-08 18:00:00"),
        ("2026-09-30 16:00:00", 3, "2026-10-10 18:00:00"),  # a make-up Saturday is the third
        # over the ends of months and years
        ("2024-02-28 09:00:00", 1, "2024-02-29 18:00:00"),
        ("2024-02-29 09:00:00", 1, "2024-03-01 18:00:00"),
        ("2025-12-31 09:00:00", 1, "2026-01-04 18:00:00"),
        ("2026-12-31 09:00:00", 1, "2027-01-04 18:00:00"),
        ("2026-12-31 09:00:00", 5, "2027-01-08 18:00:00"),
        # none: the close of the same working day, or of the next one when that has passed
        ("2026-11-20 09:00:00", 0, "2026-11-20 18:00:00"),
        ("2026-11-20 17:59:59", 0, "2026-11-20 18:00:00"),
        ("2026-11-20 18:00:00", 0, "2026-11-23 18:00:00"),
        ("2026-11-21 09:00:00", 0, "2026-11-23 18:00:00"),
        ("2026-01-01 09:00:00", 248, "2026-12-31 18:00:00"),  # all working days of 2026
    ],
)
def test_working_days(arrived: str, days: int, expected: str) -> None:
    found = due(at(arrived), Rule(Count.WORKING_DAYS, days), CALENDAR)
    assert said(found.due_at) == expected
    assert found.due_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("arrived", "days", "expected"),
    [
        ("2026-11-20 16:00:00", 1, "2026-11-23 16:00:00"),  # the acceptance check of DDL-01
        ("2026-11-20 08:30:00", 1, "2026-11-23 08:30:00"),
        ("2026-11-20 18:00:00", 1, "2026-11-24 08:30:00"),
        ("2026-11-20 12:30:00", 1, "2026-11-23 14:00:00"),
        ("2026-11-20 07:00:00", 1, "2026-11-23 08:30:00"),
        ("2026-11-21 10:00:00", 2, "2026-11-25 08:30:00"),
        ("2026-09-30 16:00:00", 1, "2026-10-08 16:00:00"),
        ("2026-11-20 16:00:00", 0, "2026-11-20 16:00:00"),
    ],
)
def test_elapsed(arrived: str, days: int, expected: str) -> None:
    assert said(due(at(arrived), Rule(Count.ELAPSED, days), CALENDAR).due_at) == expected


@pytest.mark.parametrize(
    ("end", "days", "expected"),
    [
        ("2026-11-24 15:00:00", 1, "2026-11-23 15:00:00"),
        ("2026-11-23 10:00:00", 1, "2026-11-20 10:00:00"),  # over a weekend
        ("2026-11-22 23:00:00", 1, "2026-11-20 08:30:00"),  # asked on a Sunday: all of Friday
        ("2026-11-23 08:30:00", 2, "2026-11-19 08:30:00"),
        ("2026-11-24 13:00:00", 5, "2026-11-17 14:00:00"),  # asked at noon
        ("2026-10-10 10:00:00", 3, "2026-09-30 10:00:00"),  # seven days off, a make-up Saturday
        ("2026-11-24 15:00:00", 0, "2026-11-24 15:00:00"),
    ],
)
def test_back_by_working_days(end: str, days: int, expected: str) -> None:
    assert said(working_days_before(at(end), days, CALENDAR)) == expected


@pytest.mark.parametrize(
    ("arrived", "expected", "rule"),
    [
        # DDL-02: the closing instant is already outside
        ("2026-11-20 17:59:59", "2026-11-20 18:29:59", "DDL-02"),
        ("2026-11-20 18:00:00", "2026-11-20 20:00:00", "DDL-03"),
        ("2026-11-20 18:00:01", "2026-11-20 20:00:01", "DDL-03"),
        ("2026-11-20 17:45:00", "2026-11-20 18:15:00", "DDL-02"),  # not cut at closing time
        ("2026-11-20 08:50:00", "2026-11-20 09:20:00", "DDL-02"),
        # the midday break is outside working time, by the letter
        ("2026-11-20 11:50:00", "2026-11-20 12:20:00", "DDL-02"),
        ("2026-11-20 12:30:00", "2026-11-20 14:30:00", "DDL-03"),
        # DDL-03: weekend, holiday, night; neither waits for an opening
        ("2026-11-21 20:00:00", "2026-11-21 22:00:00", "DDL-03"),
        ("2026-10-02 23:30:00", "2026-10-03 01:30:00", "DDL-03"),
        ("2026-11-23 08:29:59", "2026-11-23 10:29:59", "DDL-03"),
        ("2026-11-23 08:30:00", "2026-11-23 09:00:00", "DDL-02"),
        ("2026-02-14 10:00:00", "2026-02-14 10:30:00", "DDL-02"),  # a make-up Saturday
    ],
)
def test_urgent(arrived: str, expected: str, rule: str) -> None:
    found = due(at(arrived), AT_ONCE, CALENDAR)
    assert (said(found.due_at), found.rule_id) == (expected, rule)
    assert found.steps[0].endswith(f"（{rule}）")


@pytest.mark.parametrize(
    ("count", "arrived", "minutes", "expected"),
    [
        # DDL-06, important: twelve hours
        (Count.CLOCK_TIME, "2026-11-20 09:00:00", 720, "2026-11-20 21:00:00"),
        (Count.WORKING_TIME, "2026-11-20 09:00:00", 720, "2026-11-23 15:30:00"),
        (Count.WORKING_TIME, "2026-11-20 16:00:00", 120, "2026-11-20 18:00:00"),
        (Count.WORKING_TIME, "2026-11-20 16:00:00", 121, "2026-11-23 08:31:00"),
        (Count.WORKING_TIME, "2026-11-21 16:00:00", 120, "2026-11-23 10:30:00"),
        (Count.WORKING_TIME, "2026-11-20 11:00:00", 60, "2026-11-20 12:00:00"),
    ],
)
def test_hours(count: Count, arrived: str, minutes: int, expected: str) -> None:
    assert said(due(at(arrived), Rule(count, minutes), CALENDAR).due_at) == expected


def test_half_days_and_the_hours_of_the_unit_decide_when_business_closes() -> None:
    calendar = WorkCalendar(
        hours=((day("2026-11-01"), read("09:00-12:00 13:30-17:30")),),
        overrides={day("2026-11-23"): Override(True, "半日", "", read("09:00-12:00"))},
    )
    assert said(due(at("2026-11-19 10:00"), ONE_WORKING_DAY, calendar).due_at).endswith("17:30:00")
    assert said(due(at("2026-11-20 10:00"), ONE_WORKING_DAY, calendar).due_at).endswith("12:00:00")


def test_a_day_entered_as_off_is_skipped_and_the_sum_says_so() -> None:
    """DDL-34, and a limit computed again after the calendar changed."""
    before = due(at("2026-03-19 10:00"), ONE_WORKING_DAY, CALENDAR)
    local = WorkCalendar("2", {day("2026-03-20"): Override(False, "三月三", "县政府通知")})
    again = due(before.arrived_at, before.rule, local)
    assert said(before.due_at) == "2026-03-20 18:00:00"
    assert said(again.due_at) == "2026-03-23 18:00:00"
    assert again.steps[1] == "03-20 至 03-22 三月三放假，不计。"
    assert (before.version, again.version) == (CALENDAR.version, "2")


@pytest.mark.parametrize(
    ("arrived", "rule", "steps"),
    [
        (
            "2026-11-20 16:00",
            ONE_WORKING_DAY,
            (
                "周五 16:00 到达，当日不计；周一（11-23）为第 1 个工作日，"
                "于 18:00 下班时到期。（DDL-01）",
                "11-21 至 11-22 休息，不计。",
            ),
        ),
        (
            "2026-02-13 17:40",
            Rule(Count.WORKING_DAYS, 2),
            (
                "周五 17:40 到达，当日不计；自周六（02-14）起算，周二（02-24）为第 2 个工作日，"
                "于 18:00 下班时到期。（DDL-01）",
                "02-15 至 02-23 春节放假，不计。",
                "02-14 调休上班，计为工作日。",
            ),
        ),
        (
            "2026-12-31 09:00",
            ONE_WORKING_DAY,
            (
                "周四 09:00 到达，当日不计；周一（2027-01-04）为第 1 个工作日，"
                "于 18:00 下班时到期。（DDL-01）",
                "01-01 至 01-03 元旦放假，不计。",
                "2027 年放假安排未录入，按周末推算。",
            ),
        ),
        (
            "2026-11-20 17:45",
            AT_ONCE,
            ("急件，周五 17:45 在工作时间内到达，应在 30 分钟内办理，于 18:15 到期。（DDL-02）",),
        ),
        (
            "2026-10-02 23:30",
            AT_ONCE,
            (
                "急件，周五 23:30 在工作时间以外到达，应在 2 小时内办理，"
                "于周六（10-03）01:30 到期。（DDL-03）",
            ),
        ),
        (
            "2026-11-20 18:30",
            Rule(Count.ELAPSED, 1),
            (
                "周五 18:30 到达，不在工作时间，自周一（11-23）08:30 起算，满 1 个工作日，"
                "于周二（11-24）08:30 到期。（DDL-01）",
                "11-21 至 11-22 休息，不计。",
            ),
        ),
        (
            "2026-11-20 09:00",
            Rule(Count.WORKING_DAYS, 0),
            ("周五 09:00 到达，限当个工作日办结，于 18:00 下班时到期。（DDL-01）",),
        ),
        (
            "2026-11-20 09:00:05",
            Rule(Count.WORKING_TIME, 90, id="DDL-20"),
            ("周五 09:00:05 到达，按工作时间计 1 小时 30 分钟，于 10:30:05 到期。（DDL-20）",),
        ),
    ],
)
def test_the_sum_in_words(arrived: str, rule: Rule, steps: tuple[str, ...]) -> None:
    assert due(at(arrived), rule, CALENDAR).steps == steps


def test_many_days_off_are_counted_instead_of_listed() -> None:
    steps = due(at("2026-03-02 09:00"), Rule(Count.WORKING_DAYS, 60), CALENDAR).steps
    assert steps[1].startswith("其间休息、放假 ")


@pytest.mark.parametrize(
    ("arrived", "days", "provisional"),
    [
        ("2026-12-30 09:00", 1, False),
        ("2026-12-31 09:00", 1, True),  # official and provisional year: provisional as a whole
        ("2027-05-10 09:00", 1, True),
        ("2025-12-31 09:00", 1, False),
    ],
)
def test_a_year_without_a_notice_is_flagged_never_guessed_silently(
    arrived: str, days: int, provisional: bool
) -> None:
    found = due(at(arrived), Rule(Count.WORKING_DAYS, days), CALENDAR)
    assert found.provisional is provisional
    assert any("按周末推算" in step for step in found.steps) is provisional


def test_a_notice_entered_makes_it_official() -> None:
    calendar = WorkCalendar("7", {day("2027-01-04"): Override(False, "元旦", "n")}, {2027: "n"})
    found = due(at("2026-12-31 09:00"), ONE_WORKING_DAY, calendar)
    assert said(found.due_at) == "2027-01-01 18:00:00"  # this notice did not free the first
    assert not found.provisional


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Rule(Count.WORKING_DAYS, -1),
        lambda: Rule(Count.WORKING_DAYS, 1_001),
        lambda: Rule(Count.ELAPSED, 10_000),
        lambda: Rule(Count.WORKING_TIME, 0),
        lambda: Rule(Count.CLOCK_TIME, 1_440_001),
        lambda: Rule(Count.URGENT, 30, 0),
        lambda: due(datetime(2026, 11, 20, 16), ONE_WORKING_DAY, CALENDAR),  # noqa: DTZ001  (naive on purpose)
        lambda: due(at("1988-07-01 09:00"), ONE_WORKING_DAY, CALENDAR),  # summer time
        lambda: due(at("1991-12-31 23:59:59"), ONE_WORKING_DAY, CALENDAR),
        lambda: due(at("2200-01-01 09:00"), ONE_WORKING_DAY, CALENDAR),
        lambda: due(datetime.max.replace(tzinfo=UTC), ONE_WORKING_DAY, CALENDAR),
    ],
)
def test_what_cannot_be_computed_is_refused(refused: object) -> None:
    assert callable(refused)
    with pytest.raises(DeadlineRefused):
        refused()


def test_the_bounds_themselves_are_computed() -> None:
    assert due(at("1992-01-01 00:00"), ONE_WORKING_DAY, CALENDAR).provisional
    assert Rule(Count.URGENT, 1, 1).offhours == 1
    assert Rule(Count.URGENT, 30, 1_440_000).amount == 30
    assert Rule(Count.URGENT, 30).offhours == 120
    assert due(at("2199-12-31 23:59"), Rule(Count.WORKING_DAYS, 1_000), CALENDAR).due_at
    assert due(at("2026-11-20 09:00"), Rule(Count.WORKING_TIME, 1_440_000), CALENDAR).due_at


def test_the_zone_of_the_caller_does_not_matter() -> None:
    tokyo = at("2026-11-20 23:30").astimezone(timezone(timedelta(hours=9)))
    assert tokyo.day == 21
    found = due(tokyo, ONE_WORKING_DAY, CALENDAR)
    assert found == due(at("2026-11-20 23:30"), ONE_WORKING_DAY, CALENDAR)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20 09:00:00", "2026-11-20 11:00:00", 120),
        ("2026-11-20 11:00:00", "2026-11-20 15:00:00", 120),
        ("2026-11-20 16:00:00", "2026-11-23 18:00:00", 120 + 450),
        ("2026-11-20 18:00:00", "2026-11-23 08:30:00", 0),
        ("2026-11-20 09:00:00", "2026-11-20 09:00:59", 0),
        ("2026-11-20 11:00:00", "2026-11-20 09:00:00", 0),
        ("2026-09-30 09:00:00", "2026-10-08 09:00:00", 450),
    ],
)
def test_working_minutes(start: str, end: str, minutes: int) -> None:
    assert working_minutes(at(start), at(end), CALENDAR) == minutes


def test_a_suspended_limit_keeps_its_working_time_even_over_a_change_of_the_calendar() -> None:
    due_at = due(at("2026-11-19 10:00"), ONE_WORKING_DAY, CALENDAR).due_at  # Friday 18:00
    left = working_time(at("2026-11-20 10:00"), due_at, CALENDAR)
    assert left == timedelta(hours=6)
    changed = WorkCalendar("2", {day("2026-11-24"): Override(False, "停电", "")})
    resumed = after(at("2026-11-23 17:00"), left, changed)
    assert said(resumed) == "2026-11-25 15:30:00"


def test_no_working_time_passes_at_once_even_on_a_day_off() -> None:
    saturday = at("2026-11-21 10:00")
    assert after(saturday, timedelta(), CALENDAR) == saturday
