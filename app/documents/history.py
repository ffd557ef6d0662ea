"""Holding a document for a change, and keeping every save as a version (OUT-36)."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from app import audit
from app.clock import SHANGHAI
from app.documents import versions
from app.documents.content import canonical
from app.documents.errors import Stale
from app.documents.models import Document, DocumentVersion
from app.errors import NotFound
from app.organization import Actor

EDITABLE = ("draft", "reviewing", "registered", "handling")


_held: WeakKeyDictionary[SessionTransaction, set[int]] = WeakKeyDictionary()
"""The documents that each open transaction has locked; what it holds nobody else can change."""


def hold(session: Session, document: Document) -> None:
    """Lock the row and read it again: who waited for the lock sees what the other one did.

    FOR NO KEY UPDATE, so that rows that refer to the document can still be added. Once per
    transaction: what is held already is as it was read.
    """
    if _is_held(session, document):
        return
    session.flush()
    session.refresh(document, with_for_update={"key_share": True})
    note_held(session, document)


def note_held(session: Session, document: Document) -> None:
    """The caller has just read this document under its lock, among other rows."""
    transaction = session.get_nested_transaction() or session.get_transaction()
    if transaction is not None:
        _held.setdefault(transaction, set()).add(document.id)


def _is_held(session: Session, document: Document) -> bool:
    """A savepoint that is undone gives its locks back; those of what is around it stay."""
    transaction = session.get_nested_transaction() or session.get_transaction()
    while transaction is not None:
        if document.id in _held.get(transaction, ()):
            return True
        transaction = transaction.parent
    return False


def record(
    session: Session,
    document: Document,
    action: str,
    by: Actor,
    at: datetime,
    *,
    step: str | None = None,
    reason: str | None = None,
    **detail: Any,
) -> None:
    """Audit entry of a change of this document, with the hash of its content in the detail."""
    audit.record(
        session,
        action,
        by.signature(),
        at=at,
        subject=("document", document.id),
        document_id=document.id,
        step=step,
        reason=reason,
        detail={
            "version": document.version,
            "content_sha256": document.content_sha256,
            "state": document.state,
            **detail,
        },
    )


def begin(session: Session, document: Document, by: Actor, at: datetime, step: str) -> None:
    """Store a new document with its first version."""
    text, digest = canonical(document)
    document.version, document.content_sha256 = 1, digest
    session.add(document)
    session.flush()
    _add(session, document, by, at, step, text, versions.NOTHING)


def save(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    step: str | None,
    *,
    restored: versions.Change | None = None,
) -> DocumentVersion:
    """Keep what the held document now says. A save without a change makes no version.

    Nor does one whose content differs only in what an older version did not hold yet.

    restored  says that it is an earlier version brought back, and why
    """
    text, digest = canonical(document)
    last = newest(session, document)
    if digest == document.content_sha256:
        return last
    found = versions.difference_of_json(last.elements, text)
    if restored is None and found == versions.NOTHING:
        return last
    if restored is not None:
        found = replace(found, changes=(restored, *found.changes))
    document.version += 1
    document.content_sha256 = digest
    session.flush()
    return _add(session, document, by, at, step, text, found)


def newest(session: Session, document: Document) -> DocumentVersion:
    return version(session, document, document.version)


def version(session: Session, document: Document, number: int) -> DocumentVersion:
    """One version of this document. Raises NotFound."""
    if not 0 < number <= document.version:
        raise NotFound  # also what no column could hold
    query = sa.select(DocumentVersion).where(
        DocumentVersion.document_id == document.id, DocumentVersion.number == number
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def ensure_seen(session: Session, document: Document, seen: int | None) -> None:
    """Raises Stale, naming who saved and when, if ``seen`` is not the newest version."""
    if seen is None or seen == document.version:
        return
    last = newest(session, document)
    when = last.at.astimezone(SHANGHAI)
    raise Stale(
        f"{last.author_name}已于{when.month}月{when.day}日 {when:%H:%M} 保存了新的一版，"
        "您的修改没有保存。请对照最新稿重新修改。"
    )


def _add(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    step: str | None,
    text: str,
    found: versions.Difference,
) -> DocumentVersion:
    version = DocumentVersion(
        document_id=document.id,
        number=document.version,
        step=step,
        author_id=by.person_id,
        author_name=by.name,
        at=at,
        elements=text,
        sha256=document.content_sha256,
        difference=versions.to_json(found),
    )
    session.add(version)
    session.flush()
    return version
