"""Signs of life of the sweeping hosts, and how far their clocks are off."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.database import insert_once
from app.deadlines.models import Heartbeat

Sessions = Callable[[], Session]
"""Makes a session of its own for every transaction."""
MAX_SKEW = timedelta(seconds=30)
"""A host whose clock is further off does not sweep."""


def skew_of(sessions: Sessions) -> timedelta:
    """The host's clock minus the database's; with SQLite they are one."""
    with sessions() as session:
        if session.get_bind().dialect.name != "postgresql":
            return timedelta()
        at: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        return datetime.now(UTC) - at


def beat(
    sessions: Sessions, worker: str | None, handled: int, begun: float, skew: timedelta
) -> None:
    """Written at the end, so that a sweep that hangs falls silent."""
    with sessions() as session:
        values = {
            "worker": worker or socket.gethostname(),
            "at": clock.now(session),
            "handled": handled,
            "lasted_ms": round((time.monotonic() - begun) * 1000),
            "skew_ms": skew // timedelta(milliseconds=1),
        }
        if not insert_once(session, Heartbeat, values):
            session.execute(
                sa.update(Heartbeat)
                .where(Heartbeat.worker == values["worker"])
                .values(values)
                .execution_options(synchronize_session=False)
            )
        session.commit()
