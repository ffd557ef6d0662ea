"""Noting that somebody looked: one row, once in a while, without the head of the chain."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.accesses.models import KINDS, Access

__all__ = ["KINDS", "Look", "is_new", "note"]

AGAIN_AFTER = {
    "read": timedelta(minutes=10),
    "download": timedelta(minutes=1),
    "print": timedelta(minutes=1),
    "export": timedelta(0),
}
"""The same look of the same person within this time is the same one: pages are read again and
again, and a viewer of PDF fetches a file in pieces."""

SEALING = 0x67775F61
"""Key of the advisory lock that writers share and ``sealing`` takes alone (PostgreSQL)."""

LONGEST = 200
"""Characters of ``part`` and ``device``."""


@dataclass(frozen=True)
class Look:
    """What a row holds, but for its number and time; see :class:`Access`."""

    person_id: int
    login: str
    name: str
    kind: str
    subject: str
    number: int | None
    what: str
    part: str
    address: str
    device: str
    by_program: bool


def is_new(session: Session, look: Look, at: datetime) -> bool:
    """Whether there is no row of the same look from just now. Reads only."""
    since = at - AGAIN_AFTER[look.kind]
    if since == at:
        return True
    same = sa.and_(
        Access.person_id == look.person_id,
        Access.at > since,
        Access.kind == look.kind,
        Access.subject == look.subject,
        Access.number.is_(None) if look.number is None else Access.number == look.number,
        Access.what == look.what,
        Access.part == look.part[:LONGEST],
        Access.address == look.address,
    )
    return not session.scalar(sa.select(sa.exists().where(same)))


def note(session: Session, look: Look, at: datetime) -> None:
    """Write the row. Waits for no other writer of the record, only for a batch being sealed."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(SEALING)))
    row = {
        **asdict(look),
        "part": look.part[:LONGEST],
        "device": look.device[:LONGEST],
        "at": at,
    }
    session.execute(sa.insert(Access).values(row))
