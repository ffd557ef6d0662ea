"""What the signer writes: the paper that came out, the use of the key, and who answers for it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.documents.models import Document
from app.seals.digests import digests
from app.seals.models import Paper, Signature, SignatureEnd
from app.seals.signer.approvals import Need, Page
from app.seals.signer.credentials import Credential
from app.seals.signer.orders import Order, Signed

TEXT_CHANGED = "正文在签名之后有改动，原签名不再有效。"
SUPERSEDED = "同一环节的新签名取代没有提交的旧签名"
STAGES = {"signatory": "signed", "seal": "sealed"}


@dataclass(frozen=True)
class Made:
    """A signed file, not yet kept. ``stamped_at``: the time in its time stamp."""

    content: bytes = field(repr=False)
    stamped_at: datetime


def standing(session: Session, task_id: int, name: str) -> Signature | None:
    """The signature of a stay in a field that has not been ended."""
    query = (
        sa.select(Signature)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(
            Signature.task_id == task_id,
            Signature.field == name,
            SignatureEnd.signature_id.is_(None),
        )
        .order_by(Signature.id.desc())
    )
    return session.scalars(query).first()


def made_before(session: Session, order: Order) -> Signed | None:
    """The signature that this very order had before: same person, document, text and stay."""
    found = standing(session, order.task_id, order.field)
    if found is None:
        return None
    content = session.scalar(
        sa.select(Document.content_sha256).where(Document.id == order.document_id)
    )
    asked = (order.person_id, order.document_id, content)
    if asked != (found.person_id, found.document_id, found.content_sha256):
        return None
    return answer(session, found)


def answer(session: Session, found: Signature, token: str = "") -> Signed:
    sha256 = session.get_one(Paper, found.paper_id).sha256
    return Signed(found.id, found.paper_id, sha256, token)


def register(
    session: Session,
    order: Order,
    need: Need,
    page: Page,
    made: Made,
    credential: Credential,
    how: str,
    at: datetime,
) -> Signature:
    """The rows of a signature, and its entry in the record. The file is in the store already.

    how  the person proved who it is: ``password`` or ``totp``
    """
    permit = _permit(session, need, at)
    both = digests(made.content)
    paper = Paper(
        document_id=need.document_id,
        content_sha256=need.content_sha256,
        stage=STAGES[need.kind],
        sha256=both.sha256,
        sm3=both.sm3,
        size=len(made.content),
        fields=page.fields,
        at=at,
    )
    session.add(paper)
    session.flush()
    signature = Signature(
        kind=need.kind,
        permit=permit,
        document_id=need.document_id,
        task_id=need.task_id,
        person_id=need.person_id,
        seal_id=need.used_id,
        certificate_id=credential.certificate_id,
        paper_id=paper.id,
        field=need.field,
        content_sha256=need.content_sha256,
        signed_sha256=digests(page.content).sha256,
        stamped_at=made.stamped_at,
        at=at,
    )
    session.add(signature)
    session.flush()
    audit.record(
        session,
        "signature.made",
        organization.actor(session, need.person_id, order.address).signature(),
        at=at,
        subject=("signature", signature.id),
        document_id=need.document_id,
        detail={
            **asdict(both),
            "kind": need.kind,
            "field": need.field,
            "permit": permit,
            "seal": need.used_id,
            "certificate": credential.serial,
            "content": need.content_sha256,
            "stamped_at": made.stamped_at.isoformat(),
            "proof": how,
        },
    )
    return signature


def _end(session: Session, older: Signature, need: Need, at: datetime) -> None:
    same_text = older.content_sha256 == need.content_sha256
    reason = "改用另一枚印章，原用印没有提交，不作数。" if same_text else TEXT_CHANGED
    session.add(SignatureEnd(signature_id=older.id, reason=reason, by_id=None, at=at))
    audit.record(
        session,
        "signature.ended",
        audit.signed_by_rule(SUPERSEDED),
        at=at,
        subject=("signature", older.id),
        document_id=older.document_id,
        reason=reason,
        detail={"kind": older.kind, "field": older.field, "permit": older.permit},
    )


def _permit(session: Session, need: Need, at: datetime) -> str:
    """One per stay and field: two processes that sign at once cannot both keep what they made.

    After a change of the text the stay needs a new one, and so it does for another seal; what
    stood there ends.
    """
    older = standing(session, need.task_id, need.field)
    if older is not None:
        _end(session, older, need, at)
    before = session.scalar(
        sa.select(sa.func.count())
        .select_from(Signature)
        .where(Signature.task_id == need.task_id, Signature.field == need.field)
    )
    permit = f"{need.task_id}:{need.field}"
    return f"{permit}:{before + 1}" if before else permit
