"""待阅: what a person should know. Reading is opening it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.handling.models import Notice, Task, TaskCandidate
from app.organization import Actor


def tell(
    session: Session,
    people: Sequence[int],
    kind: str,
    case_id: int,
    task_id: int | None,
    text: str,
    at: datetime,
) -> None:
    """One notice per person, kind and stay; telling it again makes it unread again."""
    for person_id in people:
        key = {"person_id": person_id, "kind": kind, "case_id": case_id, "task_id": task_id or 0}
        values = {"text": text, "at": at, "read_at": None}
        if not insert_once(session, Notice, {**key, **values}):
            session.execute(sa.update(Notice).filter_by(**key).values(**values))


def unseen(session: Session, actor: Actor, case_id: int) -> bool:
    """Whether the case has something new for the person: a notice, or a stay not yet opened."""
    unread = sa.exists().where(
        Notice.case_id == case_id, Notice.person_id == actor.person_id, Notice.read_at.is_(None)
    )
    unopened = sa.exists().where(
        Task.case_id == case_id,
        Task.state == "open",
        Task.opened_at.is_(None),
        Task.blocked.is_(None),
        TaskCandidate.task_id == Task.id,
        TaskCandidate.person_id == actor.person_id,
    )
    return bool(session.scalar(sa.select(sa.or_(unread, unopened))))


def mark_read(session: Session, actor: Actor, case_id: int, at: datetime) -> None:
    """The person has opened the case: its notices to him are read."""
    session.execute(
        sa.update(Notice)
        .where(
            Notice.case_id == case_id,
            Notice.person_id == actor.person_id,
            Notice.read_at.is_(None),
        )
        .values(read_at=at)
    )


def forget(session: Session, case_id: int, stays: Sequence[Task]) -> None:
    """What was announced of a stay that never came to be is not announced any more."""
    session.execute(
        sa.delete(Notice).where(
            Notice.case_id == case_id, Notice.task_id.in_([task.id for task in stays])
        )
    )
