"""Days and working hours that a unit enters for itself (DDL-34). Every change is recorded.

The open limits that a change moves are counted again afterwards, by the room that has them.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.deadlines import calendar, changes, rights
from app.deadlines import hours as working_hours
from app.deadlines.changes import Change
from app.deadlines.models import WorkdayOverride, WorkingHours
from app.deadlines.rights import Author

OWN = "本单位录入"


def enter_day(
    session: Session,
    unit_id: int | None,
    day: date,
    is_workday: bool,
    reason: str,
    by: Author,
    at: datetime,
    *,
    hours: str | None = None,
    source: str = OWN,
) -> None:
    """Say that one day is worked or not, for a unit or (None) for every unit (DDL-34).

    hours   of that day where they differ, such as ``08:30-12:00``; only for a day that is worked
    source  the document that it rests on
    The earlier entry for the day stays on record, superseded.
    Raises CalendarRefused without reason or document, or for hours that cannot be, NotAllowed
    for who is no system administrator of the unit.
    """
    signature = rights.editing(by, unit_id)
    change = changes.of_day(unit_id, day, is_workday, reason, source, hours)
    supersede(session, change, signature.person_id, at)
    (entry,) = change.entries
    audit.record(
        session,
        "calendar.day_entered",
        signature,
        at=at,
        reason=entry.reason,
        detail={
            "unit": unit_id,
            "day": str(day),
            "workday": is_workday,
            "hours": entry.hours,
            "source": change.source,
        },
    )


def set_hours(
    session: Session,
    unit_id: int | None,
    since: date,
    hours: str,
    by: Author,
    at: datetime,
    *,
    source: str = OWN,
) -> None:
    """Set the working hours of a unit from a day on; the hours before that day stay known.

    Raises CalendarRefused, NotAllowed like :func:`enter_day`.
    """
    signature = rights.editing(by, unit_id)
    change = changes.of_hours(unit_id, since, hours, source)
    text = working_hours.write(working_hours.read(hours))
    session.execute(
        sa.insert(WorkingHours).values(
            unit_id=unit_id, since=since, hours=text, entered_by=signature.person_id, entered_at=at
        )
    )
    calendar.raise_version(session, at)
    detail = {"unit": unit_id, "since": str(since), "hours": text, "source": change.source}
    audit.record(session, "calendar.hours_set", signature, at=at, detail=detail)


def supersede(session: Session, change: Change, entered_by: int | None, at: datetime) -> None:
    """Write the entries of a change in place of earlier ones for the same days."""
    rows = [
        {
            "unit_id": change.unit_id,
            "day": entry.day,
            "is_workday": entry.is_workday,
            "hours": entry.hours,
            "reason": entry.reason,
            "source": change.source,
            "entered_by": entered_by,
            "entered_at": at,
        }
        for entry in change.entries
    ]
    session.execute(
        sa.update(WorkdayOverride)
        .where(
            WorkdayOverride.unit_id.is_(None)
            if change.unit_id is None
            else WorkdayOverride.unit_id == change.unit_id,
            WorkdayOverride.day.in_([row["day"] for row in rows]),
            WorkdayOverride.superseded_at.is_(None),
        )
        .values(superseded_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(sa.insert(WorkdayOverride), rows)
    calendar.raise_version(session, at)
