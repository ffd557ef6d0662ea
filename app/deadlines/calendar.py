"""The working calendar of a unit as the database has it, kept in the process for a while."""

import time
from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.deadlines import hours as working_hours
from app.deadlines import inheritance, statutory
from app.deadlines.changes import Change, Entry
from app.deadlines.hours import Hours
from app.deadlines.models import CalendarVersion, CalendarYear, WorkdayOverride, WorkingHours
from app.deadlines.policy_keys import policy_of
from app.deadlines.workdays import Day, Override, WorkCalendar

__all__ = [
    "Day",
    "WorkCalendar",
    "forget",
    "known_at",
    "load",
    "number",
    "raise_version",
    "supposing",
    "version",
]

KEPT_SECONDS = 30.0
"""For so long a process may compute with the calendar before a change; the version tells."""

NOTHING = Change(None, "")

Stamp = tuple[int, datetime] | None
"""Number and time of the version row; both, for a number rolled back may be given again."""


@dataclass
class _Kept:
    calendar: WorkCalendar
    stamp: Stamp
    checked: float


_kept: WeakKeyDictionary[Engine, dict[int | None, _Kept]] = WeakKeyDictionary()


def load(session: Session, unit_id: int | None) -> WorkCalendar:
    """The calendar of a unit; None asks for the one of every unit.

    Costs no statement for 30 seconds after the last look, then one to compare the version, and
    five only when the calendar was changed.
    """
    kept = _kept.setdefault(session.get_bind().engine, {})
    found = kept.get(unit_id)
    if found and time.monotonic() - found.checked < KEPT_SECONDS:
        return found.calendar
    stamp = _stamp(session)
    if not found or found.stamp != stamp:
        found = kept[unit_id] = _Kept(_read(session, unit_id, stamp), stamp, 0)
    found.checked = time.monotonic()
    return found.calendar


def supposing(session: Session, unit_id: int | None, change: Change) -> WorkCalendar:
    """The calendar of a unit as it would be after a change; not kept, nothing is written."""
    return _read(session, unit_id, _stamp(session), change)


def known_at(session: Session, unit_id: int | None, at: datetime, number: int) -> WorkCalendar:
    """The calendar of a unit as all entries up to ``at`` made it, that moment included.

    number  of the version that it was then. Not kept: see :mod:`app.deadlines.past`.
    """
    return _read(session, unit_id, (number, at), at=at)


def number(session: Session) -> int:
    """Of the present version: how often calendar or policy were changed."""
    stamp = _stamp(session)
    return stamp[0] if stamp else 0


def version(session: Session) -> str:
    """What limits are computed with from now on; looks, whatever the process holds."""
    forget(session)
    return _version(_stamp(session))


def forget(session: Session) -> None:
    """Look at the version at the next use, for this process; called by whoever changes it."""
    for found in _kept.get(session.get_bind().engine, {}).values():
        found.checked = float("-inf")


def raise_version(session: Session, at: datetime) -> None:
    """Say that calendar or policy changed just now; the row lock keeps writers in turn."""
    changed = session.execute(
        sa.update(CalendarVersion)
        .values(number=CalendarVersion.number + 1, at=at)
        .execution_options(synchronize_session=False)
        .returning(CalendarVersion.number)
    ).first()
    if changed is None:
        session.execute(sa.insert(CalendarVersion).values(id=1, number=1, at=at))
    forget(session)


def _stamp(session: Session) -> Stamp:
    row = session.execute(sa.select(CalendarVersion.number, CalendarVersion.at)).first()
    return (row.number, row.at) if row else None


def _version(stamp: Stamp) -> str:
    return f"{stamp[0] if stamp else 0}/{statutory.LIBRARY}"


def _read(
    session: Session,
    unit_id: int | None,
    stamp: Stamp,
    supposed: Change = NOTHING,
    at: datetime | None = None,
) -> WorkCalendar:
    """A notice that was confirmed holds on while its correction waits to be confirmed.

    at  as it was then; None: as it is
    """
    chain = inheritance.chain(session, unit_id, supposed, at)
    if supposed.unit_id not in (None, unit_id):
        supposed = NOTHING
    notices = session.execute(
        sa.select(CalendarYear.year, CalendarYear.source).where(
            CalendarYear.confirmed_at.is_not(None)
            if at is None
            else CalendarYear.confirmed_at <= at
        )
    )
    assumed = {supposed.year: supposed.source} if supposed.year else {}
    return WorkCalendar(
        version=_version(stamp),
        overrides=_overrides(session, unit_id, supposed, at),
        notices={row.year: row.source for row in notices} | assumed,
        hours=_hours(session, unit_id, supposed, at),
        policy=policy_of(chain),
    )


def _overrides(
    session: Session, unit_id: int | None, supposed: Change, at: datetime | None
) -> dict[date, Override]:
    rows = session.execute(
        sa.select(WorkdayOverride).where(_standing(at), _of(WorkdayOverride.unit_id, unit_id))
    ).scalars()
    found = [(row.unit_id, row.day, _override(row, row.source)) for row in rows]
    found += [
        (supposed.unit_id, entry.day, _override(entry, supposed.source))
        for entry in supposed.entries
    ]
    found.sort(key=lambda each: each[0] is not None)  # the unit's own last: they win
    return {day: override for _, day, override in found}


def _override(entry: WorkdayOverride | Entry, source: str) -> Override:
    hours = working_hours.read(entry.hours) if entry.hours else None
    return Override(entry.is_workday, entry.reason, source, hours)


def _hours(
    session: Session, unit_id: int | None, supposed: Change, at: datetime | None
) -> tuple[tuple[date, Hours], ...]:
    """Newest first; a unit that has set its own hours no longer follows those of every unit."""
    rows = session.execute(
        sa.select(WorkingHours.unit_id, WorkingHours.since, WorkingHours.hours)
        .where(_of(WorkingHours.unit_id, unit_id), _entered(at))
        .order_by(WorkingHours.since.desc(), WorkingHours.id.desc())
    ).all()
    read = [(row.unit_id, (row.since, working_hours.read(row.hours))) for row in rows]
    if supposed.hours is not None:
        read = sorted(
            [(supposed.unit_id, supposed.hours), *read], key=lambda each: each[1][0], reverse=True
        )
    own = tuple(entry for of, entry in read if of is not None)
    shared = tuple(entry for of, entry in read if of is None)
    first_own = own[-1][0] if own else date.max
    return own + tuple(entry for entry in shared if entry[0] < first_own)


def _entered(at: datetime | None) -> sa.ColumnElement[bool]:
    return sa.true() if at is None else WorkingHours.entered_at <= at


def _standing(at: datetime | None) -> sa.ColumnElement[bool]:
    row = WorkdayOverride
    if at is None:
        return row.superseded_at.is_(None)
    return (row.entered_at <= at) & (row.superseded_at.is_(None) | (row.superseded_at > at))


def _of(
    column: sa.orm.InstrumentedAttribute[int | None], unit_id: int | None
) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column == unit_id)
