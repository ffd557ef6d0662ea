"""Which days are worked: the notices of 2024–2026 as a table of their own, and a second library."""

from datetime import date, timedelta

import holidays
import pytest

from app.deadlines import statutory
from app.deadlines.errors import DeadlineRefused
from app.deadlines.hours import read
from app.deadlines.workdays import Override, WorkCalendar

from .times import at, day

CALENDAR = WorkCalendar()
NOTICES = {  # year: make-up working days, weekdays off, working days (from the notices)
    2024: (
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
        "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17"
        " 10-01 10-02 10-03 10-04 10-07",
        251,
    ),
    2025: (
        "01-26 02-08 04-27 09-28 10-11",
        "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02"
        " 10-03 10-06 10-07 10-08",
        248,
    ),
    2026: (
        "01-04 02-14 02-28 05-09 09-20 10-10",
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25"
        " 10-01 10-02 10-05 10-06 10-07",
        248,
    ),
}


def dates_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", NOTICES)
def test_the_notice_of_the_year_holds(year: int) -> None:
    make_up, off, count = NOTICES[year]
    worked = [of for of in dates_of(year) if CALENDAR.is_workday(of)]
    assert [f"{of:%m-%d}" for of in worked if of.weekday() > 4] == make_up.split()
    weekdays_off = [of for of in dates_of(year) if of.weekday() < 5 and of not in worked]
    assert [f"{of:%m-%d}" for of in weekdays_off] == off.split()
    assert len(worked) == count


@pytest.mark.parametrize("year", NOTICES)
def test_a_second_library_agrees(year: int) -> None:
    other = holidays.country_holidays("CN", years=year)
    assert [of for of in dates_of(year) if other.is_working_day(of)] == [
        of for of in dates_of(year) if CALENDAR.is_workday(of)
    ]


@pytest.mark.parametrize("year", range(2027, 2037))
def test_statutory_days_agree_with_a_second_library(year: int) -> None:
    other = holidays.country_holidays("CN", years=year, language="zh_CN")
    by_statute = {of for of, name in other.items() if "补假" not in name}
    assert set(statutory.statutory(year)) == by_statute


def test_beyond_the_table_only_fixed_dates_are_statutory() -> None:
    assert [f"{of:%m-%d}" for of in statutory.statutory(2080)] == [
        "01-01",
        "05-01",
        "05-02",
        "10-01",
        "10-02",
        "10-03",
    ]


@pytest.mark.parametrize(
    ("date_text", "workday", "provisional", "name"),
    [
        ("2026-02-14", True, False, "调休上班"),
        ("2026-02-17", False, False, "春节"),
        ("2026-02-28", True, False, "调休上班"),
        ("2026-11-21", False, False, ""),
        ("2026-12-31", True, False, ""),
        ("2027-01-01", False, True, "元旦"),
        ("2027-01-04", True, True, ""),
        ("2027-02-08", False, True, "春节"),
        ("2027-06-09", False, True, "端午"),
        ("2027-06-12", False, True, ""),
        ("2028-02-29", True, True, ""),
        ("2003-07-01", True, True, ""),
    ],
)
def test_days(date_text: str, workday: bool, provisional: bool, name: str) -> None:
    found = CALENDAR.day(day(date_text))
    assert (found.is_workday, found.provisional, found.name) == (workday, provisional, name)
    assert found.source


def test_an_entry_comes_before_every_notice_and_a_notice_before_the_statute() -> None:
    calendar = WorkCalendar(
        overrides={day("2027-05-03"): Override(False, "劳动节", "国办发明电〔2026〕9号")},
        notices={2027: "国办发明电〔2026〕9号"},
    )
    entered = calendar.day(day("2027-05-03"))
    assert (entered.is_workday, entered.provisional) == (False, False)
    assert entered.source == "国办发明电〔2026〕9号"
    ordinary = calendar.day(day("2027-06-09"))  # 端午, but the notice entered does not free it
    assert (ordinary.is_workday, ordinary.provisional) == (True, False)


def test_working_time_is_open_at_its_start_and_shut_at_its_end() -> None:
    friday = "2026-11-20"
    inside = ["08:30:00", "11:59:59", "14:00:00", "17:59:59"]
    outside = ["08:29:59", "12:00:00", "13:59:59", "18:00:00"]
    assert [CALENDAR.is_open(at(f"{friday} {clock}")) for clock in inside + outside] == [
        *[True] * 4,
        *[False] * 4,
    ]
    assert not CALENDAR.is_open(at("2026-11-21 09:00"))


def test_hours_change_with_the_season_and_an_entry_sets_those_of_a_day() -> None:
    calendar = WorkCalendar(
        hours=((day("2026-07-01"), read("08:00-12:00 15:00-18:00")),),
        overrides={day("2026-07-03"): Override(True, "防汛演练", "", read("08:00-12:00"))},
    )
    assert calendar.close(day("2026-06-30")) == at("2026-06-30 18:00")
    assert calendar.is_open(at("2026-06-30 14:30"))
    assert not calendar.is_open(at("2026-07-01 14:30"))
    assert calendar.close(day("2026-07-03")) == at("2026-07-03 12:00")
    assert calendar.minutes_per_day(day("2026-07-03")) == 420


def test_the_length_of_a_day_counts_its_minutes() -> None:
    calendar = WorkCalendar(hours=((day("2026-01-01"), read("08:45-12:15 13:30-17:40")),))
    assert calendar.minutes_per_day(day("2026-11-20")) == 210 + 250
    assert CALENDAR.minutes_per_day(day("2026-11-20")) == 450


def test_a_calendar_without_working_days_is_refused_not_searched_for_ever() -> None:
    start = day("2027-01-01")
    off = {start + timedelta(days=n): Override(False, "停工", "") for n in range(900)}
    calendar = WorkCalendar(overrides=off)
    with pytest.raises(DeadlineRefused, match="没有工作日"):
        calendar.workday_after(start)
    with pytest.raises(DeadlineRefused, match="没有工作日"):
        calendar.workday_before(start + timedelta(days=899))
