"""What an operator does about a due row that the sweep gave up (故障)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import Signature
from app.deadlines.errors import DeadlineRefused, NotAnIncident
from app.deadlines.models import Due


def retry(session: Session, due_id: int, reason: str, by: Signature, at: datetime) -> None:
    """Let the next sweep try it again, with five tries before it (重试)."""
    _settle(session, due_id, reason, by, at, "due.retried", state="pending")


def dismiss(session: Session, due_id: int, reason: str, by: Signature, at: datetime) -> None:
    """Give it up for good: it never takes effect."""
    _settle(session, due_id, reason, by, at, "due.dismissed", state="cancelled")


def _settle(
    session: Session,
    due_id: int,
    reason: str,
    by: Signature,
    at: datetime,
    action: str,
    *,
    state: str,
) -> None:
    """Raises DeadlineRefused without a reason, NotAnIncident when somebody was first."""
    if not reason.strip():
        raise DeadlineRefused("请写明原因。")
    values = {"state": state, "attempts": 0, "next_try_at": at}
    if state == "cancelled":
        values = {"state": state, "handled_at": at}
    found = session.execute(
        sa.update(Due)
        .where(Due.id == due_id, Due.state == "incident")
        .values(**values)
        .returning(Due.kind, Due.subject_type, Due.subject_id, Due.last_error)
        .execution_options(synchronize_session=False)
    ).first()
    if found is None:
        raise NotAnIncident("该到期事项已不是待处理的故障，请刷新页面。")
    audit.record(
        session,
        action,
        by,
        at=at,
        subject=(found.subject_type, found.subject_id),
        reason=reason.strip(),
        detail={"due": due_id, "kind": found.kind, "error": found.last_error},
    )
