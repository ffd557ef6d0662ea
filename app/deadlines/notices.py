"""The yearly notice (放假安排): entered by one person, in force when a second one agrees."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.deadlines import rights, statutory
from app.deadlines.changes import Change, Entry, refuse
from app.deadlines.days import supersede
from app.deadlines.errors import CalendarRefused, NoticeChanged, SecondPersonNeeded
from app.deadlines.models import CalendarYear, WorkdayOverride
from app.deadlines.rights import Author
from app.deadlines.workdays import MAKE_UP
from app.documents.grounds import unwritten

FEWEST, MOST = 240, 256
"""Working days of a year; a notice outside of it has been misread."""


@dataclass(frozen=True)
class Period:
    """Days off in a row (连休), both ends included, with the festival's name."""

    first: date
    last: date
    name: str

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def propose_year(
    session: Session,
    year: int,
    periods: Sequence[Period],
    make_up: Sequence[date],
    source: str,
    by: Author,
    at: datetime,
) -> CalendarYear:
    """Enter the notice of a year; it takes effect when a second person confirms it.

    Until then what was in force before holds. Raises NotAllowed for who is no system
    administrator, CalendarRefused like :func:`of_notice`.
    """
    signature = rights.editing(by, None)
    change = of_notice(session, year, periods, make_up, source)
    row = session.get(CalendarYear, year, with_for_update=True) or CalendarYear(year=year)
    row.state, row.source = "proposed", change.source
    row.periods = [[str(period.first), str(period.last), period.name] for period in periods]
    row.make_up = [str(day) for day in make_up]
    row.entered_by, row.entered_at = signature.person_id, at
    session.add(row)
    session.flush()
    detail = {"year": year, "periods": row.periods, "make_up": row.make_up, "source": row.source}
    audit.record(session, "calendar.year_proposed", signature, at=at, detail=detail)
    return row


def confirm_year(session: Session, year: int, by: Author, at: datetime, *, seen: str) -> None:
    """Put a proposed notice in force for every unit.

    seen  the :func:`fingerprint` of what this person read
    Raises CalendarRefused when nothing is proposed, SecondPersonNeeded for its own author,
    NoticeChanged when another one has taken its place since, NotAllowed for who is neither system
    nor security administrator.
    """
    signature = rights.confirming(by)
    row = session.get(CalendarYear, year, with_for_update=True, populate_existing=True)
    if row is None or row.state != "proposed":
        raise CalendarRefused(f"{year} 年没有待确认的放假安排。")
    if row.entered_by == signature.person_id:
        raise SecondPersonNeeded("放假安排须由录入人以外的另一人确认。")
    if fingerprint(row) != seen:
        raise NoticeChanged(year)
    change = proposed(session, row)
    row.state, row.confirmed_by, row.confirmed_at = "official", signature.person_id, at
    session.flush()
    supersede(session, change, row.entered_by, at)
    detail = {"year": year, "source": row.source, "days": len(change.entries)}
    audit.record(session, "calendar.year_confirmed", signature, at=at, detail=detail)


def fingerprint(row: CalendarYear) -> str:
    """Tells one content from another, so that nobody confirms what he has not read."""
    content = json.dumps([row.year, row.source, row.periods, row.make_up])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def of_notice(
    session: Session,
    year: int,
    periods: Sequence[Period],
    make_up: Sequence[date],
    source: str,
) -> Change:
    """What a notice says of the days, and what it takes back of the calendar before it.

    Raises CalendarRefused without the name of the document, when a make-up day is no weekend day
    or also off, when a period runs backwards or leaves the year (but for the end of the year
    before), or when the year would not have 240 to 256 working days.
    """
    refuse(unwritten("source", "通知的名称和文号", source))
    _check(year, periods, make_up)
    entries = {day: Entry(day, True, MAKE_UP) for day in make_up}
    entries |= {day: Entry(day, False, period.name) for period in periods for day in period.days()}
    for day in _before(session, year):
        if day not in entries:
            entries[day] = Entry(day, day.weekday() < 5, "按通知不作调整")
    return Change(None, source.strip(), tuple(entries.values()), year)


def proposed(session: Session, row: CalendarYear) -> Change:
    """What putting this notice in force would change."""
    return of_notice(
        session,
        row.year,
        periods_of(row),
        [date.fromisoformat(day) for day in row.make_up],
        row.source,
    )


def periods_of(row: CalendarYear) -> list[Period]:
    return [
        Period(date.fromisoformat(first), date.fromisoformat(last), name)
        for first, last, name in row.periods
    ]


def make_up_of(row: CalendarYear) -> list[date]:
    return [date.fromisoformat(day) for day in row.make_up]


def _before(session: Session, year: int) -> list[date]:
    """Days that the library or an earlier notice of the year set apart for every unit.

    元旦 may have begun in December; what the notice of that year says of December stays.
    """
    entered = session.scalars(
        sa.select(WorkdayOverride.day).where(
            WorkdayOverride.unit_id.is_(None), WorkdayOverride.superseded_at.is_(None)
        )
    ).all()
    last = session.get(CalendarYear, year - 1)
    kept = {day for each in periods_of(last) for day in each.days()} if last else set()
    kept |= set(make_up_of(last)) if last else set()
    eve = [day for day in entered if (day.year, day.month) == (year - 1, 12) and day not in kept]
    within = (*statutory.OFF, *statutory.MAKE_UP, *entered)
    return [*eve, *(day for day in within if day.year == year)]


def _check(year: int, periods: Sequence[Period], make_up: Sequence[date]) -> None:
    if any(period.last < period.first for period in periods):
        raise CalendarRefused("假期的最后一天不能早于第一天。")
    off = [day for period in periods for day in period.days()]
    eve = (year - 1, 12)  # 元旦 may begin before its year
    if any(day.year != year and (day.year, day.month) != eve for day in [*off, *make_up]):
        raise CalendarRefused(f"只能录入 {year} 年的日期。")
    if any(day.weekday() < 5 for day in make_up):
        raise CalendarRefused("调休上班的日期应为周六或周日。")
    if set(off) & set(make_up):
        raise CalendarRefused("同一天不能既放假又上班。")
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    dates = {first + timedelta(days=n) for n in range(length)}
    weekdays = {day for day in dates if day.weekday() < 5}
    worked = len(weekdays - set(off)) + len(set(make_up) & dates)
    if not FEWEST <= worked <= MOST:
        raise CalendarRefused(
            f"按此安排全年有 {worked} 个工作日，应在 {FEWEST} 至 {MOST} 之间，请核对。"
        )
