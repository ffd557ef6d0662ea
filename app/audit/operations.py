"""Writing the record: collected during an act, linked into the chain just before its commit."""

from collections.abc import Sequence
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
_NOTES = "audit_notes"


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


@dataclass(frozen=True)
class _Note:
    about: tuple[str, int]
    kind: str
    ident: int
    facts: Any
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
        "detail": dict(detail or {}),
    }
    chain.canonical(body)  # refuse what cannot be recorded while the act can still be refused
    if not session.in_transaction():
        session.begin()  # so that a rollback finds something to undo
    pending = _Pending(body, at, session.get_nested_transaction())
    session.info.setdefault(_PENDING, []).append(pending)


def note(session: Session, about: tuple[str, int], kind: str, ident: int, facts: Any) -> None:
    """Say how something stands after the act in hand, for its entry: ``after`` in the detail.

    What stands in the last entry of the act about this case or document, as
    ``after[kind][str(ident)]``, is what was noted last. An act without such an entry leaves none.

    about  ("case" or "document", id)
    facts  like the detail of an entry; None where there is nothing any more
    """
    chain.canonical({"facts": facts})
    if not session.in_transaction():
        session.begin()  # so that a rollback finds something to undo
    said = _Note(about, kind, ident, facts, session.get_nested_transaction())
    session.info.setdefault(_NOTES, []).append(said)


@sa.event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """Number and hash the collected entries under the lock of the head, the last lock taken."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()  # what is written now may be noted
    pending: list[_Pending] = session.info.pop(_PENDING)
    _attach(session.info.pop(_NOTES, []), pending)
    head = _locked_head(session)
    seq, previous = head
    rows = []
    last = _last_of_each(session, pending)
    for entry in pending:
        seq += 1
        body = chain.canonical(
            {**entry.body, **_before(entry, last, seq), "seq": seq, "previous": previous}
        )
        previous = chain.leaf_hash(body)
        rows.append(_row(seq, body, previous, entry))
    session.execute(sa.insert(AuditEntry), rows)
    faults.reach("after-audit")
    session.execute(
        sa.update(AuditHead).where(AuditHead.log == LOG).values(seq=seq, hash=previous),
        execution_options={"synchronize_session": False},
    )
    faults.reach("before-commit")


def _attach(notes: list[_Note], pending: list[_Pending]) -> None:
    last = {
        (about, entry.body[about]): entry for entry in pending for about in ("case", "document")
    }
    for said in notes:
        entry = last.get(said.about)
        if entry is not None:
            after = entry.body["detail"].setdefault("after", {})
            after.setdefault(said.kind, {})[str(said.ident)] = said.facts


def _locked_head(session: Session) -> tuple[int, str]:
    query = sa.select(AuditHead.seq, AuditHead.hash).where(AuditHead.log == LOG).with_for_update()
    head = session.execute(query).first()
    if head is None:
        insert_once(session, AuditHead, {"log": LOG, "seq": 0, "hash": chain.GENESIS})
        head = session.execute(query).one()
    return head.seq, head.hash


Thread = tuple[str, int]
"""A case or a document by its number: its entries are a chain of their own in the long one."""


def _threads(entry: _Pending) -> list[Thread]:
    return [(kind, entry.body[kind]) for kind in _SEQ if entry.body[kind] is not None]


_SEQ = {"case": AuditEntry.case_id, "document": AuditEntry.document_id}


def _last_of_each(session: Session, pending: Sequence[_Pending]) -> dict[Thread, int]:
    """Numbers of the newest entries of these cases and documents, 0 for none, in one statement."""
    threads = list(dict.fromkeys(each for entry in pending for each in _threads(entry)))
    if not threads:
        return {}
    newest = [
        sa.select(sa.func.max(AuditEntry.seq)).where(_SEQ[kind] == number).scalar_subquery()
        for kind, number in threads
    ]
    found = session.execute(sa.select(*newest)).one()
    return {each: seq or 0 for each, seq in zip(threads, found, strict=True)}


def _before(entry: _Pending, last: dict[Thread, int], seq: int) -> dict[str, dict[str, int]]:
    """The entry before this one of its case and its document: so none can be left out of them."""
    threads = _threads(entry)
    before = {kind: last[kind, number] for kind, number in threads}
    last.update(dict.fromkeys(threads, seq))
    return {"before": before} if before else {}


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
    for collected in (_PENDING, _NOTES):
        if undone.nested:
            kept = [each for each in session.info.get(collected, ()) if not _within(each, undone)]
            session.info[collected] = kept
        else:
            session.info.pop(collected, None)


@sa.event.listens_for(Session, "after_commit")
def _forget_notes(session: Session) -> None:
    """What nobody recorded is no part of the next act; a savepoint's end is not that of the act."""
    if not session.in_nested_transaction():
        session.info.pop(_NOTES, None)


def _within(entry: _Pending | _Note, undone: SessionTransaction) -> bool:
    savepoint = entry.savepoint
    while savepoint is not None:
        if savepoint is undone:
            return True
        savepoint = savepoint.parent
    return False
