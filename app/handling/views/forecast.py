"""What a change of calendar or policy would move, before anybody decides on it; nothing is written.

For administrators who may not read documents: numbers of cases and names of steps only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.deadlines import calendar, inheritance
from app.deadlines.changes import Change
from app.deadlines.queries import Limit
from app.deadlines.recomputing import recomputed
from app.handling.models import Case, Task
from app.handling.stays import recomputing, recomputing_timers
from app.workflow.models import WorkflowTimer

AT_ONCE = 500
LISTED = 50


@dataclass(frozen=True)
class _Open:
    """An open limit, or a timer drawn on a route, with what it was counted from."""

    case_id: int
    unit_id: int
    name: str
    due_at: datetime
    limit: Limit | None


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
    of = inheritance.concerned(session, change)
    for each in chain(_running(session, of), _ticking(session, of)):
        if each.unit_id not in calendars:
            calendars[each.unit_id] = calendar.supposing(session, each.unit_id, change)
        found.looked_at += 1
        _count(found, each, calendars[each.unit_id], units[each.unit_id], now)
    return found


def _count(
    found: Forecast, each: _Open, days: calendar.WorkCalendar, unit: str, now: datetime
) -> None:
    if each.limit is None:
        return
    end = recomputed(each.limit, each.due_at, days, now)
    if end is None or end.due_at == each.due_at:
        return
    lifted = each.due_at <= now < end.due_at
    found.earlier += end.due_at < each.due_at
    found.later += end.due_at > each.due_at
    found.lifted += lifted
    if len(found.moved) < LISTED:
        found.moved.append(Moved(each.case_id, unit, each.name, each.due_at, end.due_at, lifted))


def _running(session: Session, of: set[int] | None) -> Iterator[_Open]:
    """A few hundred at a time, so that ten thousand need not be held at once."""
    last = 0
    while True:
        query = (
            sa.select(Task, Case.unit_id, Case.document_id)
            .join(Case, Case.id == Task.case_id)
            .where(*recomputing.open_limits(), _of(of), Task.id > last)
            .order_by(Task.id)
            .limit(AT_ONCE)
        )
        found = recomputing.with_inputs(session, session.execute(query).all())
        for task, unit, limit in ((each.task, each.unit_id, each.limit) for each in found):
            if task.due_at is not None:
                yield _Open(task.case_id, unit, task.step_name, task.due_at, limit)
        if len(found) < AT_ONCE:
            return
        last = found[-1].task.id


def _ticking(session: Session, of: set[int] | None) -> Iterator[_Open]:
    """Timers by the same measure; they are far fewer than limits."""
    last = 0
    while True:
        query = recomputing_timers.ticking(_of(of), WorkflowTimer.id > last).limit(AT_ONCE)
        found = recomputing_timers.with_inputs(session, session.execute(query).all())
        for each in found:
            name = f"定时器“{each.name}”"
            yield _Open(each.case.id, each.case.unit_id, name, each.limit.due_at, each.limit)
        if len(found) < AT_ONCE:
            return
        last = found[-1].timer.id


def _of(units: set[int] | None) -> sa.ColumnElement[bool]:
    return sa.true() if units is None else Case.unit_id.in_(units)
