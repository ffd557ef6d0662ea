"""The cases behind a figure: which stays were counted in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.deadlines import working_minutes
from app.documents.models import Document
from app.handling.flow.measuring import ENDED, Wanted, conditions
from app.handling.models import TASK_STATES, Case, Task
from app.organization import Person, Unit

FIGURES = {
    "passes": "经过",
    "returned": "退回",
    "again": "退回后重办",
    "skipped": "按规则跳过",
    "open": "在办",
    "rework": "有退回的案件",
    "cases": "全部案件",
}


@dataclass(frozen=True)
class Stay:
    """One stay of those counted; ``minutes`` of working time, of an open one up to now."""

    task_id: int
    case_id: int
    title: str
    number: str | None
    unit: str
    step_name: str
    state: str
    person: str
    arrived_at: datetime
    done_at: datetime | None
    minutes: int


def behind(
    session: Session,
    wanted: Wanted,
    figure: str,
    step: str,
    now: datetime,
    limit: int,
    skip: int = 0,
) -> list[Stay]:
    """Those that arrived first come first.

    step  "" for the figures of the whole version
    """
    query = (
        sa.select(Task, Case.unit_id, Document.title, Document.number, Unit.name, Person.name)
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(Person, Person.id == Task.done_by_id)
        .where(*conditions(wanted), *_counted(figure))
        .order_by(Task.arrived_at, Task.id)
        .limit(limit)
        .offset(skip)
    )
    if step:
        query = query.where(Task.step == step)
    return [
        Stay(
            task_id=task.id,
            case_id=task.case_id,
            title=title,
            number=number,
            unit=unit,
            step_name=task.step_name,
            state=TASK_STATES[task.state],
            person=person or "",
            arrived_at=task.arrived_at,
            done_at=task.done_at,
            minutes=working_minutes(
                task.arrived_at, task.done_at or now, deadlines.load(session, unit_id)
            ),
        )
        for task, unit_id, title, number, unit, person in session.execute(query)
    ]


def _counted(figure: str) -> Collection[sa.ColumnElement[bool]]:
    if figure == "open":
        return [Task.state == "open"]
    if figure == "skipped":
        return [Task.state == "skipped"]
    if figure in ("returned", "rework"):
        return [Task.state == "returned"]
    if figure == "again":
        return [Task.state.in_(ENDED), Task.returned.is_(True)]
    return [Task.state.in_(ENDED)]
