"""在办: where the cases of a unit stand, with whom and since when — for those who administer them.

Titles as in the form for naming somebody; nothing of the documents themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.deadlines import lamps, load, working_minutes
from app.documents.models import Document
from app.handling.models import Case, Task
from app.handling.views.narrowing import Wanted, conditions, is_faulty, is_proposed
from app.handling.views.rows import people_at
from app.handling.views.waiting import for_time
from app.organization import Actor, Unit


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
    until     the time that it waits for while it lies with nobody; else ""
    """

    id: int
    unit: str
    unit_name: str
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
    until: str = ""


def cases(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    limit: int,
    skip: int = 0,
) -> list[CaseRow]:
    """Cases under way, the one that has waited longest at its step first."""
    now = clock.now(session)
    waiting_since = (
        sa.select(sa.func.min(Task.arrived_at))
        .where(Task.case_id == Case.id, Task.state == "open")
        .scalar_subquery()
    )
    query = (
        sa.select(Case, Unit, Document.title, Document.number, is_proposed().label("proposed"))
        .join(Unit, Unit.id == Case.unit_id)
        .join(Document, Document.id == Case.document_id)
        .where(*conditions(session, actor, wanted, now))
        .order_by(waiting_since, Case.id)
        .limit(limit)
        .offset(skip or None)
    )
    rows = session.execute(query).all()
    stays = _stays(session, [row[0].id for row in rows])
    found = [_row(session, row, stays.get(row[0].id, []), now) for row in rows]
    waiting = for_time(session, [row.id for row in found if not row.waiting], now)
    return [replace(row, until=waiting.get(row.id, "")) for row in found]


def _stays(session: Session, case_ids: Collection[int]) -> dict[int, list[tuple[Task, bool]]]:
    query = sa.select(Task, is_faulty().correlate(Task)).where(Task.case_id.in_(case_ids))
    found: dict[int, list[tuple[Task, bool]]] = {}
    for task, faulty in session.execute(query.order_by(Task.id)):
        found.setdefault(task.case_id, []).append((task, faulty))
    return found


def _row(session: Session, row: Any, stays: Sequence[tuple[Task, bool]], now: datetime) -> CaseRow:
    case, unit, title, number, proposed = row
    calendar = load(session, case.unit_id)
    open_stays = [(task, faulty) for task, faulty in stays if task.state == "open"]
    people = people_at(session, [task.id for task, _ in open_stays])
    return CaseRow(
        id=case.id,
        unit=unit.key,
        unit_name=unit.name,
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
