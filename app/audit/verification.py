"""Proving the record: every entry is recomputed, the first one that does not fit is named."""

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain
from app.audit.checkpoints import Checkpoint, of_row
from app.audit.cosigning import checking
from app.audit.cosigning.checking import Cosigned
from app.audit.cosigning.notes import VerifierKey
from app.audit.models import AuditCheckpoint, AuditEntry, AuditHead
from app.audit.operations import LOG
from app.audit.tree import Edge

BATCH = 1000


@dataclass(frozen=True)
class Verification:
    """Result of a check of the whole record; ``reason`` says in Chinese what is wrong.

    first_bad    the first entry that does not fit; of a record that was rewritten with right
                 hashes the first that may have been changed
    checkpoints  how many the record agrees with, ``witnessed`` of them from outside the database,
                 ``cosigned`` of them with the signature of another system
    """

    ok: bool
    entries: int
    first_bad: int | None = None
    reason: str | None = None
    checkpoints: int = 0
    witnessed: int = 0
    cosigned: int = 0


def verify(
    session: Session,
    witnesses: Sequence[Checkpoint] = (),
    keys: Sequence[str] = (),
    cosigned: Sequence[Cosigned] = (),
    cosigners: Sequence[VerifierKey] = (),
) -> Verification:
    """Recompute chain and tree from the first entry to the head, and compare the checkpoints.

    A chain alone shows every change, deletion, insertion and swap, and a cut tail as long as the
    head was not rewritten too. Checkpoints show both, and a record rewritten with right hashes.

    witnesses  checkpoints kept outside the database
    keys       public keys in hexadecimal that may have signed; none given: those of the witnesses
    cosigned   what witnesses cosigned and handed out themselves; what they answered us is read here
    cosigners  witnesses each of which must have cosigned something
    """
    kept = [of_row(row) for row in session.scalars(sa.select(AuditCheckpoint))]
    trusted = set(keys) or {each.public_key for each in witnesses}
    also = [*checking.kept(session), *cosigned]
    fault = _unsigned([*witnesses, *kept], trusted) or _not_cosigned(also, cosigners)
    if fault:
        return fault
    said = [_Said(each.size, each.root) for each in (*kept, *witnesses)]
    said += [_Said(each.size, each.root, f"见证方 {each.key.name} 副署的") for each in also]
    found, roots = _verify_chain(session, {each.size for each in said})
    if not found.ok:
        return found
    compared = _compared(found, roots, said)
    if not compared.ok:
        return compared
    return replace(
        compared,
        checkpoints=len({each.size for each in said}),
        witnessed=len({each.size for each in witnesses}),
        cosigned=len({each.size for each in also}),
    )


@dataclass(frozen=True)
class _Said:
    """What a checkpoint says; ``by``: who vouches for it, in words before it."""

    size: int
    root: str
    by: str = ""


def _not_cosigned(
    given: Sequence[Cosigned], required: Sequence[VerifierKey]
) -> Verification | None:
    fault = checking.fault(given, required)
    return Verification(False, 0, *fault) if fault else None


def _unsigned(given: Sequence[Checkpoint], trusted: set[str]) -> Verification | None:
    for each in sorted(given, key=lambda each: each.size):
        if not each.is_signed():
            reason = f"第 {each.size} 条的检查点签名不符，检查点被改动。"
            return Verification(False, 0, each.size, reason)
        if trusted and each.public_key not in trusted:
            reason = f"第 {each.size} 条的检查点由另一把密钥签署，不能采信。"
            return Verification(False, 0, each.size, reason)
    return None


def _compared(found: Verification, roots: dict[int, str], said: Sequence[_Said]) -> Verification:
    """The first checkpoint that says something else, in the order of their sizes."""
    good, entries = 0, found.entries
    for size, several in groupby(sorted(said, key=lambda each: each.size), lambda each: each.size):
        for each in several:
            if size > entries:
                cut = f"{each.by}检查点记到第 {size} 条，现在只有 {entries} 条："
                cut += f"第 {entries + 1} 条起被截去。"
                return Verification(False, entries, entries + 1, cut)
            if each.root != roots[size]:
                anew = f"第 {good + 1} 至 {size} 条与{each.by}检查点不符：记录被整体改写过。"
                return Verification(False, good, good + 1, anew)
        good = size
    return found


def verify_case(session: Session, case_id: int, document_id: int) -> Verification:
    """The entries of one case alone: each has its hashes and follows what stands before it.

    It follows the entry just before it in the record, and the one before it of its case and of
    its document, which it names: one of these that was deleted is missed.

    Quick, and no substitute for the whole: what was cut off, or rewritten with all that comes
    after it, only :func:`verify` and the witnesses find.
    """
    concerns = sa.or_(AuditEntry.case_id == case_id, AuditEntry.document_id == document_id)
    query = sa.select(AuditEntry.__table__).where(concerns).order_by(AuditEntry.seq)
    rows = [dict(row) for row in session.execute(query).mappings()]
    before = sa.select(AuditEntry.seq, AuditEntry.hash).where(
        AuditEntry.seq.in_(sa.select(AuditEntry.seq - 1).where(concerns))
    )
    hashes = {0: chain.GENESIS} | {row.seq: row.hash for row in session.execute(before)}
    last = {"case": 0, "document": 0}
    for good, row in enumerate(rows):
        previous = hashes.get(row["seq"] - 1)
        missing = "之前的一条缺失" if previous is None else None
        fault = missing or _fault(row, previous or "")
        fault = fault or _gap(row, {"case": case_id, "document": document_id}, last)
        if fault:
            return Verification(False, good, row["seq"], f"第 {row['seq']} 条记录{fault}。")
    return Verification(True, len(rows))


def _gap(row: dict[str, Any], of: dict[str, int], last: dict[str, int]) -> str | None:
    """An entry of the case left out before this one, by what it names; ``last`` is read on.

    Entries of before they named any name none.
    """
    body = json.loads(row["body"])
    its = [kind for kind, ident in of.items() if body[kind] == ident]
    named = body.get("before", last)
    if any(named.get(kind, last[kind]) != last[kind] for kind in its):
        return "之前缺少此件的记录"
    last.update(dict.fromkeys(its, row["seq"]))
    return None


def _verify_chain(session: Session, sizes: set[int]) -> tuple[Verification, dict[int, str]]:
    """The chain, and the root of the tree at each of these sizes."""
    with closing(_rows(session)) as rows:  # the cursor too, where a fault ends the reading
        return _followed(rows, sizes)


def _followed(
    rows: Iterable[dict[str, Any]], sizes: set[int]
) -> tuple[Verification, dict[int, str]]:
    edge, roots = Edge(), {}
    seq, previous = 0, chain.GENESIS
    head: tuple[int | None, str | None] = (None, None)
    for row in rows:
        head = row["head_seq"], row["head_hash"]
        if row["seq"] is None:
            break  # no entry at all: the head stands alone
        expected = seq + 1
        if row["seq"] != expected:
            return Verification(False, seq, expected, f"第 {expected} 条记录缺失或次序被改动。"), {}
        fault = _fault(row, previous)
        if fault:
            return Verification(False, seq, expected, f"第 {expected} 条记录{fault}。"), {}
        seq, previous = expected, row["hash"]
        edge.add(bytes.fromhex(previous))
        if seq in sizes:
            roots[seq] = edge.root.hex()
    if head != (seq, previous) and (seq or head[0] is not None):
        reason = f"第 {seq + 1} 条起的记录被截去，或链首被改动。"
        return Verification(False, seq, seq + 1, reason), {}
    return Verification(True, seq), roots


def _rows(session: Session) -> Generator[dict[str, Any]]:
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
    with session.execute(query, execution_options={"yield_per": BATCH}) as found:
        for row in found.mappings():
            yield dict(row)


def _fault(row: dict[str, Any], previous: str) -> str | None:
    """What is wrong with one entry, or None."""
    if chain.leaf_hash(row["body"]) != row["hash"]:
        return "的内容与散列值不符"
    if chain.sm3(row["body"]) != row["sm3"]:
        return "的内容与 SM3 值不符"
    try:
        body = json.loads(row["body"])
        before, copies = body["previous"], _copies(body)
    except (KeyError, TypeError, ValueError):
        return "的内容不能读取"
    if before != previous:
        return "没有接在上一条之后"
    if any(row[name] != value for name, value in copies.items()):
        return "的检索栏与内容不符"
    return None


def _copies(body: dict[str, Any]) -> dict[str, Any]:
    """The other columns as they follow from the body."""
    return {
        "seq": body["seq"],
        "at": datetime.fromisoformat(body["at"]),
        "action": body["action"],
        "outcome": body["outcome"],
        "actor_id": body["actor"]["id"],
        "case_id": body["case"],
        "document_id": body["document"],
    }
