"""Reads for pages: the limits of a subject and what the sweep gave up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines.models import Due


@dataclass(frozen=True)
class Limit:
    """A due row as a page shows it; ``handled_at`` is when it took effect or was cancelled."""

    id: int
    kind: str
    subject_type: str
    subject_id: int
    deadline_revision: int
    occurrence: int
    due_at: datetime
    state: str
    handled_at: datetime | None
    started_at: datetime | None
    rule: dict[str, Any] | None
    pause: dict[str, Any] | None
    provisional: bool
    calendar_version: str | None


@dataclass(frozen=True)
class Incident:
    """A due row given up after five tries, with the last error."""

    id: int
    kind: str
    subject_type: str
    subject_id: int
    due_at: datetime
    attempts: int
    last_error: str


def limits_of(session: Session, subject_type: str, subject_ids: Sequence[int]) -> list[Limit]:
    """Every limit these subjects have or had, by subject, oldest revision first."""
    if not subject_ids:
        return []
    columns = [getattr(Due, name) for name in Limit.__dataclass_fields__]
    rows = session.execute(
        sa.select(*columns)
        .where(Due.subject_type == subject_type, Due.subject_id.in_(subject_ids))
        .order_by(Due.subject_id, Due.deadline_revision, Due.due_at, Due.id)
    )
    return [Limit(*row) for row in rows]


def incidents(session: Session, at_most: int = 100) -> list[Incident]:
    """What the operator has to look at, longest due first."""
    columns = [getattr(Due, name) for name in Incident.__dataclass_fields__]
    rows = session.execute(
        sa.select(*columns)
        .where(Due.state == "incident")
        .order_by(Due.due_at, Due.id)
        .limit(at_most)
    )
    return [Incident(*row) for row in rows]


def lags(session: Session, now: datetime, tolerated: timedelta) -> bool:
    """Whether something that fell due before ``now - tolerated`` still waits for the sweep."""
    waiting = sa.exists().where(
        Due.state == sa.literal_column("'pending'"), Due.next_try_at < now - tolerated
    )
    return bool(session.scalar(sa.select(waiting)))
