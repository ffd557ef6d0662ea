"""The sweep: take what is due, let it take effect exactly once, a batch to a transaction.

1. Ask the database for the time; take up to 50 ready rows and lock them, leaving those that
   another sweep holds. The lock is the claim: there is no state "in progress" to rescue.
2. For each row, in a savepoint: write its effect key, which exists at most once; let the room
   that owns the subject look at it under its lock and act.
3. Mark the rows and commit all of it together. A crash before that undoes all of it.

A row that fails loses its savepoint only, is tried later, and ends as an incident (故障).
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, faults
from app.database import insert_once
from app.deadlines import clockwatch
from app.deadlines.clockwatch import Sessions
from app.deadlines.effects import DueRow, Effects, Result
from app.deadlines.heartbeat import beat
from app.deadlines.models import Due, Effect

BATCH = 50
ATTEMPTS = 5
BUSY_AGAIN = timedelta(seconds=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
HELD_UP = timedelta(minutes=1)
SQLITE_PAUSE = 0.05
LONGEST_SWEEP = 30.0
"""Seconds after which a long catch-up gives a sign of life and goes on at the next tick."""

DUE = cast(sa.Table, Due.__table__)
log = logging.getLogger(__name__)


class _HeldUp(Exception):
    """The database, not the row, gave way while this row was in hand."""

    def __init__(self, due_id: int, reason: Exception) -> None:
        super().__init__(f"held up at due row {due_id}: {reason}")
        self.due_id = due_id
        self.reason = reason


def sweep(
    sessions: Sessions,
    effects: Mapping[str, Effects],
    *,
    worker: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Handle what is ready, for 30 s at most; how many rows took effect or were cancelled.

    sessions  makes a session of its own for every transaction
    effects   subject type → how its rows take effect
    stopping  asked between batches
    Raises what the database raises when it gives way (connection lost, timeout, deadlock): that
    batch is undone and nothing is counted against its rows; the next sweep goes on.
    """
    begun = time.monotonic()
    clocks = clockwatch.look(sessions, worker)
    if clocks.refused:
        log.error("%s: not sweeping", clocks.refused)
        beat(sessions, worker, 0, begun, clocks)
        return 0
    total, pause, more = 0, 0.0, True
    while more:
        time.sleep(pause)
        looked, handled, pause = _one_batch(sessions, effects)
        total += handled
        lasted = time.monotonic() - begun
        more = looked == BATCH and lasted < LONGEST_SWEEP and not stopping()
    beat(sessions, worker, total, begun, clocks)
    return total


def _one_batch(sessions: Sessions, effects: Mapping[str, Effects]) -> tuple[int, int, float]:
    """One transaction: rows looked at, rows handled, seconds to leave to others afterwards."""
    with sessions() as session:
        # SQLite has one write lock and no queue before it: without a pause people starve.
        pause = SQLITE_PAUSE if session.get_bind().dialect.name == "sqlite" else 0.0
        try:
            looked, handled = _batch(session, effects)
            session.commit()
        except _HeldUp as held:
            session.rollback()
            if not getattr(held.reason, "connection_invalidated", False):
                _stand_back(session, held.due_id)
            raise held.reason from None
    return looked, handled, pause


def _batch(session: Session, effects: Mapping[str, Effects]) -> tuple[int, int]:
    now = clock.now(session)
    rows = _ready(session, now)
    faults.reach("sweep-taken")
    ends: dict[Result, list[int]] = {result: [] for result in Result}
    for row in rows:
        try:
            ends[_take_effect(session, effects, row, now)].append(row.id)
        except Exception as error:
            if _database_trouble(error):
                raise _HeldUp(row.id, error) from error
            log.exception("due row %s failed", row.id)
            _mark(session, [row.id], _after_failure(row, now, error))
    _mark(session, ends[Result.DONE], {"state": "done", "handled_at": now})
    _mark(session, ends[Result.NOT_OPEN], {"state": "cancelled", "handled_at": now})
    _mark(session, ends[Result.BUSY], {"next_try_at": now + BUSY_AGAIN})
    return len(rows), len(ends[Result.DONE]) + len(ends[Result.NOT_OPEN])


def _ready(session: Session, now: datetime) -> list[DueRow]:
    """Strictly past: at the due instant itself an act is still in time (decision 13)."""
    query = (
        sa.select(
            DUE.c.id,
            DUE.c.kind,
            DUE.c.subject_type,
            DUE.c.subject_id,
            DUE.c.deadline_revision,
            DUE.c.occurrence,
            DUE.c.due_at,
            DUE.c.attempts,
        )
        # A bound parameter would hide from a prepared plan that the partial index due_ready fits.
        .where(DUE.c.state == sa.literal_column("'pending'"), DUE.c.next_try_at < now)
        .order_by(DUE.c.next_try_at, DUE.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [DueRow(*row) for row in session.execute(query)]


def _take_effect(
    session: Session, effects: Mapping[str, Effects], row: DueRow, now: datetime
) -> Result:
    with session.begin_nested() as savepoint:
        key = {"effect_key": row.effect_key, "due_id": row.id, "at": now}
        if not insert_once(session, Effect, key):
            return Result.DONE
        result = effects[row.subject_type].apply(session, row, now)
        session.flush()
        faults.reach("sweep-effect")
        if result is not Result.DONE:
            savepoint.rollback()
    return result


def _mark(session: Session, ids: list[int], values: Mapping[str, Any]) -> None:
    if ids:
        session.execute(sa.update(DUE).where(DUE.c.id.in_(ids)).values(**values))


def _after_failure(row: DueRow, now: datetime, error: Exception) -> dict[str, Any]:
    attempts = row.attempts + 1
    return {
        "attempts": attempts,
        "last_error": f"{type(error).__name__}: {error}"[:500],
        "next_try_at": now + min(FIRST_WAIT * 2**attempts, LONGEST_WAIT),
        "state": "incident" if attempts >= ATTEMPTS else "pending",
    }


def _database_trouble(error: Exception) -> bool:
    """Lost connection, lock or statement timeout, deadlock: says nothing about the row.

    An idle timeout of PostgreSQL arrives as InternalError, so the connection is asked too. Plain
    faults in a statement are OperationalError on SQLite (code 1), and those are the row's.
    """
    if getattr(error, "connection_invalidated", False):
        return True
    if not isinstance(error, sa.exc.OperationalError):
        return False
    return getattr(error.orig, "sqlite_errorcode", None) != 1


def _stand_back(session: Session, due_id: int) -> None:
    """Let a row that ran into a timeout wait a minute, uncounted, so that others get past it."""
    later = clock.now(session) + HELD_UP
    session.execute(
        sa.update(DUE).where(DUE.c.id == due_id, DUE.c.state == "pending").values(next_try_at=later)
    )
    session.commit()
