"""在办, narrowed: which of the cases under way a process administrator wants to see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines import load, working_days_before
from app.documents.models import Document
from app.handling import administering
from app.handling.administering import administered
from app.handling.models import Case, Incident, Intervention, Task
from app.organization import Actor, Unit

LIVE = ("running", "suspended")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" and 0 for everything.

    q     looked for in title and number
    only  blocked, incident, suspended or proposed
    days  working days for which an open stay has waited at least
    unit  key of a unit
    version  of the process
    """

    q: str = ""
    process: str = ""
    step: str = ""
    only: str = ""
    days: int = 0
    unit: str = ""
    version: int = 0


def steps(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(step, name) of every step at which something waits, to narrow the list to."""
    query = (
        sa.select(Task.step, sa.func.max(Task.step_name))
        .join(Case, Case.id == Task.case_id)
        .where(Task.state == "open", Case.state.in_(LIVE), administered(actor))
        .group_by(Task.step)
        .order_by(Task.step)
    )
    return [(step, name) for step, name in session.execute(query)]


def processes(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(process, name) of what is under way."""
    query = (
        sa.select(Case.process_id, sa.func.max(Case.process_name))
        .where(Case.state.in_(LIVE), administered(actor))
        .group_by(Case.process_id)
        .order_by(Case.process_id)
    )
    return [(process, name) for process, name in session.execute(query)]


def units(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(key, name) of the units that the actor administers."""
    query = sa.select(Unit.key, Unit.name).where(Unit.id.in_(administering.units(actor)))
    return [(key, name) for key, name in session.execute(query.order_by(Unit.rank, Unit.id))]


def conditions(
    session: Session, actor: Actor, wanted: Wanted, now: datetime
) -> list[sa.ColumnElement[bool]]:
    """On a statement that joins cases with their unit and their document."""
    found = [Case.state.in_(LIVE), administered(actor)]
    if wanted.process:
        found.append(Case.process_id == wanted.process)
    if wanted.version:
        found.append(Case.process_version == wanted.version)
    if wanted.unit:
        found.append(Unit.key == wanted.unit)
    if wanted.only in _OF_CASE:
        found.append(_OF_CASE[wanted.only]())
    words = wanted.q.strip()
    if words:
        columns = (Document.title, Document.number)
        found.append(sa.or_(*(column.icontains(words, autoescape=True) for column in columns)))
    of_stay = _of_stay(session, actor, wanted, now)
    if of_stay:
        stay = sa.exists().where(Task.case_id == Case.id, Task.state == "open", *of_stay)
        found.append(stay.correlate(Case))
    return found


def _of_stay(
    session: Session, actor: Actor, wanted: Wanted, now: datetime
) -> list[sa.ColumnElement[bool]]:
    """What one and the same open stay has to fulfil: this step, waited so long, without people."""
    found: list[sa.ColumnElement[bool]] = []
    if wanted.step:
        found.append(Task.step == wanted.step)
    if wanted.only in _OF_STAY:
        found.append(_OF_STAY[wanted.only]())
    if wanted.days:
        found.append(_has_waited(session, actor, wanted.days, now))
    return found


def _has_waited(session: Session, actor: Actor, days: int, now: datetime) -> sa.ColumnElement[bool]:
    """By the calendar of the case's own unit, so many working days up to now."""

    def in_unit(unit_id: int) -> sa.ColumnElement[bool]:
        latest = working_days_before(now, days, load(session, unit_id))
        return (Case.unit_id == unit_id) & (Task.arrived_at <= latest)

    return sa.or_(*(in_unit(unit_id) for unit_id in administering.units(actor)))


def is_faulty() -> sa.ColumnElement[bool]:
    return sa.exists().where(Incident.task_id == Task.id, Incident.ended_at.is_(None))


def is_proposed() -> sa.ColumnElement[bool]:
    waiting = (Intervention.case_id == Case.id) & (Intervention.state == "proposed")
    return sa.exists().where(waiting).correlate(Case)


_OF_STAY: Mapping[str, Callable[[], sa.ColumnElement[bool]]] = {
    "blocked": lambda: Task.blocked.is_not(None),
    "incident": lambda: is_faulty().correlate(Task),
}
_OF_CASE: Mapping[str, Callable[[], sa.ColumnElement[bool]]] = {
    "suspended": lambda: Case.state == "suspended",
    "proposed": is_proposed,
}
ONLY = {"blocked": "无人可办", "incident": "有故障", "suspended": "暂停", "proposed": "有待确认"}
"""What the list may be narrowed to, and how that is called."""
DAYS = (1, 3, 5, 10)
"""Working days that the page offers."""
