"""What is finished and belongs into the archive, and the department that formed it (REC-07)."""

from datetime import date, datetime

import sqlalchemy as sa

from app.clock import SHANGHAI
from app.documents.models import Document
from app.errors import Conflict
from app.handling.act import Act
from app.handling.models import CASE_STATES, Case, Task
from app.organization.models import Person

TOOK_EFFECT = ("dispatched", "closed")
"""States of a document that was sent, or received and handled to the end. What was voided, broken
off or sent back to its sender is not filed; requests are no official documents."""


def finished() -> sa.ColumnElement[bool]:
    """Condition on :class:`Case` and its :class:`Document`."""
    return sa.and_(
        Case.state == "closed",
        Document.flow.in_(("outgoing", "incoming")),
        Document.state.in_(TOOK_EFFECT),
    )


def forming_department() -> sa.ColumnElement[int | None]:
    """Id of the 形成部门 of a :class:`Case` and its :class:`Document`.

    Of what the unit issued that of its drafter; of what it received that of who last handled it,
    while it is under way that of who has done so thus far. A registry passes a paper on, gets it
    back and ends it (办结), and has not handled it: so a department that had it before does not
    count at the end. Steps have other ids in each office, and may be more or fewer.
    """
    last, handled, passed_on = _stays(), _stays(), _stays()
    ends = _latest(last)
    came_back = sa.exists().where(
        passed_on.c.case_id == Case.id,
        passed_on.c.department_id == ends,
        passed_on.c.id < handled.c.id,
    )
    by_another = _latest(
        handled, handled.c.department_id != ends, came_back.correlate(Case, handled)
    )
    drafted = sa.case((Document.flow == "outgoing", Document.department_id), else_=None)
    return sa.func.coalesce(
        drafted, by_another, ends, Document.department_id, type_=Task.done_in_id.type
    )


def _stays() -> sa.Subquery:
    """Stays that somebody ended, and the department for which he did: his principal's (代)."""
    department = sa.case(
        (Task.done_for_id.is_not(None), Person.department_id), else_=Task.done_in_id
    )
    return (
        sa.select(Task.id, Task.case_id, department.label("department_id"))
        .outerjoin(Person, Person.id == Task.done_for_id)
        .where(Task.kind == "step", department.is_not(None))
        .subquery()
    )


def _latest(stays: sa.Subquery, *which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(stays.c.department_id)
        .where(stays.c.case_id == Case.id, *which)
        .order_by(stays.c.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def is_finished(act: Act) -> bool:
    """The same of one case, without asking the database."""
    took_effect = act.document.state in TOOK_EFFECT and act.document.flow != "request"
    return act.case.state == "closed" and took_effect


def ensure_finished(act: Act) -> None:
    """Raises Conflict for what is under way (ARC-47), or ended without having taken effect."""
    title = "".join(act.document.title.split("\n"))
    if act.case.state in ("running", "suspended"):
        said = CASE_STATES[act.case.state]
        raise Conflict(f"“{title}”{said}，办结以后才能归档。（ARC-47）", code="not_closed")
    if act.document.flow == "request":
        raise Conflict(f"“{title}”是审批事项，不是公文，不在此归档。", code="not_filed_here")
    if not is_finished(act):
        raise Conflict(f"“{title}”没有生效（作废、撤销或者退文），不归档。", code="not_filed_here")


def formed_in(year: int) -> sa.ColumnElement[bool]:
    """Condition on :class:`Document` for ``formed_on``; a year begins at midnight of Shanghai."""
    first, last = (datetime(year + each, 1, 1, tzinfo=SHANGHAI) for each in (0, 1))
    day = Document.document_date
    at = sa.func.coalesce(
        *(Document.signed_at, Document.received_at, Document.created_at),
        type_=Document.created_at.type,
    )
    return sa.or_(
        sa.and_(day >= first.date(), day < last.date()),
        sa.and_(day.is_(None), at >= first, at < last),
    )


def formed_on(paper: Document) -> date:
    """成文日期: the day that a paper bears, else that of the sign-off, else of the receipt."""
    at = paper.signed_at or paper.received_at or paper.created_at
    return paper.document_date or at.astimezone(SHANGHAI).date()
