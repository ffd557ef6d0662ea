"""Writing the record: collected during an act, linked into the chain just before its commit."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from app import faults
from app.audit import chain
from app.audit.models import AuditEntry, AuditHead
from app.database import insert_once

LOG = "main"
_PENDING = "audit_pending"


@dataclass(frozen=True)
class Signature:
    """Who answers for an act: a person with the post that allowed it, or a rule.

    principal  login of the person acted for; None when acting for oneself
    authority  the post, delegation or rule that the right comes from, in words
    """

    person_id: int | None
    login: str
    name: str
    authority: str
    principal: str | None = None
    address: str | None = None


def signed_by_rule(rule: str) -> Signature:
    """Signature of an automatic act: never a person (decision 9)."""
    return Signature(None, "rule", "自动", authority=rule)


@dataclass(frozen=True)
class _Pending:
    body: dict[str, Any]
    at: datetime
    savepoint: SessionTransaction | None


def record(
    session: Session,
    action: str,
    by: Signature,
    *,
    at: datetime,
    subject: tuple[str, int] | None = None,
    case_id: int | None = None,
    document_id: int | None = None,
    step: str | None = None,
    outcome: str = "done",
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one entry to the act in hand.

    action   stable key such as ``task.completed``; pages give it its Chinese label
    outcome  done, refused or failed
    detail   whole numbers, texts, yes/no, lists and objects of these; no passwords, tokens or
             document bodies, only their hashes
    Raises TypeError for a float, which has no single spelling.
    """
    body = {
        "action": action,
        "actor": {"id": by.person_id, "login": by.login, "name": by.name},
        "principal": by.principal,
        "authority": by.authority,
        "address": by.address,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "subject": list(subject) if subject else None,
        "case": case_id,
        "document": document_id,
        "step": step,
        "outcome": outcome,
        "reason": reason,
        "detail": detail or {},
    }
    chain.canonical(body)  # refuse what cannot be recorded while the act can still be refused
    if not session.in_transaction():
        session.begin()  # so that a rollback finds something to undo
    pending = _Pending(body, at, session.get_nested_transaction())
    session.info.setdefault(_PENDING, []).append(pending)


@sa.event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """Number and hash the collected entries under the lock of the head, the last lock taken."""
    if session.in_nested_transaction():
        return
    pending: list[_Pending] = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    head = _locked_head(session)
    seq, previous = head
    rows = []
    for entry in pending:
        seq += 1
        body = chain.canonical({**entry.body, "seq": seq, "previous": previous})
        previous = chain.leaf_hash(body)
        rows.append(_row(seq, body, previous, entry))
    session.execute(sa.insert(AuditEntry), rows)
    faults.reach("after-audit")
    session.execute(
        sa.update(AuditHead).where(AuditHead.log == LOG).values(seq=seq, hash=previous),
        execution_options={"synchronize_session": False},
    )
    faults.reach("before-commit")


def _locked_head(session: Session) -> tuple[int, str]:
    query = sa.select(AuditHead.seq, AuditHead.hash).where(AuditHead.log == LOG).with_for_update()
    head = session.execute(query).first()
    if head is None:
        insert_once(session, AuditHead, {"log": LOG, "seq": 0, "hash": chain.GENESIS})
        head = session.execute(query).one()
    return head.seq, head.hash


def _row(seq: int, body: str, digest: str, entry: _Pending) -> dict[str, Any]:
    return {
        "seq": seq,
        "body": body,
        "hash": digest,
        "sm3": chain.sm3(body),
        "at": entry.at,
        "action": entry.body["action"],
        "outcome": entry.body["outcome"],
        "actor_id": entry.body["actor"]["id"],
        "case_id": entry.body["case"],
        "document_id": entry.body["document"],
    }


@sa.event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    """What was rolled back did not happen: its entries go too, a savepoint's with the savepoint."""
    pending: list[_Pending] = session.info.get(_PENDING, [])
    if undone.nested:
        session.info[_PENDING] = [entry for entry in pending if not _within(entry, undone)]
    else:
        session.info.pop(_PENDING, None)


def _within(entry: _Pending, undone: SessionTransaction) -> bool:
    savepoint = entry.savepoint
    while savepoint is not None:
        if savepoint is undone:
            return True
        savepoint = savepoint.parent
    return False
