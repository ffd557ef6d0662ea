"""用印登记: every use of a seal and of a signatory's key, from the rows that the use itself left.

Nothing here can be changed: signatures are written by the signer, uses on paper and as a picture
with the act of the keeper (SIG-12).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.clock import SHANGHAI
from app.documents.models import Document
from app.errors import Invalid
from app.organization import Actor, Person
from app.seals.models import Certificate, Seal, SealChange, Signature, SignatureEnd
from app.seals.registry.models import WAYS, SealUse
from app.seals.registry.rights import ensure_may_look

KINDS = {"signatory": "签发签名", "seal": "电子印章", **WAYS}
"""What a line of the register is about, by the word in addresses."""

LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Wanted:
    """A period, both days included, and what it is narrowed to; "" and None for all.

    q  looked for in the names of person, seal and document, and in the number
    """

    since: date
    until: date
    kind: str = ""
    seal_id: int | None = None
    q: str = ""


@dataclass(frozen=True)
class Use:
    """One line. ``words``: copies and companions on paper; serial and end of a signature."""

    at: datetime
    kind: str
    seal: str
    person: str
    title: str
    number: str
    document_id: int
    words: str
    serial: str
    stamped_at: datetime | None
    ended: str
    content_sha256: str

    @property
    def label(self) -> str:
        return KINDS[self.kind]


def record(
    session: Session, seal: Seal, by: Actor, at: datetime, document: Document, **said: Any
) -> SealUse:
    """One use without a key: on paper, or as a picture; see :class:`SealUse` for ``said``."""
    use = SealUse(
        seal_id=seal.id,
        document_id=document.id,
        person_id=by.person_id,
        content_sha256=document.content_sha256,
        at=at,
        **{"copies": 1, "taken_out": False, "companions": [], **said},
    )
    session.add(use)
    audit.record(
        session,
        "seal.used",
        by.signature(),
        at=at,
        subject=("seal", seal.id),
        document_id=document.id,
        detail={
            "way": use.way,
            "wording": seal.wording,
            "names": list(use.names),
            "copies": use.copies,
            "taken_out": use.taken_out,
            "companions": list(use.companions),
            "content_sha256": use.content_sha256,
        },
    )
    return use


def imprinted(session: Session, document: Document) -> Seal | None:
    """The seal whose picture stands on a document since it was last sealed."""
    query = (
        sa.select(Seal)
        .join(SealUse, SealUse.seal_id == Seal.id)
        .where(
            SealUse.document_id == document.id,
            SealUse.way == "image",
            Seal.kind != "signature",
            SealUse.at >= document.sealed_at,
        )
        .order_by(SealUse.id.desc())
    )
    return session.scalars(query).first()


def handwriting(session: Session, document: Document) -> dict[int, str]:
    """SHA-256 of the picture of the 签名章 that was shown for a sign-off, by the stay."""
    query = (
        sa.select(SealUse)
        .join(Seal, Seal.id == SealUse.seal_id)
        .where(SealUse.document_id == document.id, SealUse.way == "image", Seal.kind == "signature")
        .order_by(SealUse.id)
    )
    return {each.task_id: _picture_then(session, each) for each in session.scalars(query)}


def shown_stamp(session: Session, document: Document) -> str | None:
    """SHA-256 of the picture of the 签名章 that was shown for the present sign-off."""
    query = (
        sa.select(SealUse)
        .join(Seal, Seal.id == SealUse.seal_id)
        .where(
            SealUse.document_id == document.id,
            SealUse.way == "image",
            Seal.kind == "signature",
            SealUse.at >= document.signed_at,
        )
        .order_by(SealUse.id.desc())
    )
    use = session.scalars(query).first()
    return _picture_then(session, use) if use else None


def _picture_then(session: Session, use: SealUse) -> str:
    """As it was registered at the use, whatever was brought for the 签名章 since."""
    query = (
        sa.select(SealChange.details)
        .where(SealChange.seal_id == use.seal_id, SealChange.at <= use.at)
        .order_by(SealChange.id.desc())
    )
    brought = (details["picture"] for details in session.scalars(query) if "picture" in details)
    return str(next(brought))


def uses(session: Session, actor: Actor, wanted: Wanted) -> list[Use]:
    """The register of the actor's unit, the newest use first. Raises NotAllowed, Invalid."""
    ensure_may_look(actor)
    if wanted.until < wanted.since:
        raise Invalid.at("until", "止日不能早于起日。")
    if wanted.until - wanted.since > LONGEST:
        raise Invalid.at("until", "一次最多查看十年，请缩短起止日期。")
    found = [*_signed(session, actor.unit_id, wanted), *_unsigned(session, actor.unit_id, wanted)]
    kept = [each for each in found if _fits(each, wanted)]
    return sorted(kept, key=lambda each: each.at, reverse=True)


def _fits(use: Use, wanted: Wanted) -> bool:
    texts = (use.person, use.seal, use.title, use.number)
    q = wanted.q.strip().casefold()
    return wanted.kind in ("", use.kind) and (not q or any(q in t.casefold() for t in texts))


def _between(wanted: Wanted, at: Any) -> Sequence[sa.ColumnElement[bool]]:
    begins = datetime.combine(wanted.since, time(), SHANGHAI)
    ends = datetime.combine(wanted.until + timedelta(days=1), time(), SHANGHAI)
    return (at >= begins, at < ends)


def _signed(session: Session, unit_id: int, wanted: Wanted) -> list[Use]:
    query = (
        sa.select(Signature, Person.name, Document.title, Document.number, Seal.wording)
        .add_columns(Certificate.serial, SignatureEnd.reason)
        .join(Person, Person.id == Signature.person_id)
        .join(Document, Document.id == Signature.document_id)
        .join(Certificate, Certificate.id == Signature.certificate_id)
        .outerjoin(Seal, Seal.id == Signature.seal_id)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(Document.unit_id == unit_id, *_between(wanted, Signature.at))
    )
    if wanted.seal_id is not None:
        query = query.where(Signature.seal_id == wanted.seal_id)
    return [
        Use(
            at=row.at,
            kind=row.kind,
            seal=wording or "",
            person=person,
            title=title.replace("\n", ""),
            number=number or "",
            document_id=row.document_id,
            words=row.field,
            serial=serial,
            stamped_at=row.stamped_at,
            ended=ended or "",
            content_sha256=row.content_sha256,
        )
        for row, person, title, number, wording, serial, ended in session.execute(query)
    ]


def _unsigned(session: Session, unit_id: int, wanted: Wanted) -> list[Use]:
    query = (
        sa.select(SealUse, Person.name, Document.title, Document.number, Seal.wording)
        .add_columns(Seal.kind)
        .join(Person, Person.id == SealUse.person_id)
        .join(Document, Document.id == SealUse.document_id)
        .join(Seal, Seal.id == SealUse.seal_id)
        .where(Seal.unit_id == unit_id, *_between(wanted, SealUse.at))
    )
    if wanted.seal_id is not None:
        query = query.where(SealUse.seal_id == wanted.seal_id)
    return [
        Use(
            at=row.at,
            kind=row.way,
            seal=wording,
            person=person,
            title=title.replace("\n", ""),
            number=number or "",
            document_id=row.document_id,
            words="签发签名图" if kind == "signature" else _words(row),
            serial="",
            stamped_at=None,
            ended="",
            content_sha256=row.content_sha256,
        )
        for row, person, title, number, wording, kind in session.execute(query)
    ]


def _words(use: SealUse) -> str:
    said = [f"{'、'.join(use.names)}，{use.copies} 份"] if use.way == "paper" else []
    if use.taken_out:
        said.append(f"带出，同行人：{'、'.join(use.companions)}")
    return "；".join(said)
