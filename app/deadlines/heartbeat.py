"""Signs of life of the sweeping hosts, with what they see of their clocks."""

import socket
import time
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.database import insert_once
from app.deadlines.clockwatch import Clocks, Sessions
from app.deadlines.models import Heartbeat

MILLISECOND = timedelta(milliseconds=1)


def beat(
    sessions: Sessions, worker: str | None, handled: int, begun: float, clocks: Clocks
) -> None:
    """Written at the end, so that a sweep that hangs falls silent."""
    with sessions() as session:
        values: dict[str, Any] = {
            "worker": worker or socket.gethostname(),
            "at": clock.now(session),
            "handled": handled,
            "lasted_ms": round((time.monotonic() - begun) * 1000),
            "skew_ms": clocks.skew // MILLISECOND,
            "jump_ms": clocks.jump // MILLISECOND,
        }
        if clocks.mark is not None:
            values |= {
                "boot": clocks.mark.boot,
                "steady_ms": clocks.mark.steady // MILLISECOND,
                "believed_at": clocks.mark.at,
            }
        if not insert_once(session, Heartbeat, values):
            session.execute(
                sa.update(Heartbeat)
                .where(Heartbeat.worker == values["worker"])
                .values(values)
                .execution_options(synchronize_session=False)
            )
        session.commit()
