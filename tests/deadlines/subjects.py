"""Subjects for the sweep in tests, with an effect on two tables; also a sweeper process.

usage: python subjects.py DATABASE_URL [KILL_AT]
Sweeps once. KILL_AT: end with SIGKILL in the middle of the effect on that subject.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.database import UtcDateTime, engine_options, harden_sqlite
from app.deadlines.effects import DueRow, Result
from app.deadlines.models import Due, Effect
from app.deadlines.operations import open_limits
from app.deadlines.sweep import sweep

metadata = sa.MetaData()
subject = sa.Table(
    "test_subject",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("open", sa.Boolean, nullable=False, default=True),
    sa.Column("revision", sa.Integer, nullable=False, default=1),
    sa.Column("marks", sa.Integer, nullable=False, default=0),
    sa.Column("overdue_since", UtcDateTime),
    sa.Column("done_at", UtcDateTime),
)
message = sa.Table(
    "test_message",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subject_id", sa.Integer, nullable=False),
)


class Mark:
    """Marks the subject overdue and writes a message, as a room's effect would."""

    def __init__(self, before: Callable[[DueRow], None] = lambda _: None) -> None:
        self.before = before

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        query = sa.select(subject).where(subject.c.id == due.subject_id)
        found = session.execute(query.with_for_update(skip_locked=True, key_share=True)).first()
        if found is None:
            return Result.BUSY
        if not found.open or found.revision != due.deadline_revision:
            return Result.NOT_OPEN
        changes = {"marks": subject.c.marks + 1, "overdue_since": due.due_at}
        session.execute(sa.update(subject).where(subject.c.id == found.id).values(changes))
        self.before(due)
        session.execute(sa.insert(message).values(subject_id=found.id))
        return Result.DONE


def connect(url: str) -> sa.Engine:
    engine = sa.create_engine(url, **engine_options(url))
    harden_sqlite(engine)
    return engine


def create(sessions: sessionmaker[Session], count: int, due_at: datetime | None = None) -> datetime:
    """Open subjects 1 … count, each overdue for an hour already unless said otherwise."""
    with sessions() as session:
        due_at = due_at or clock.now(session) - timedelta(hours=1)
        numbers = range(1, count + 1)
        session.execute(sa.insert(subject), [{"id": number} for number in numbers])
        open_limits(session, "task", [(number, due_at) for number in numbers])
        session.commit()
    return due_at


def violations(sessions: sessionmaker[Session], count: int) -> dict[str, int]:
    """Broken promises; empty when each of the limits took effect exactly once, everywhere."""
    with sessions() as session:

        def number(table: Any, *conditions: sa.ColumnElement[bool]) -> int:
            query = sa.select(sa.func.count()).select_from(table).where(*conditions)
            return session.execute(query).scalar_one()

        figures = {
            "due rows not done": number(Due, Due.state != "done"),
            "effects lost or doubled": count - number(Effect),
            "subjects not marked once": number(subject, subject.c.marks != 1),
            "messages lost or doubled": count - number(message),
        }
    return {name: figure for name, figure in figures.items() if figure}


def main() -> None:
    fatal = int(sys.argv[2]) if len(sys.argv) > 2 else None

    def die(due: DueRow) -> None:
        if due.subject_id == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = connect(sys.argv[1])
    sweep(sessionmaker(engine), {"task": Mark(die)})
    engine.dispose()


if __name__ == "__main__":
    main()
