"""Who may see a case: one scope from which every list, search, count and page starts (S5)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.database import UtcDateTime
from app.documents.models import Document
from app.errors import NotFound
from app.handling.models import (
    REQUEST_NOTICES,
    SUPERVISION_NOTICES,
    Case,
    Circulation,
    Notice,
    Task,
    TaskCandidate,
)
from app.handling.receipts import rights as receipts
from app.handling.receipts.models import ReceiptCheck
from app.handling.supervision import rights
from app.handling.supervision.models import Supervision
from app.organization import Actor
from app.organization.models import Delegation

REGISTRY = ("office-secretary", "dispatcher", "archivist", *rights.MAY_SUPERVISE)
"""Roles that see every case of their unit: registry, archive, and those who urge and supervise."""


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Condition on :class:`Case`: his own, once before him, of his registry, or given him to read.

    Or given him to find out whether it has arrived (DDL-08).
    What was before an agent for somebody else counts while the delegation lasts, then only where
    he acted. A stay taken back or taken off before he opened it never was before him (OUT-18), and
    a copy taken back is his no more (CIR-02). One that nobody can act at shows itself to the
    process administrators, not the document.
    """
    return _visible(**viewed_by(actor))


def viewed_by(actor: Actor) -> dict[str, Any]:
    """What the scope asks of a person: values of ``SEEN``, and of every statement built on it."""
    departments, units = rights.leads(actor)
    return {
        "viewer": actor.person_id,
        "registry_of": [post.unit_id for post in actor.posts if post.role in REGISTRY],
        "viewed_at": clock.nearby(),
        "leads": departments,
        "leads_in": units,
    }


def _visible(
    viewer: Any, registry_of: Any, viewed_at: Any, leads: Any, leads_in: Any
) -> sa.ColumnElement[bool]:
    # correlated by hand: a list of stays has a Task of its own, and here any of the case counts
    was_before_him = (
        sa.exists()
        .where(
            TaskCandidate.task_id == Task.id,
            TaskCandidate.person_id == viewer,
            Task.case_id == Case.id,
            ~_never_seen(),
            Task.blocked.is_(None),
            _in_his_right(viewer, viewed_at),
        )
        .correlate(Case)
    )
    return sa.or_(
        Case.starter_id == viewer,
        Case.caretaker_id == viewer,
        was_before_him,
        Case.unit_id.in_(registry_of),
        _checks_receipt(viewer, viewed_at),
        _circulated_to(viewer),
        _supervised(viewer, leads, leads_in),
    )


def _supervised(viewer: Any, leads: Any, leads_in: Any) -> sa.ColumnElement[bool]:
    """Asked of his department, or told to him: a leader who is told that it is late may look.

    So may who is told of a request (PAP-07).
    """
    asked = sa.exists().where(
        Supervision.case_id == Case.id,
        sa.or_(Supervision.department_id.in_(leads), Supervision.unit_id.in_(leads_in)),
    )
    told = sa.exists().where(
        Notice.case_id == Case.id,
        Notice.person_id == viewer,
        Notice.kind.in_((*SUPERVISION_NOTICES, *REQUEST_NOTICES)),
    )
    # a list of notices has a Notice of its own, and here any of the person counts
    return sa.or_(asked.correlate(Case), told.correlate(Case))


def _checks_receipt(viewer: Any, viewed_at: Any) -> sa.ColumnElement[bool]:
    """Has to find out whether it has arrived, for himself or in somebody's stead."""
    his = receipts.his(viewer, viewed_at)
    return sa.exists().where(ReceiptCheck.case_id == Case.id, his).correlate(Case)


def _circulated_to(viewer: Any) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            Circulation.case_id == Case.id,
            Circulation.reader_id == viewer,
            Circulation.recalled_at.is_(None),
        )
        .correlate(Case)
    )


def has_before_him(actor: Actor) -> sa.ColumnElement[bool]:
    """Condition on :class:`Task`: the stay lies or lay with the actor, also one that stopped."""
    return _has_before_him(actor.person_id, clock.nearby())


def _has_before_him(viewer: Any, viewed_at: Any) -> sa.ColumnElement[bool]:
    mine = (
        sa.exists()
        .where(
            TaskCandidate.task_id == Task.id,
            TaskCandidate.person_id == viewer,
            _in_his_right(viewer, viewed_at),
        )
        .correlate(Task)
    )
    return sa.and_(~_never_seen(), mine)


def _never_seen() -> sa.ColumnElement[bool]:
    """Condition on :class:`Task`: it ended before its people had looked at it."""
    unopened = sa.and_(Task.state == "removed", Task.opened_at.is_(None))
    return sa.or_(Task.state == "recalled", unopened)


def _in_his_right(viewer: Any, viewed_at: Any) -> sa.ColumnElement[bool]:
    """Condition on a :class:`Task` and its candidate: for himself, or as an agent who still is one.

    An opinion that he gave is his to read for good.
    """
    lasting = sa.exists().where(
        Delegation.id == TaskCandidate.delegation_id,
        Delegation.since <= viewed_at,
        Delegation.until > viewed_at,
        Delegation.ended_at.is_(None),
    )
    acted = Task.done_by_id == viewer
    return sa.or_(TaskCandidate.delegation_id.is_(None), acted, lasting)


VIEWER: sa.BindParameter[int] = sa.bindparam("viewer")
VIEWED_AT: sa.BindParameter[datetime] = sa.bindparam("viewed_at", type_=UtcDateTime())
SEEN = _visible(
    VIEWER,
    sa.bindparam("registry_of", expanding=True),
    VIEWED_AT,
    sa.bindparam("leads", expanding=True),
    sa.bindparam("leads_in", expanding=True),
)
"""``visible`` for statements that are put together once, with ``viewed_by`` as their values."""
BEFORE_HIM = _has_before_him(VIEWER, VIEWED_AT)


def of_registry(actor: Actor, case: Case) -> bool:
    """Whether the actor is of the registry of the case's unit, or its office head."""
    return any(post.role in REGISTRY and post.unit_id == case.unit_id for post in actor.posts)


def has_worked_on(session: Session, actor: Actor, case: Case) -> bool:
    """Whether the actor started the case, or ended a stay of it himself or through his agent."""
    if case.kept_by == actor.person_id:
        return True
    his = sa.or_(Task.done_by_id == actor.person_id, Task.done_for_id == actor.person_id)
    return bool(session.scalar(sa.select(sa.exists().where(Task.case_id == case.id, his))))


def not_there(
    session: Session, kind: type[Case] | type[Task] | type[Document], identity: int
) -> NotFound:
    """The refusal of what the actor may not see; it knows whether there is anything to hide."""
    there = session.scalar(sa.select(sa.exists().where(kind.id == identity)))
    return NotFound(hidden=bool(there))


_SEES_CASE = sa.select(sa.exists().where(Case.id == sa.bindparam("case"), SEEN))


def sees_case(session: Session, actor: Actor, case_id: int) -> bool:
    return bool(session.scalar(_SEES_CASE, {**viewed_by(actor), "case": case_id}))


def case_of(session: Session, actor: Actor, case_id: int) -> Case:
    """A case that the actor may see; NotFound otherwise."""
    case = session.scalars(sa.select(Case).where(Case.id == case_id, visible(actor))).first()
    if case is None:
        raise not_there(session, Case, case_id)
    return case


def document_of(session: Session, actor: Actor, document_id: int) -> tuple[Document, Case]:
    """A document that the actor may see, with its case; NotFound otherwise."""
    query = (
        sa.select(Document, Case)
        .join(Case, Case.document_id == Document.id)
        .where(Document.id == document_id, visible(actor))
    )
    found = session.execute(query).first()
    if found is None:
        raise not_there(session, Document, document_id)
    return found[0], found[1]
