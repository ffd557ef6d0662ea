"""What the record knows: whom the office trusts, and what a file with this digest has to be."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.seals.models import (
    Certificate,
    DigestEnd,
    Paper,
    RevocationList,
    Signature,
    SignatureEnd,
)
from app.seals.papers.fields import NUMBER, SEALS, SIGN_OFF
from app.seals.verification.verdict import Expected, Trust

_ENDS = sa.select(DigestEnd.digest, DigestEnd.ends_at).order_by(DigestEnd.id)
"""The last entry of each digest counts."""


def trust(session: Session) -> Trust:
    """Roots and authorities of the office, and the newest list of each."""
    rows = session.execute(
        sa.select(Certificate.role, Certificate.der).where(
            Certificate.role.in_(("root", "issuing", "timestamp"))
        )
    ).all()
    newest = (
        sa.select(RevocationList.issuer_id, sa.func.max(RevocationList.number).label("number"))
        .group_by(RevocationList.issuer_id)
        .subquery()
    )
    lists = session.scalars(
        sa.select(RevocationList.der).join(
            newest,
            (RevocationList.issuer_id == newest.c.issuer_id)
            & (RevocationList.number == newest.c.number),
        )
    )
    return Trust(
        roots=tuple(der for role, der in rows if role == "root"),
        certificates=tuple(der for role, der in rows if role != "root"),
        lists=tuple(lists),
        retired={row.digest: row.ends_at for row in session.execute(_ENDS)},
    )


def expected(session: Session, pdf: bytes) -> Expected | None:
    """What an issued file with this digest must be; None for one that is not on record."""
    digest = hashlib.sha256(pdf).hexdigest()
    paper = session.scalar(sa.select(Paper).where(Paper.sha256 == digest).order_by(Paper.id.desc()))
    return expected_of(session, paper) if paper else None


def expected_of(session: Session, paper: Paper, *, finished: bool = True) -> Expected:
    """What the file of a row must be.

    finished  False for one on its way: signed by whoever signed until then, and open for the rest
    """
    document = session.get_one(Document, paper.document_id)
    number = document.number
    kinds = {str(field["name"]): str(field["kind"]) for field in paper.fields}
    certificates = _certificates(session, paper)
    signatures = tuple(name for name, kind in kinds.items() if kind in (SIGN_OFF, *SEALS))
    return Expected(
        fields=tuple(kinds),
        texts={NUMBER: number} if finished and number and NUMBER in kinds else {},
        certificates=certificates,
        signed=tuple(each for each in signatures if finished or each in certificates),
        sha256=paper.sha256,
        sm3=paper.sm3,
        finished=finished,
        withdrawn=_withdrawn(session, document, paper) if finished else "",
    )


def _withdrawn(session: Session, document: Document, paper: Paper) -> str:
    """A file that is whole counts no more where a signature in it was taken back since."""
    if document.state == "cancelled":
        return "此件已经作废，文件不再有效。"
    ended = (
        sa.select(SignatureEnd.at)
        .join(Signature, Signature.id == SignatureEnd.signature_id)
        .where(
            Signature.document_id == paper.document_id,
            Signature.content_sha256 == paper.content_sha256,
            Signature.at <= paper.at,
            SignatureEnd.at > paper.at,
        )
        .order_by(SignatureEnd.at)
    )
    if session.scalars(ended).first() is None:
        return ""
    return "文件上的签发或用印后来已被收回，文件不再有效，请向发文单位索取正式文件。"


def _certificates(session: Session, paper: Paper) -> dict[str, str]:
    """By field; without the signatures that had been taken back or off when the file was made."""
    rows = session.execute(
        sa.select(Signature.field, Certificate.sha256)
        .join(Certificate, Certificate.id == Signature.certificate_id)
        .outerjoin(SignatureEnd, SignatureEnd.signature_id == Signature.id)
        .where(
            sa.or_(SignatureEnd.at.is_(None), SignatureEnd.at > paper.at),
            Signature.document_id == paper.document_id,
            Signature.content_sha256 == paper.content_sha256,
            Signature.at <= paper.at,
        )
        .order_by(Signature.id)
    )
    return {str(field): str(sha256) for field, sha256 in rows}
