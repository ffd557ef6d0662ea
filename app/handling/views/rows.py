"""Rows of stays, frozen and made for what is shown: lists, the API and pages draw the same ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from app import clock
from app.deadlines import lamps, load
from app.documents import kinds
from app.documents.models import Document
from app.handling.act import outcomes_at
from app.handling.models import Case, Notice, Opinion, Task, TaskCandidate
from app.handling.views.processing import processing
from app.organization import Person
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase


@dataclass(frozen=True)
class Principal:
    """For whom an agent stands at a stay (代)."""

    login: str
    name: str


@dataclass(frozen=True)
class Holder:
    """Somebody who may act at a stay, or could while it was open."""

    login: str
    name: str
    stands_for: Principal | None = None

    @property
    def words(self) -> str:
        """``李丽``, or ``李丽（代王建军）``."""
        return f"{self.name}（代{self.stands_for.name}）" if self.stands_for else self.name


@dataclass(frozen=True)
class TaskRow:
    """One stay as lists and the API show it; times are aware, ``lamp`` is computed from now.

    nature  公文性质 in words, "" where none was chosen
    agents  by the login of who may act, or acted, here in somebody's stead
    batch  the diagram lets it be done together with others
    processing  a key of ``processing.PROCESSING``: what it waits for here (SRC-04)
    """

    id: int
    case_id: int
    document_id: int
    process: str
    process_name: str
    process_version: int
    step: str
    step_name: str
    state: str
    revision: int
    title: str
    kind: str
    number: str | None
    flow: str
    from_unit: str | None
    source_number: str | None
    urgency: str
    arrived_at: datetime
    opened_at: datetime | None
    due_at: datetime | None
    limit_steps: Sequence[str]
    limit_provisional: bool
    done_at: datetime | None
    outcome_label: str | None
    kind_of_stay: str
    returned: bool
    blocked: str | None
    sent_by: str | None
    sent_opinion: str | None
    starter: str
    case_state: str
    lamp: lamps.Lamp
    outcomes: Sequence[Any]
    candidates: Sequence[tuple[str, str]]
    rules: Sequence[str]
    opened_by_id: int | None = None
    batch: bool = False
    notice: str | None = None
    notice_id: int | None = None
    agents: Mapping[str, Principal] = field(default_factory=dict)
    notice_kind: str | None = None
    notice_task_id: int | None = None
    nature: str = ""
    keywords: Sequence[str] = ()
    processing: str = "other"

    @property
    def assignee(self) -> str | None:
        """The login of the one person who can act here; None while several can."""
        return self.candidates[0][0] if len(self.candidates) == 1 else None


def rows(
    session: Session,
    *conditions: sa.ColumnElement[bool],
    order: Any = None,
    limit: int | None = None,
    skip: int = 0,
    notices: Mapping[int, Notice] | None = None,
) -> list[TaskRow]:
    sender, starter = aliased(Person), aliased(Person)
    query = (
        sa.select(
            Task, Case, Document, WorkflowCase.sha256, sender.name, Opinion.text, starter.name
        )
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .join(starter, starter.id == Case.starter_id)
        .outerjoin(sender, sender.id == Task.sent_by_id)
        .outerjoin(Opinion, Opinion.task_id == Task.sent_from_id)
        .where(*conditions)
        .order_by(Task.id if order is None else order)
        .options(defer(Document.text))  # long, and no list shows it
        .offset(skip or None)
    )
    found = session.execute(query.limit(limit) if limit else query).all()
    people = holders_at(session, [row[0].id for row in found])
    now = clock.now(session) if found else None
    return [_row(session, row, people, now, notices or {}) for row in found]


def _row(
    session: Session,
    found: Any,
    people: Mapping[int, Sequence[Holder]],
    now: Any,
    notices: Mapping[int, Notice],
) -> TaskRow:
    task, case, document, sha256, sender, opinion, starter = found
    drawn = definition(session, sha256)
    step = drawn.step(task.step)
    calendar = load(session, case.unit_id)
    notice = notices.get(case.id)
    return TaskRow(
        id=task.id,
        case_id=case.id,
        document_id=document.id,
        process=case.process_id,
        process_name=case.process_name,
        process_version=case.process_version,
        step=task.step,
        step_name=task.step_name,
        state=task.state,
        revision=task.revision,
        title=document.title,
        kind=document.kind,
        number=document.number,
        flow=document.flow,
        from_unit=document.from_unit,
        source_number=document.source_number,
        urgency=document.urgency,
        arrived_at=task.arrived_at,
        opened_at=task.opened_at,
        due_at=task.due_at,
        limit_steps=task.limit_steps,
        limit_provisional=task.limit_provisional,
        done_at=task.done_at,
        outcome_label=task.outcome_label,
        kind_of_stay=task.kind,
        returned=task.returned,
        blocked=task.blocked,
        sent_by=sender,
        sent_opinion=opinion,
        starter=starter,
        case_state=case.state,
        lamp=lamps.lamp(
            task.due_at,
            task.done_at or now,
            calendar,
            task.arrived_at,
            suspended=case.state == "suspended",
            steps=task.limit_steps,
            provisional=task.limit_provisional,
        ),
        outcomes=outcomes_at(task, step),
        candidates=[(each.login, each.words) for each in people.get(task.id, [])],
        rules=step.properties.get("rule", "").split(),
        opened_by_id=task.opened_by_id,
        batch=step.properties.get("batch") == "yes" and task.kind == "step" and not task.blocked,
        notice=notice.text if notice else None,
        notice_id=notice.id if notice else None,
        agents={each.login: each.stands_for for each in people.get(task.id, []) if each.stands_for},
        notice_kind=notice.kind if notice else None,
        notice_task_id=(notice.task_id or None) if notice else None,
        nature=kinds.NATURES.get(document.nature, ""),
        keywords=document.keywords_in_force,
        processing=processing(drawn, step),
    )


def people_at(session: Session, identities: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """(login, name) of who may act at each of these stays, by its id; an agent with 代 whom."""
    found = holders_at(session, identities)
    return {
        task_id: [(each.login, each.words) for each in people] for task_id, people in found.items()
    }


def holders_at(session: Session, identities: Sequence[int]) -> dict[int, list[Holder]]:
    """Who may act at each of these stays, in their own right first; one statement."""
    if not identities:
        return {}
    principal = aliased(Person)
    query = (
        sa.select(TaskCandidate.task_id, Person.login, Person.name, principal.login, principal.name)
        .join(Person, Person.id == TaskCandidate.person_id)
        .outerjoin(principal, principal.id == TaskCandidate.principal_id)
        .where(TaskCandidate.task_id.in_(identities))
        .order_by(TaskCandidate.task_id, TaskCandidate.principal_id.is_not(None), Person.id)
    )
    found: dict[int, list[Holder]] = {}
    for task_id, login, name, of_login, of_name in session.execute(query):
        stands_for = Principal(of_login, of_name) if of_login else None
        found.setdefault(task_id, []).append(Holder(login, name, stands_for))
    return found
