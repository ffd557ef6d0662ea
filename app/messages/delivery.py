"""Handing over what waits in the outbox: once in the database, at least once to the outside.

A short transaction takes a few rows into one's hands for ``LEASE``; they are handed over outside
any transaction, and each is marked if it is still in the same hands. Who dies in between leaves
them to be taken again when the lease is over: the receiver knows them by the same identity.
"""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, faults
from app.messages.channels import Parcel, Undeliverable, in_use
from app.messages.models import Outbox

BATCH = 10
LEASE = timedelta(minutes=5)
MARGIN = timedelta(minutes=1)
"""What is left of a lease when nothing more is begun: one handing over may take a while."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
TRIED_FOR = timedelta(days=3)
OUTBOX = cast(sa.Table, Outbox.__table__)
Sessions = Callable[[], Session]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _InHand:
    id: int
    token: str
    attempts: int
    parcel: Parcel


def deliver(sessions: Sessions, stopping: Callable[[], bool] = lambda: False) -> int:
    """Hand over what is ready; how many messages went out.

    Messages of a channel that is not open any more wait, and are tried when it is open again.
    """
    sent, taken = 0, BATCH
    while taken == BATCH and not stopping():
        begun = time.monotonic()
        batch = _take(sessions)
        taken = len(batch)
        for each in batch:
            if stopping() or time.monotonic() - begun > (LEASE - MARGIN).total_seconds():
                break
            sent += _hand_over(sessions, each)
    return sent


def _take(sessions: Sessions) -> list[_InHand]:
    """Rows that nobody else has in hand; from now on we have."""
    token = uuid.uuid4().hex
    with sessions() as session:
        now = clock.now(session)
        rows = session.execute(
            sa.select(OUTBOX)
            .where(
                OUTBOX.c.state == sa.literal_column("'waiting'"),
                OUTBOX.c.next_try_at <= now,
                OUTBOX.c.channel.in_(list(in_use().open)),
            )
            .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        ids = [row.id for row in rows]
        values = {"lease_token": token, "next_try_at": now + LEASE}
        session.execute(sa.update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(values))
        session.commit()
    faults.reach("outbox-leased")
    return [_InHand(row.id, token, row.attempts, _parcel(row)) for row in rows]


def _parcel(row: sa.Row[Any]) -> Parcel:
    return Parcel(
        row.message_key,
        row.channel,
        row.person_id,
        row.address,
        row.subject,
        row.body,
        row.at,
    )


def _hand_over(sessions: Sessions, each: _InHand) -> bool:
    try:
        _send(each.parcel)
    except Exception as error:
        log.warning("outbox row %s by %s: %s", each.id, each.parcel.channel, error)
        failed = partial(_failed, each, error)
        _mark(sessions, each, failed)
        return False
    faults.reach("outbox-sent")
    return _mark(sessions, each, lambda now: {"state": "sent", "sent_at": now, "last_error": None})


def _send(parcel: Parcel) -> None:
    """An address that was written before the settings forbade it is not written to either."""
    ways = in_use()
    if not ways.may_reach(parcel.channel, parcel.address):
        raise Undeliverable("GONGWEN_MAIL_DOMAINS")
    ways.open[parcel.channel].deliver(parcel)


def _failed(each: _InHand, error: Exception, now: datetime) -> dict[str, Any]:
    """Tried again with longer and longer pauses, for three days; a refusal for good ends it."""
    wait = min(FIRST_WAIT * 2 ** min(each.attempts, 10), LONGEST_WAIT)
    over = isinstance(error, Undeliverable) or now - each.parcel.at > TRIED_FOR
    return {
        "state": "given_up" if over else "waiting",
        "next_try_at": now + wait,
        "last_error": f"{type(error).__name__}: {error}"[:500],
    }


def _mark(sessions: Sessions, each: _InHand, values: Callable[[datetime], dict[str, Any]]) -> bool:
    """False when the lease has passed to another hand: then its result counts."""
    with sessions() as session:
        given = values(clock.now(session))
        marked = session.execute(
            sa.update(OUTBOX)
            .where(OUTBOX.c.id == each.id, OUTBOX.c.lease_token == each.token)
            .values(**given, attempts=OUTBOX.c.attempts + 1, lease_token=None)
            .returning(OUTBOX.c.id)
        ).first()
        session.commit()
    return marked is not None
