"""在办: where the cases of a unit stand, with whom and since when — for those who administer them.

Titles as in the form for naming somebody; nothing of the documents themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.deadlines import lamps, load, working_minutes
from app.documents.models import Document
from app.handling.administering import administered
from app.handling.models import Case, Incident, Intervention, Task
from app.handling.views.rows import people_at
from app.organization import Actor

LIVE = ("running", "suspended")


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" and False for everything.

    q     looked for in title and number, or the number of the case
    only  blocked, incident, suspended or proposed
    """

    q: str = ""
    process: str = ""
    step: str = ""
    only: str = ""


@dataclass(frozen=True)
class Waiting:
    """An open stay. ``minutes``: working minutes since it arrived."""

    task_id: int
    step: str
    step_name: str
    people: Sequence[tuple[str, str]]
    arrived_at: datetime
    minutes: int
    lamp: lamps.Lamp
    blocked: str | None
    faulty: bool


@dataclass(frozen=True)
class CaseRow:
    """A case that has not ended.

    done      names of the steps done so far, in their order
    proposed  administrators have something before them about it
    """

    id: int
    process: str
    process_name: str
    process_version: int
    state: str
    title: str
    number: str | None
    started_at: datetime
    waiting: Sequence[Waiting] = ()
    done: Sequence[str] = field(default_factory=list)
    proposed: bool = False


def cases(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    limit: int,
    skip: int = 0,
) -> list[CaseRow]:
    """Cases under way, the one that has waited longest at its step first."""
    waiting_since = (
        sa.select(sa.func.min(Task.arrived_at))
        .where(Task.case_id == Case.id, Task.state == "open")
        .scalar_subquery()
    )
    query = (
        sa.select(Case, Document.title, Document.number, _is_proposed().label("proposed"))
        .join(Document, Document.id == Case.document_id)
        .where(Case.state.in_(LIVE), administered(actor), *_conditions(wanted))
        .order_by(waiting_since, Case.id)
        .limit(limit)
        .offset(skip or None)
    )
    rows = session.execute(query).all()
    stays = _stays(session, [row[0].id for row in rows])
    now = clock.now(session)
    return [_row(session, row, stays.get(row[0].id, []), now) for row in rows]


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


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.process:
        found.append(Case.process_id == wanted.process)
    if wanted.step:
        found.append(_open_stay(Task.step == wanted.step))
    if wanted.only:
        found.append(_ONLY[wanted.only]())
    words = wanted.q.strip()
    if words:
        columns = (Document.title, Document.number)
        found.append(sa.or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return found


def _open_stay(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    of_case = sa.exists().where(Task.case_id == Case.id, Task.state == "open", *conditions)
    return of_case.correlate(Case)


def _is_faulty() -> sa.ColumnElement[bool]:
    return sa.exists().where(Incident.task_id == Task.id, Incident.ended_at.is_(None))


def _is_proposed() -> sa.ColumnElement[bool]:
    waiting = (Intervention.case_id == Case.id) & (Intervention.state == "proposed")
    return sa.exists().where(waiting).correlate(Case)


_ONLY = {
    "blocked": lambda: _open_stay(Task.blocked.is_not(None)),
    "incident": lambda: _open_stay(_is_faulty().correlate(Task)),
    "suspended": lambda: Case.state == "suspended",
    "proposed": _is_proposed,
}
ONLY = {"blocked": "无人可办", "incident": "有故障", "suspended": "暂停", "proposed": "有待确认"}
"""What the list may be narrowed to, and how that is called."""


def _stays(session: Session, case_ids: Collection[int]) -> dict[int, list[tuple[Task, bool]]]:
    query = sa.select(Task, _is_faulty().correlate(Task)).where(Task.case_id.in_(case_ids))
    found: dict[int, list[tuple[Task, bool]]] = {}
    for task, faulty in session.execute(query.order_by(Task.id)):
        found.setdefault(task.case_id, []).append((task, faulty))
    return found


def _row(session: Session, row: Any, stays: Sequence[tuple[Task, bool]], now: datetime) -> CaseRow:
    case, title, number, proposed = row
    calendar = load(session, case.unit_id)
    open_stays = [(task, faulty) for task, faulty in stays if task.state == "open"]
    people = people_at(session, [task.id for task, _ in open_stays])
    return CaseRow(
        id=case.id,
        process=case.process_id,
        process_name=case.process_name,
        process_version=case.process_version,
        state=case.state,
        title=title,
        number=number,
        started_at=case.started_at,
        waiting=[
            Waiting(
                task_id=task.id,
                step=task.step,
                step_name=task.step_name,
                people=people.get(task.id, []),
                arrived_at=task.arrived_at,
                minutes=working_minutes(task.arrived_at, now, calendar),
                lamp=lamps.lamp(
                    task.due_at,
                    now,
                    calendar,
                    task.arrived_at,
                    case.state == "suspended",
                    steps=task.limit_steps,
                    provisional=task.limit_provisional,
                ),
                blocked=task.blocked,
                faulty=faulty,
            )
            for task, faulty in open_stays
        ],
        done=[task.step_name for task, _ in stays if task.state in ("done", "returned")],
        proposed=proposed,
    )
