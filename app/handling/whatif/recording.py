"""What is done with saved tests goes on record."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import audit
from app.organization import Actor


def record(
    session: Session,
    actor: Actor,
    action: str,
    process_id: str,
    names: list[str],
    at: datetime,
    *,
    reason: str | None = None,
    **detail: Any,
) -> None:
    audit.record(
        session,
        action,
        actor.signature(),
        at=at,
        reason=reason,
        detail={"process": process_id, "tests": names, **detail},
    )
