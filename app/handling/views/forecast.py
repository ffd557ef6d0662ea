"""What a change of calendar or policy would move, before anybody decides on it; nothing is written.

For administrators who may not read documents: numbers of cases and names of steps only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.deadlines import calendar, inheritance
from app.deadlines.changes import Change
from app.deadlines.recomputing import recomputed
from app.handling.models import Case, Task
from app.handling.stays.recomputing import Running, open_limits, with_inputs

AT_ONCE = 500
LISTED = 50


@dataclass(frozen=True)
class Moved:
    """A limit that would end at another time; ``lifted``: it is overdue and would not be."""

    case_id: int
    unit: str
    step_name: str
    before: datetime
    after: datetime
    lifted: bool


@dataclass
class Forecast:
    """Counts over all open limits that the change concerns, and the first that would move."""

    looked_at: int = 0
    earlier: int = 0
    later: int = 0
    lifted: int = 0
    moved: list[Moved] = field(default_factory=list)

    @property
    def unmoved(self) -> int:
        return self.looked_at - self.earlier - self.later


def forecast(session: Session, change: Change, now: datetime) -> Forecast:
    """Count every open limit as it would be counted after the change."""
    units = {each.id: each.name for each in organization.units(session)}
    calendars: dict[int, calendar.WorkCalendar] = {}
    found = Forecast()
    for each in _running(session, inheritance.concerned(session, change)):
        if each.unit_id not in calendars:
            calendars[each.unit_id] = calendar.supposing(session, each.unit_id, change)
        found.looked_at += 1
        _count(found, each, calendars[each.unit_id], units[each.unit_id], now)
    return found


def _count(
    found: Forecast, each: Running, days: calendar.WorkCalendar, unit: str, now: datetime
) -> None:
    task = each.task
    if each.limit is None or task.due_at is None:
        return
    end = recomputed(each.limit, task.due_at, days, now)
    if end is None or end.due_at == task.due_at:
        return
    lifted = task.due_at <= now < end.due_at
    found.earlier += end.due_at < task.due_at
    found.later += end.due_at > task.due_at
    found.lifted += lifted
    if len(found.moved) < LISTED:
        found.moved.append(
            Moved(task.case_id, unit, task.step_name, task.due_at, end.due_at, lifted)
        )


def _running(session: Session, of: set[int] | None) -> Iterator[Running]:
    """A few hundred at a time, so that ten thousand need not be held at once."""
    last = 0
    of_unit = sa.true() if of is None else Case.unit_id.in_(of)
    while True:
        query = (
            sa.select(Task, Case.unit_id, Case.document_id)
            .join(Case, Case.id == Task.case_id)
            .where(*open_limits(), of_unit, Task.id > last)
            .order_by(Task.id)
            .limit(AT_ONCE)
        )
        found = with_inputs(session, session.execute(query).all())
        yield from found
        if len(found) < AT_ONCE:
            return
        last = found[-1].task.id
