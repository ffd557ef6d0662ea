"""Proving the record: every entry is recomputed, the first one that does not fit is named."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.models import AuditEntry, AuditHead
from app.audit.operations import LOG

BATCH = 1000


@dataclass(frozen=True)
class Verification:
    """Result of a check of the whole chain; ``reason`` says in Chinese what is wrong."""

    ok: bool
    entries: int
    first_bad: int | None = None
    reason: str | None = None


def verify(session: Session) -> Verification:
    """Recompute the chain from its first entry to its head.

    A chain alone shows every change, deletion, insertion and swap, and a cut tail as long as the
    head was not rewritten too; a whole chain rewritten with right hashes it cannot show.
    """
    seq, previous = 0, chain.GENESIS
    head: tuple[int | None, str | None] = (None, None)
    for row in _rows(session):
        head = row["head_seq"], row["head_hash"]
        if row["seq"] is None:
            break  # no entry at all: the head stands alone
        expected = seq + 1
        if row["seq"] != expected:
            return Verification(False, seq, expected, f"第 {expected} 条记录缺失或次序被改动。")
        fault = _fault(row, previous)
        if fault:
            return Verification(False, seq, expected, f"第 {expected} 条记录{fault}。")
        seq, previous = expected, row["hash"]
    if head != (seq, previous) and (seq or head[0] is not None):
        return Verification(False, seq, seq + 1, f"第 {seq + 1} 条起的记录被截去，或链首被改动。")
    return Verification(True, seq)


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    """The entries in order, each beside the head; the head beside nothing when there is none.

    One statement, because each statement sees a moment of its own on PostgreSQL: a head read after
    the entries would be ahead of them whenever somebody writes.
    """
    log = AuditHead.log == LOG
    head = sa.select(
        sa.select(AuditHead.seq).where(log).scalar_subquery().label("head_seq"),
        sa.select(AuditHead.hash).where(log).scalar_subquery().label("head_hash"),
    ).subquery()
    query = (
        sa.select(AuditEntry.__table__, head)
        .select_from(head.outerjoin(AuditEntry, sa.true()))
        .order_by(AuditEntry.seq)
    )
    for row in session.execute(query, execution_options={"yield_per": BATCH}).mappings():
        yield dict(row)


def _fault(row: dict[str, Any], previous: str) -> str | None:
    """What is wrong with one entry, or None."""
    if chain.leaf_hash(row["body"]) != row["hash"]:
        return "的内容与散列值不符"
    if chain.sm3(row["body"]) != row["sm3"]:
        return "的内容与 SM3 值不符"
    body = json.loads(row["body"])
    if body["previous"] != previous:
        return "没有接在上一条之后"
    copies = {
        "seq": body["seq"],
        "action": body["action"],
        "outcome": body["outcome"],
        "actor_id": body["actor"]["id"],
        "case_id": body["case"],
        "document_id": body["document"],
    }
    if any(row[name] != value for name, value in copies.items()):
        return "的检索栏与内容不符"
    return None
