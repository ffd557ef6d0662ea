"""Entering days and notices: checks, the second person, and what is recorded."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import AuditEntry, Signature
from app.deadlines.arithmetic import due
from app.deadlines.calendar import load, supposing
from app.deadlines.changes import Change, Entry, of_hours
from app.deadlines.days import enter_day, set_hours, supersede
from app.deadlines.errors import CalendarRefused, NoticeChanged, SecondPersonNeeded
from app.deadlines.models import CalendarYear, WorkdayOverride
from app.deadlines.notices import Period, confirm_year, fingerprint, of_notice, propose_year
from app.deadlines.rules import ONE_WORKING_DAY
from app.organization.models import Person, Unit

from .times import at, day, said

NOW = at("2026-11-23 09:00")
ONE = Signature(1, "system.admin", "一", "系统管理员")
OTHER = Signature(2, "unit.head", "二", "主要领导")
SOURCE = "国办发明电〔2026〕9号"
PERIODS = [
    Period(day("2027-01-01"), day("2027-01-03"), "元旦"),
    Period(day("2027-02-05"), day("2027-02-11"), "春节"),
    Period(day("2027-04-03"), day("2027-04-05"), "清明"),
    Period(day("2027-05-01"), day("2027-05-05"), "劳动节"),
    Period(day("2027-06-09"), day("2027-06-09"), "端午"),
    Period(day("2027-10-01"), day("2027-10-07"), "国庆节"),
]
MAKE_UP = [day("2027-02-14"), day("2027-02-20"), day("2027-05-08"), day("2027-10-09")]


@pytest.fixture(autouse=True)
def people(engine: sa.Engine) -> None:
    with Session(engine) as session:
        session.add(
            Unit(
                id=1,
                key="u",
                name="u",
                short_name="u",
                agency_code="u",
                letterhead="u",
                rank=2,
            )
        )
        session.flush()
        for number in (1, 2):
            session.add(
                Person(id=number, login=f"p{number}", name=f"p{number}", unit_id=1, active=True)
            )
        session.commit()


def confirm(session: Session, year: int = 2027, by: Signature = OTHER) -> None:
    """By somebody who has read what waits."""
    row = session.get_one(CalendarYear, year)
    confirm_year(session, year, by, NOW, seen=fingerprint(row))


def test_nobody_confirms_what_he_has_not_read(session: Session) -> None:
    seen = fingerprint(propose_year(session, 2027, PERIODS, MAKE_UP, SOURCE, ONE, NOW))
    propose_year(session, 2027, PERIODS[:-1], MAKE_UP[:-1], SOURCE, ONE, NOW)
    with pytest.raises(NoticeChanged, match="改过"):
        confirm_year(session, 2027, OTHER, NOW, seen=seen)
    assert load(session, 1).day(day("2027-02-09")).provisional
    propose_year(session, 2027, PERIODS, MAKE_UP, SOURCE, ONE, NOW)
    confirm_year(session, 2027, OTHER, NOW, seen=seen)  # the same words again are what he read


def test_a_notice_takes_effect_when_a_second_person_agrees(session: Session) -> None:
    propose_year(session, 2027, PERIODS, MAKE_UP, SOURCE, ONE, NOW)
    assert load(session, 1).day(day("2027-02-09")).provisional
    with pytest.raises(SecondPersonNeeded):
        confirm(session, by=ONE)
    confirm(session)
    session.commit()
    calendar = load(session, 1)
    assert calendar.day(day("2027-02-14")).is_workday
    assert calendar.day(day("2027-02-09")).source == SOURCE
    assert not any(
        found.provisional for found in calendar.days(day("2027-01-01"), day("2027-12-31"))
    )
    found = due(at("2027-02-04 16:00"), ONE_WORKING_DAY, calendar)
    assert said(found.due_at) == "2027-02-12 18:00:00"
    actions = session.execute(sa.select(AuditEntry.action).order_by(AuditEntry.seq)).scalars()
    assert list(actions) == ["calendar.year_proposed", "calendar.year_confirmed"]
    assert audit.verify(session).ok


def test_a_notice_is_confirmed_once_and_may_be_corrected(session: Session) -> None:
    propose_year(session, 2027, PERIODS, MAKE_UP, SOURCE, ONE, NOW)
    confirm(session)
    with pytest.raises(CalendarRefused, match="待确认"):
        confirm(session)
    longer = [*PERIODS[:-1], Period(day("2027-10-01"), day("2027-10-08"), "国庆节")]
    propose_year(session, 2027, longer, MAKE_UP, SOURCE, ONE, NOW)
    confirm(session)
    assert not load(session, 1).is_workday(day("2027-10-08"))


def test_a_notice_entered_wins_over_the_library(session: Session) -> None:
    """Two days that the library frees are worked by the notice, and a make-up day is not."""
    off: list[Period] = []
    for first, last, name in (
        ("2026-01-01", "2026-01-02", "元旦"),
        ("2026-02-16", "2026-02-20", "春节"),
        ("2026-04-06", "2026-04-06", "清明"),
        ("2026-05-01", "2026-05-05", "劳动节"),
        ("2026-10-01", "2026-10-07", "国庆节"),
    ):
        off.append(Period(day(first), day(last), name))
    propose_year(session, 2026, off, [], SOURCE, ONE, NOW)
    confirm(session, 2026)
    calendar = load(session, 1)
    assert calendar.is_workday(day("2026-06-19"))
    assert calendar.is_workday(day("2026-02-23"))
    assert not calendar.is_workday(day("2026-02-14"))
    assert not calendar.is_workday(day("2026-10-07"))


def off_for_a_month() -> list[Period]:
    return [Period(day("2027-07-01"), day("2027-07-31"), "高温假")]


@pytest.mark.parametrize(
    ("periods", "make_up", "source", "words"),
    [
        (PERIODS, [day("2027-02-15")], SOURCE, "周六或周日"),
        (PERIODS, [day("2027-02-06")], SOURCE, "既放假又上班"),
        (PERIODS, [day("2028-02-12")], SOURCE, "2027 年的日期"),
        ([Period(day("2027-01-03"), day("2027-01-01"), "元旦")], [], SOURCE, "不能早于"),
        ([], [], SOURCE, "261 个工作日"),
        (PERIODS + off_for_a_month(), MAKE_UP, SOURCE, "个工作日"),
        (PERIODS, MAKE_UP, " ", "文号"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(
    session: Session, periods: list[Period], make_up: list[date], source: str, words: str
) -> None:
    with pytest.raises(CalendarRefused, match=words):
        propose_year(session, 2027, periods, make_up, source, ONE, NOW)
    assert load(session, 1).day(day("2027-01-04")).provisional


@pytest.mark.parametrize(
    "entry",
    [
        {"is_workday": True, "reason": " "},
        {"is_workday": False, "reason": "停电", "hours": "08:30-12:00"},
        {"is_workday": True, "reason": "半日", "hours": "12:00-08:30"},
    ],
)
def test_a_day_that_cannot_be_is_refused(session: Session, entry: dict[str, Any]) -> None:
    with pytest.raises(CalendarRefused):
        enter_day(session, 1, day("2026-11-24"), by=ONE, at=NOW, **entry)
    assert session.execute(sa.select(sa.func.count()).select_from(WorkdayOverride)).scalar() == 0


def test_a_holiday_entered_is_skipped_from_then_on_and_recorded(session: Session) -> None:
    """DDL-34."""
    arrived = at("2026-11-20 16:00")
    assert said(due(arrived, ONE_WORKING_DAY, load(session, 1)).due_at) == "2026-11-23 18:00:00"
    enter_day(session, 1, day("2026-11-23"), False, "县庆", ONE, NOW)
    session.commit()
    assert said(due(arrived, ONE_WORKING_DAY, load(session, 1)).due_at) == "2026-11-24 18:00:00"
    assert session.execute(sa.select(AuditEntry.action)).scalar() == "calendar.day_entered"


def test_hours_entered_hold_from_their_day_on(session: Session) -> None:
    set_hours(session, 1, day("2026-12-01"), "09:00-12:00 13:00-17:00", ONE, NOW)
    calendar = load(session, 1)
    assert calendar.close(day("2026-12-01")) - calendar.close(day("2026-11-30")) == timedelta(
        hours=23
    )
    with pytest.raises(CalendarRefused):
        set_hours(session, 1, day("2026-12-02"), "", ONE, NOW)


def test_the_first_festival_may_begin_in_the_year_before(session: Session) -> None:
    eve = Period(day("2026-12-31"), day("2027-01-03"), "元旦")
    propose_year(session, 2027, [eve, *PERIODS[1:]], MAKE_UP, SOURCE, ONE, NOW)
    confirm(session)
    assert not load(session, 1).is_workday(day("2026-12-31"))
    earlier = Period(day("2026-11-30"), day("2026-11-30"), "元旦")
    with pytest.raises(CalendarRefused, match="只能录入 2027 年"):
        propose_year(session, 2027, [earlier, *PERIODS], MAKE_UP, SOURCE, ONE, NOW)


def test_a_correction_takes_back_what_it_does_not_mention(session: Session) -> None:
    propose_year(session, 2027, PERIODS, MAKE_UP, SOURCE, ONE, NOW)
    confirm(session)
    propose_year(session, 2027, PERIODS, MAKE_UP[1:], SOURCE, ONE, NOW)
    assert load(session, 1).is_workday(day("2027-02-14"))  # until it is confirmed
    assert not load(session, 1).day(day("2027-03-01")).provisional
    confirm(session)
    assert not load(session, 1).is_workday(day("2027-02-14"))


def test_a_correction_takes_back_the_eve_of_its_year_and_leaves_december_alone(
    session: Session,
) -> None:
    """元旦 began on 31 December at first; what the notice of 2026 says of December stays."""
    early = [Period(day("2026-12-31"), day("2027-01-03"), "元旦"), *PERIODS[1:]]
    december = Entry(day("2026-12-14"), False, "其他")
    supersede(session, Change(None, SOURCE, (december,), 2026), 1, NOW)
    kept = [[str(december.day), str(december.day), "其他"]]
    session.add(
        CalendarYear(
            year=2026, state="official", source=SOURCE, periods=kept, make_up=[], entered_by=1,
            entered_at=NOW,
        )
    )  # fmt: skip
    propose_year(session, 2027, early, MAKE_UP, SOURCE, ONE, NOW)
    confirm(session)
    assert not load(session, 1).is_workday(day("2026-12-31"))
    propose_year(session, 2027, PERIODS, MAKE_UP, SOURCE, ONE, NOW)
    confirm(session)
    assert load(session, 1).is_workday(day("2026-12-31"))
    assert not load(session, 1).is_workday(day("2026-12-14"))


def test_a_change_is_supposed_without_being_kept(session: Session) -> None:
    change = of_notice(session, 2027, PERIODS, MAKE_UP, SOURCE)
    then = supposing(session, 1, change)
    assert then.is_workday(day("2027-02-14"))
    assert not then.day(day("2027-03-01")).provisional
    assert load(session, 1).day(day("2027-03-01")).provisional
    hours = of_hours(1, day("2027-03-01"), "09:00-17:00", SOURCE)
    assert supposing(session, 1, hours).close(day("2027-03-01")) == at("2027-03-01 17:00")
    assert supposing(session, 2, hours).close(day("2027-03-01")) == at("2027-03-01 18:00")
