"""A year of the calendar as its administrators see it, and what a change would make of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.deadlines import calendar, statutory
from app.deadlines.changes import Change
from app.deadlines.models import CalendarYear, WorkdayOverride, WorkingHours
from app.deadlines.workdays import Day, WorkCalendar
from app.organization import Person

FIRST, LAST = min(statutory.YEARS), 2199


@dataclass(frozen=True)
class Difference:
    """A date that would be another one than now; ``hours`` where they are not the usual ones."""

    before: Day
    after: Day
    hours: str = ""


@dataclass(frozen=True)
class Own:
    """An entry of the unit that is in force."""

    day: date
    is_workday: bool
    hours: str | None
    reason: str
    source: str
    person: str | None
    at: datetime


@dataclass(frozen=True)
class OwnHours:
    since: date
    hours: str
    person: str | None
    at: datetime


@dataclass(frozen=True)
class NoticeRow:
    """The notice of a year with who entered and who confirmed it."""

    year: int
    state: str
    source: str
    entered_by_id: int | None
    entered_by: str | None
    entered_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


def days_of(days: WorkCalendar, year: int) -> list[Day]:
    return days.days(date(year, 1, 1), date(year, 12, 31))


def differences(session: Session, unit_id: int, change: Change) -> list[Difference]:
    """Days on which work would be on or off, or at other hours, otherwise than now, in order."""
    now, then = calendar.load(session, unit_id), calendar.supposing(session, unit_id, change)
    dates = sorted({entry.day for entry in change.entries} | set(_days(change.year)))
    special = {entry.day: entry.hours for entry in change.entries if entry.hours}
    return [
        Difference(now.day(of), then.day(of), special.get(of, ""))
        for of in dates
        if now.is_workday(of) != then.is_workday(of) or now.spans(of) != then.spans(of)
    ]


def own_days(session: Session, unit_id: int, year: int) -> Sequence[Own]:
    """What the unit has entered for the year, in order."""
    query = (
        sa.select(
            WorkdayOverride.day,
            WorkdayOverride.is_workday,
            WorkdayOverride.hours,
            WorkdayOverride.reason,
            WorkdayOverride.source,
            Person.name,
            WorkdayOverride.entered_at,
        )
        .outerjoin(Person, Person.id == WorkdayOverride.entered_by)
        .where(
            WorkdayOverride.unit_id == unit_id,
            WorkdayOverride.superseded_at.is_(None),
            WorkdayOverride.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(WorkdayOverride.day)
    )
    return [Own(*row) for row in session.execute(query)]


def own_hours(session: Session, unit_id: int) -> Sequence[OwnHours]:
    """Working hours that the unit has set, newest first."""
    query = (
        sa.select(WorkingHours.since, WorkingHours.hours, Person.name, WorkingHours.entered_at)
        .outerjoin(Person, Person.id == WorkingHours.entered_by)
        .where(WorkingHours.unit_id == unit_id)
        .order_by(WorkingHours.since.desc(), WorkingHours.id.desc())
    )
    return [OwnHours(*row) for row in session.execute(query)]


def notices(session: Session) -> Sequence[NoticeRow]:
    """Notices that were entered, newest year first."""
    entered, confirmed = aliased(Person), aliased(Person)
    query = (
        sa.select(
            CalendarYear.year,
            CalendarYear.state,
            CalendarYear.source,
            CalendarYear.entered_by,
            entered.name,
            CalendarYear.entered_at,
            confirmed.name,
            CalendarYear.confirmed_at,
        )
        .outerjoin(entered, entered.id == CalendarYear.entered_by)
        .outerjoin(confirmed, confirmed.id == CalendarYear.confirmed_by)
        .order_by(CalendarYear.year.desc())
    )
    return [NoticeRow(*row) for row in session.execute(query)]


def waiting(session: Session) -> int:
    """Notices that wait for a second person."""
    query = sa.select(sa.func.count()).select_from(CalendarYear)
    return session.scalar(query.where(CalendarYear.state == "proposed")) or 0


def _days(year: int | None) -> list[date]:
    if year is None:
        return []
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
