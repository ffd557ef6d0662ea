"""依据: by which calendars and rules the case was handled.

Choices of units and changes of the calendar are entries of the record; they go into the file with
their proofs. What a limit was computed from stands in rows beside the record: the signed list
answers for these, and the entries of the acts say what came of them. Which stays and limits there
are, and how they stand, is what the record says as far as the checkpoint goes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.audit import AuditEntry, Checkpoint, Entry
from app.deadlines import Limit
from app.handling.casefile import calendars
from app.handling.models import Case, Task
from app.handling.replaying.moments import Moment, Stay
from app.handling.replaying.rebuilding import take
from app.organization.choices import upwards
from app.organization.models import Unit

CHOICES = ("policy", "preflight", "attachments", "review", "signing")
ACTIONS = sa.or_(
    AuditEntry.action.startswith("calendar."),
    AuditEntry.action.in_([f"{each}.chosen" for each in CHOICES]),
)
LIVE = ("state", "handled_at")
"""Columns of a limit that change after it was set."""


def entries(session: Session, case: Case, size: int) -> dict[int, str]:
    """Bodies by number: what the unit, and those above it, had chosen until the case ended."""
    query = sa.select(AuditEntry.seq, AuditEntry.body).where(ACTIONS, AuditEntry.seq <= size)
    if case.ended_at is not None:
        query = query.where(AuditEntry.at <= case.ended_at)
    above = _above(session, case.unit_id)
    found = session.execute(query.order_by(AuditEntry.seq))
    return {row.seq: row.body for row in found if _concerns(row.body, above)}


def _above(session: Session, unit_id: int) -> set[int]:
    units = {each.id: each for each in session.scalars(sa.select(Unit))}
    return set(upwards(units, unit_id))


def _concerns(body: str, units: set[int]) -> bool:
    unit = json.loads(body)["detail"].get("unit")
    return unit is None or unit in units


def limits(
    session: Session, case: Case, entries: Sequence[Entry], checkpoint: Checkpoint
) -> dict[str, Any]:
    """Inputs and outcome of every limit, with the calendars that they were counted by.

    entries  of the case, as far as the checkpoint goes
    """
    stays, named = _stays(session, entries)
    rows = deadlines.limits_of(session, "task", [each.id for each in stays])
    counted = [each for each in rows if (each.subject_id, each.due_at) in named]
    return {
        "stays": [_stay(each) for each in stays],
        "limits": [_limit(each) for each in counted],
        "calendars": calendars.used(session, case, stays, counted, checkpoint.moment),
    }


def _stays(
    session: Session, entries: Sequence[Entry]
) -> tuple[list[Stay], set[tuple[int, datetime]]]:
    """The stays after these entries, and by when each ever was to be done: (id, time).

    Entries of before the notes tell only that a stay began and ended: the row has the rest.
    """
    moment, named = Moment(), set()
    for entry in entries:
        take(moment, entry)
        named |= {(each.id, each.due_at) for each in moment.stays.values() if each.due_at}
    found = [
        each if each.told else _filled(each, session.get(Task, each.id))
        for _, each in sorted(moment.stays.items())
    ]
    return found, named | {(each.id, each.due_at) for each in found if each.due_at}


def _filled(stay: Stay, row: Task | None) -> Stay:
    if row is None:
        return stay
    return replace(
        stay,
        step=row.step,
        step_name=row.step_name,
        arrived_at=row.arrived_at,
        due_at=stay.due_at or row.due_at,
        limit_steps=stay.limit_steps or tuple(row.limit_steps),
        calendar_version=stay.calendar_version or row.calendar_version,
    )


def _stay(stay: Stay) -> dict[str, Any]:
    names = ("id", "step", "step_name", "state", "arrived_at", "due_at", "done_at")
    words = {name: getattr(stay, name) for name in (*names, "calendar_version")}
    return texts({**words, "sum": list(stay.limit_steps)})


def _limit(limit: Limit) -> dict[str, Any]:
    """What it was computed from; what became of it is in the entries."""
    words = {name: each for name, each in vars(limit).items() if name not in LIVE}
    return texts(words)


def texts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Ready for JSON: times in ISO 8601."""
    return {
        name: each.isoformat() if isinstance(each, datetime) else each
        for name, each in given.items()
    }
