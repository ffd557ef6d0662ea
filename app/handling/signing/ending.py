"""Signatures that no longer count: the sign-off was taken back, the seal taken off, nothing came.

They are never erased: the register says when and why each ended.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import signed_by_rule
from app.documents.models import Document
from app.handling.act import Act
from app.handling.models import Case, Task
from app.seals.models import Signature, SignatureEnd

STRAY = timedelta(minutes=10)
"""So long after a signature the act that it was made for must have been done."""

LOOKED_BACK = timedelta(days=7)
"""The scheduler is never idle for so long without somebody noticing."""

LEFT_OVER = signed_by_rule("签名之后没有提交的，不作数")


def follow(act: Act, reason: str) -> None:
    """After marks were taken back: what stood for them ends; the number and its paper stay."""
    if not act.may_sign:
        return
    document = act.document
    over = document.state == "cancelled"
    for each in _standing(act.session, document.id):
        mark = document.signed_at if each.kind == "signatory" else document.sealed_at
        if over or mark is None:
            _end(act.session, each, act.as_candidate.signature(), act.at, reason)


def end_strays(session: Session, at: datetime) -> int:
    """End one signature whose act was never done; 1, or 0 when there is none (the sweep calls it).

    Under the lock of its case, so that nobody submits it at the same moment; a case that somebody
    is at is left for the next time.
    """
    strays = _strays(at)
    for signature_id, document_id in session.execute(
        strays.with_only_columns(Signature.id, Signature.document_id)
    ).all():
        if not _held(session, document_id):
            continue
        again = strays.where(Signature.id == signature_id)
        stray = session.scalars(again.execution_options(populate_existing=True)).first()
        if stray is not None:
            _end(session, stray, LEFT_OVER, at, "签名之后没有提交，不作数。")
            return 1
    return 0


def _strays(at: datetime) -> sa.Select[Signature]:
    done = sa.exists().where(Task.id == Signature.task_id, Task.state == "done")
    return (
        _open()
        .join(Document, Document.id == Signature.document_id)
        .where(
            Signature.at.between(at - LOOKED_BACK, at - STRAY),
            sa.or_(~done, Document.content_sha256 != Signature.content_sha256),
        )
    )


def _held(session: Session, document_id: int) -> bool:
    """Whether the case of the document could be locked at once."""
    query = (
        sa.select(Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(Document.id == document_id)
        .with_for_update(of=(Case, Document), key_share=True, skip_locked=True)
    )
    return session.scalar(query) is not None


def _standing(session: Session, document_id: int) -> Sequence[Signature]:
    return session.scalars(_open().where(Signature.document_id == document_id)).all()


def _open() -> sa.Select[Signature]:
    return (
        sa.select(Signature)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(SignatureEnd.signature_id.is_(None))
        .order_by(Signature.id)
    )


def _end(
    session: Session, signature: Signature, by: audit.Signature, at: datetime, reason: str
) -> None:
    session.add(SignatureEnd(signature_id=signature.id, reason=reason, by_id=by.person_id, at=at))
    audit.record(
        session,
        "signature.ended",
        by,
        at=at,
        subject=("signature", signature.id),
        document_id=signature.document_id,
        reason=reason,
        detail={"kind": signature.kind, "field": signature.field, "permit": signature.permit},
    )
