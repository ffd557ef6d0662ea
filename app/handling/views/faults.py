"""故障: all of a unit that cannot go on by itself, with the cause, in one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.deadlines.models import Due
from app.documents.models import Document
from app.handling.administering import administered, units
from app.handling.models import Case, Incident, Task
from app.handling.receipts import opening as receipts
from app.handling.receipts.models import ReceiptCheck
from app.handling.stays import timers
from app.handling.supervision.models import Supervision
from app.handling.supervision.opening import SUBJECT
from app.messages import queries as outbox
from app.organization import Actor
from app.workflow.models import WorkflowTimer

KINDS = {"fault": "办理失败", "stay": "无人可办", "due": "时限未生效"}
MOST = 200
"""Rows of each kind; who has more has one cause for them."""


@dataclass(frozen=True)
class FaultRow:
    """One thing that stopped.

    id      kind and number, as retry and dismiss take it
    cause   a sentence; ``detail`` is what the machine said, "" where there is nothing to add
    task_id and step  of the stay; None and 督办 or 核查接收情况 where the limit is of these
    tries   how often it was tried; None for a stay without people, at which nobody tries
    """

    id: str
    kind: str
    case_id: int
    task_id: int | None
    title: str
    number: str | None
    process_name: str
    step_name: str
    cause: str
    detail: str
    since: datetime
    tries: int | None


def faults(session: Session, actor: Actor, case_id: int | None = None) -> list[FaultRow]:
    """What the actor administers, longest ago first; of one case where it is given."""
    rows = [
        *_acts(session, actor, case_id),
        *_stays(session, actor, case_id),
        *_limits(session, actor, case_id),
    ]
    return sorted(rows, key=lambda row: (row.since, row.id))


def unsent(session: Session, actor: Actor) -> list[outbox.Unsent]:
    """Reminders that did not reach people of the units that the actor administers."""
    return outbox.unsent(session, units(actor))


def count(session: Session, actor: Actor) -> int:
    """How many there are; one statement."""
    kinds = (_of_acts, _of_stays, _of_limits, _of_supervisions, _of_receipts)
    queries = [of(sa.func.count()) for of in kinds]
    parts = [query.where(administered(actor)).scalar_subquery() for query in queries]
    parts.append(outbox.unsent_channels(units(actor)))
    return sum(session.execute(sa.select(*parts)).one())


def _of_acts(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(Incident)
        .join(Task, Task.id == Incident.task_id)
        .join(Case, Case.id == Task.case_id)
        .where(Incident.ended_at.is_(None), Task.state == "open")
    )


def _of_stays(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(Task)
        .join(Case, Case.id == Task.case_id)
        .where(Task.blocked.is_not(None), Task.state == "open")
    )


def _of_limits(*columns: Any) -> sa.Select[Any]:
    """Of a stay, or of a timer: then with the newest stay of its case."""
    stay = aliased(Task)
    newest = (
        sa.select(sa.func.max(stay.id))
        .where(stay.case_id == WorkflowTimer.case_id)
        .correlate(WorkflowTimer)
        .scalar_subquery()
    )
    return (
        sa.select(*columns)
        .select_from(Due)
        .outerjoin(
            WorkflowTimer,
            (Due.subject_type == timers.SUBJECT) & (Due.subject_id == WorkflowTimer.id),
        )
        .join(
            Task,
            sa.case(
                (Due.subject_type == "task", Task.id == Due.subject_id),
                else_=Task.id == newest,
            ),
        )
        .join(Case, Case.id == Task.case_id)
        .where(Due.state == "incident")
    )


def _of_supervisions(*columns: Any) -> sa.Select[Any]:
    subject = (Due.subject_type == SUBJECT) & (Due.subject_id == Supervision.id)
    return (
        sa.select(*columns)
        .select_from(Due)
        .join(Supervision, subject)
        .join(Case, Case.id == Supervision.case_id)
        .where(Due.state == "incident")
    )


def _of_receipts(*columns: Any) -> sa.Select[Any]:
    subject = (Due.subject_type == receipts.SUBJECT) & (Due.subject_id == ReceiptCheck.id)
    return (
        sa.select(*columns)
        .select_from(Due)
        .join(ReceiptCheck, subject)
        .join(Case, Case.id == ReceiptCheck.case_id)
        .where(Due.state == "incident")
    )


def _acts(session: Session, actor: Actor, case_id: int | None) -> list[FaultRow]:
    return [
        _row("fault", incident.id, of, incident.cause, incident.detail, incident.first_at,
             incident.attempts)
        for incident, *of in _read(session, actor, case_id, _of_acts(Incident, *OF))
    ]  # fmt: skip


def _stays(session: Session, actor: Actor, case_id: int | None) -> list[FaultRow]:
    return [
        _row("stay", of[1].id, of, of[1].blocked, "", of[1].arrived_at, None)
        for of in _read(session, actor, case_id, _of_stays(*OF))
    ]


def _limits(session: Session, actor: Actor, case_id: int | None) -> list[FaultRow]:
    """Of stays and drawn timers, and of what stands beside the stays."""
    beside = (Case, sa.null(), Document.title, Document.number)
    found = [
        *_read(session, actor, case_id, _of_limits(Due, *OF)),
        *_read(session, actor, case_id, _of_supervisions(Due, *beside)),
        *_read(session, actor, case_id, _of_receipts(Due, *beside)),
    ]
    return [
        _row(
            "due",
            due.id,
            of,
            CAUSES[due.kind == timers.KIND],
            due.last_error or "",
            due.due_at,
            due.attempts,
            "核查接收情况" if due.subject_type == receipts.SUBJECT else "督办",
        )
        for due, *of in found
    ]


CAUSES = {
    False: "时限到期后的处理多次失败，已停止重试。",
    True: "流程图上的定时器到时，但流程不能往下走，已停止重试；此件停在原处。",
}
OF = (Case, Task, Document.title, Document.number)


def _read(
    session: Session, actor: Actor, case_id: int | None, query: sa.Select[Any]
) -> Sequence[Any]:
    query = query.join(Document, Document.id == Case.document_id).where(administered(actor))
    if case_id is not None:
        query = query.where(Case.id == case_id)
    return session.execute(query.order_by(Case.id).limit(MOST)).all()


def _row(
    kind: str,
    number: int,
    of: Sequence[Any],
    cause: str,
    detail: str,
    since: datetime,
    tries: int | None,
    beside: str = "",
) -> FaultRow:
    case, task, title, document_number = of
    return FaultRow(
        id=f"{kind}-{number}",
        kind=kind,
        case_id=case.id,
        task_id=task.id if task else None,
        title=title,
        number=document_number,
        process_name=case.process_name,
        step_name=task.step_name if task else beside,
        cause=cause,
        detail=detail,
        since=since,
        tries=tries,
    )
