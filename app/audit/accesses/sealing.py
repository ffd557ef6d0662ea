"""Sealing 查阅记录 into the chain: the root over the rows since the last batch is one entry.

The rows of a batch are those between two numbers. On PostgreSQL the sealer waits for every row
that is being written, so that none appears later among numbers that are sealed already; SQLite has
one writer.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.accesses.models import Access
from app.audit.accesses.noting import SEALING
from app.audit.models import AuditEntry
from app.audit.operations import record, signed_by_rule
from app.audit.tree import Edge

ACTION = "access.sealed"
MOST = 1000
"""Rows of one batch: a fifth of a second, during which nobody else writes on SQLite."""
SEAL_AFTER = timedelta(minutes=5)
"""How old an unsealed row may become while the scheduler runs."""
BATCH = 1000


@dataclass(frozen=True)
class Sealed:
    """Result of a check; ``reason`` says in Chinese what is wrong with ``first_bad`` and after."""

    ok: bool
    rows: int
    unsealed: int = 0
    first_bad: int | None = None
    reason: str | None = None


def seal(session: Session, at: datetime) -> int:
    """Bind up to ``MOST`` rows to the chain; how many there were. The caller commits."""
    if not session.scalar(sa.select(sa.exists().where(Access.id > last_sealed(session)))):
        return 0
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(SEALING)))
    before = last_sealed(session)  # another sealer may have been faster
    edge, first, last = Edge(), 0, 0
    for number, leaf in _leaves(session, before, limit=MOST):
        first, last = first or number, number
        edge.add(leaf)
    if not edge.size:
        return 0
    record(
        session,
        ACTION,
        signed_by_rule("查阅记录定时封存"),
        at=at,
        detail={
            "after": before,
            "first": first,
            "last": last,
            "count": edge.size,
            "root": edge.root.hex(),
        },
    )
    return edge.size


def is_due(session: Session, at: datetime) -> bool:
    """Whether there is a row that has waited long enough."""
    oldest = sa.select(Access.at).where(Access.id > last_sealed(session)).order_by(Access.id)
    found = session.scalar(oldest.limit(1))
    return found is not None and found <= at - SEAL_AFTER


def last_sealed(session: Session) -> int:
    """Number of the last row that the chain covers; 0 before the first batch."""
    newest = sa.select(AuditEntry.body).where(AuditEntry.action == ACTION)
    body = session.scalar(newest.order_by(AuditEntry.seq.desc()).limit(1))
    return int(json.loads(body)["detail"]["last"]) if body else 0


def verify(session: Session) -> Sealed:
    """Recompute every batch from its rows. The chain itself is verified by ``audit.verify``."""
    good, last = 0, 0
    for detail in _batches(session):
        if detail["after"] != last:
            return Sealed(False, good, 0, last + 1, f"查阅记录第 {last + 1} 行起的封存被截断。")
        found, first, end = Edge(), 0, 0
        for number, leaf in _leaves(session, last, detail["last"]):
            first, end = first or number, number
            found.add(leaf)
        as_sealed = (first, end, found.size) == (detail["first"], detail["last"], detail["count"])
        if not as_sealed or found.root.hex() != detail["root"]:
            reason = (
                f"查阅记录第 {detail['first']} 至 {detail['last']} 行与封存时不符，"
                f"封存时 {detail['count']} 行，现在 {found.size} 行。"
            )
            return Sealed(False, good, 0, detail["first"], reason)
        good, last = good + found.size, detail["last"]
    rest = session.scalar(sa.select(sa.func.count()).where(Access.id > last)) or 0
    return Sealed(True, good, rest)


def _batches(session: Session) -> Iterator[dict[str, Any]]:
    query = sa.select(AuditEntry.body).where(AuditEntry.action == ACTION).order_by(AuditEntry.seq)
    for body in session.scalars(query):
        yield json.loads(body)["detail"]


def _leaves(
    session: Session, after: int, last: int | None = None, limit: int | None = None
) -> Iterable[tuple[int, bytes]]:
    query = sa.select(Access.__table__).where(Access.id > after).order_by(Access.id).limit(limit)
    if last is not None:
        query = query.where(Access.id <= last)
    rows = session.execute(query, execution_options={"yield_per": BATCH}).mappings()
    return ((row["id"], bytes.fromhex(leaf(row))) for row in rows)


def leaf(row: Any) -> str:
    """Leaf hash of RFC 6962 over the canonical JSON of a row."""
    content = {column.name: row[column.name] for column in Access.__table__.columns}
    at: datetime = row["at"]
    content["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return chain.leaf_hash(chain.canonical(content))
