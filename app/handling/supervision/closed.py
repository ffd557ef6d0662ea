"""已办结的督办件, page by page."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.handling.models import Case
from app.handling.supervision import rights
from app.handling.supervision.models import Supervision
from app.organization import Actor, Department


@dataclass(frozen=True)
class Closed:
    """A supervision that has ended. ``late``: after its target date."""

    id: int
    title: str
    department: str
    requirement: str
    result: str
    due_at: datetime
    closed_at: datetime
    late: bool


def closed(session: Session, actor: Actor, limit: int, skip: int = 0) -> list[Closed]:
    """The latest first; Raises NotAllowed for who neither supervises nor leads a department."""
    query = (
        sa.select(Supervision, Department.name, Document.title)
        .join(Department, Department.id == Supervision.department_id)
        .join(Case, Case.id == Supervision.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(Supervision.state == "closed", rights.concerned(actor))
        .order_by(Supervision.closed_at.desc(), Supervision.id.desc())
        .limit(limit)
        .offset(skip or None)
    )
    return [
        Closed(
            id=each.id,
            title=title,
            department=department,
            requirement=each.requirement,
            result=each.result or "",
            due_at=each.due_at,
            closed_at=each.closed_at or each.due_at,
            late=each.closed_at is not None and each.closed_at > each.due_at,
        )
        for each, department, title in session.execute(query)
    ]
