"""The only clock. Acts carry the database's time; nobody who uses the system can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moved: ContextVar[datetime | None] = ContextVar("moved_clock", default=None)


def now(session: Session) -> datetime:
    """Aware UTC instant of the act in hand (decision 11).

    PostgreSQL is asked for ``clock_timestamp()``: ``now()`` there is the start of the transaction,
    and an act that waited for a lock would be dated before the act it waited for. SQLite lives on
    one host, whose clock it is.
    """
    moved = _moved.get()
    if moved is not None:
        return moved
    if session.get_bind().dialect.name == "postgresql":
        at: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC)
    return datetime.now(UTC)


def nearby() -> datetime:
    """The host's own time, for what may be read at all: a scope has no session to ask.

    Acts ask ``now``; the sweep watches that hosts do not differ from the database.
    """
    return _moved.get() or datetime.now(UTC)


@contextmanager
def moved_to(at: datetime) -> Iterator[None]:
    """Let acts in this block carry ``at`` (aware). For tests and the demonstration office only."""
    if at.tzinfo is None:
        raise ValueError("a clock needs an aware time")
    token = _moved.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
