"""Entering days off, working hours and the yearly notice (放假安排). Every change is recorded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import Signature
from app.deadlines import calendar, statutory
from app.deadlines import hours as working_hours
from app.deadlines.errors import CalendarRefused, SecondPersonNeeded
from app.deadlines.models import CalendarYear, WorkdayOverride, WorkingHours
from app.deadlines.workdays import MAKE_UP

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


def enter_day(
    session: Session,
    unit_id: int | None,
    day: date,
    is_workday: bool,
    reason: str,
    by: Signature,
    at: datetime,
    *,
    hours: str | None = None,
    source: str = "本单位录入",
) -> None:
    """Say that one day is worked or not, for a unit or (None) for every unit (DDL-34).

    hours  of that day where they differ, such as ``08:30-12:00``; only for a day that is worked
    The earlier entry for the day stays on record, superseded. Open limits keep their time.
    Raises CalendarRefused without a reason, or for hours that cannot be.
    """
    if not reason.strip():
        raise CalendarRefused("请写明调整工作日的原因。")
    if hours and not is_workday:
        raise CalendarRefused("休息日没有工作时间。")
    text = working_hours.write(working_hours.read(hours)) if hours else None
    entry = _Entry(day, is_workday, reason.strip(), text)
    _supersede(session, unit_id, [entry], source, by.person_id, at)
    audit.record(
        session,
        "calendar.day_entered",
        by,
        at=at,
        reason=reason.strip(),
        detail={"unit": unit_id, "day": str(day), "workday": is_workday, "hours": text},
    )


def set_hours(
    session: Session, unit_id: int | None, since: date, hours: str, by: Signature, at: datetime
) -> None:
    """Set the working hours of a unit from a day on; the hours before that day stay known."""
    text = working_hours.write(working_hours.read(hours))
    session.execute(
        sa.insert(WorkingHours).values(
            unit_id=unit_id, since=since, hours=text, entered_by=by.person_id, entered_at=at
        )
    )
    calendar.raise_version(session, at)
    detail = {"unit": unit_id, "since": str(since), "hours": text}
    audit.record(session, "calendar.hours_set", by, at=at, detail=detail)


def propose_year(
    session: Session,
    year: int,
    periods: Sequence[Period],
    make_up: Sequence[date],
    source: str,
    by: Signature,
    at: datetime,
) -> CalendarYear:
    """Enter the notice of a year; it takes effect when a second person confirms it.

    Raises CalendarRefused when a make-up day is no weekend day or also off, when a period runs
    backwards or leaves the year, or when the year would not have 240 to 256 working days.
    """
    if not source.strip():
        raise CalendarRefused("请写明通知的名称和文号。")
    _check(year, periods, make_up)
    row = session.get(CalendarYear, year) or CalendarYear(year=year)
    row.state, row.source = "proposed", source.strip()
    row.periods = [[str(period.first), str(period.last), period.name] for period in periods]
    row.make_up = [str(day) for day in make_up]
    row.entered_by, row.entered_at = by.person_id, at
    row.confirmed_by = row.confirmed_at = None
    session.add(row)
    session.flush()
    calendar.raise_version(session, at)
    detail = {"year": year, "periods": row.periods, "make_up": row.make_up, "source": row.source}
    audit.record(session, "calendar.year_proposed", by, at=at, detail=detail)
    return row


def confirm_year(session: Session, year: int, by: Signature, at: datetime) -> None:
    """Put a proposed notice in force for every unit. Open limits keep their time.

    Raises CalendarRefused when nothing is proposed, SecondPersonNeeded for its own author.
    """
    row = session.get(CalendarYear, year, with_for_update=True)
    if row is None or row.state != "proposed":
        raise CalendarRefused(f"{year} 年没有待确认的放假安排。")
    if row.entered_by == by.person_id:
        raise SecondPersonNeeded("放假安排须由录入人以外的另一人确认。")
    row.state, row.confirmed_by, row.confirmed_at = "official", by.person_id, at
    session.flush()
    entries = _entries(year, _periods(row), [date.fromisoformat(day) for day in row.make_up])
    _supersede(session, None, entries, row.source, row.entered_by, at)
    detail = {"year": year, "source": row.source, "days": len(entries)}
    audit.record(session, "calendar.year_confirmed", by, at=at, detail=detail)


@dataclass(frozen=True)
class _Entry:
    day: date
    is_workday: bool
    reason: str
    hours: str | None = None


def _check(year: int, periods: Sequence[Period], make_up: Sequence[date]) -> None:
    if any(period.last < period.first for period in periods):
        raise CalendarRefused("假期的最后一天不能早于第一天。")
    off = [day for period in periods for day in period.days()]
    if any(day.year != year for day in [*off, *make_up]):
        raise CalendarRefused(f"只能录入 {year} 年的日期。")
    if any(day.weekday() < 5 for day in make_up):
        raise CalendarRefused("调休上班的日期应为周六或周日。")
    if set(off) & set(make_up):
        raise CalendarRefused("同一天不能既放假又上班。")
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    weekdays = [first + timedelta(days=n) for n in range(length)]
    worked = len({day for day in weekdays if day.weekday() < 5} - set(off)) + len(set(make_up))
    if not FEWEST <= worked <= MOST:
        raise CalendarRefused(
            f"按此安排全年有 {worked} 个工作日，应在 {FEWEST} 至 {MOST} 之间，请核对。"
        )


def _periods(row: CalendarYear) -> list[Period]:
    return [
        Period(date.fromisoformat(first), date.fromisoformat(last), name)
        for first, last, name in row.periods
    ]


def _entries(year: int, periods: Sequence[Period], make_up: Sequence[date]) -> list[_Entry]:
    """What the notice says, and what it takes back of the library's calendar for that year."""
    entries = {day: _Entry(day, True, MAKE_UP) for day in make_up}
    entries |= {day: _Entry(day, False, period.name) for period in periods for day in period.days()}
    for day in [*statutory.OFF, *statutory.MAKE_UP]:
        if day.year == year and day not in entries:
            entries[day] = _Entry(day, day.weekday() < 5, "按通知不作调整")
    return list(entries.values())


def _supersede(
    session: Session,
    unit_id: int | None,
    entries: Iterable[_Entry],
    source: str,
    entered_by: int | None,
    at: datetime,
) -> None:
    rows = [
        {
            "unit_id": unit_id,
            "day": entry.day,
            "is_workday": entry.is_workday,
            "hours": entry.hours,
            "reason": entry.reason,
            "source": source,
            "entered_by": entered_by,
            "entered_at": at,
        }
        for entry in entries
    ]
    session.execute(
        sa.update(WorkdayOverride)
        .where(
            WorkdayOverride.unit_id.is_(None)
            if unit_id is None
            else WorkdayOverride.unit_id == unit_id,
            WorkdayOverride.day.in_([row["day"] for row in rows]),
            WorkdayOverride.superseded_at.is_(None),
        )
        .values(superseded_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(sa.insert(WorkdayOverride), rows)
    calendar.raise_version(session, at)
