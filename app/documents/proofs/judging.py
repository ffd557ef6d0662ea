"""What is known of the page of a content, kept for every process (DRF-16, S11)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain
from app.database import insert_once
from app.documents.letterheads import Letterhead, LetterheadVersion
from app.documents.models import Document
from app.documents.proofs.models import Proof
from app.organization import Unit


@dataclass(frozen=True)
class Subject:
    """The page that is judged: which content, in whose name, and on what it stands."""

    document_id: int
    content_sha256: str
    signatory: str
    standing: str


def newest_letterhead(unit_id: int) -> sa.ScalarSelect[int | None]:
    """Number of the latest save of any letterhead of a unit; rises with each."""
    return (
        sa.select(sa.func.max(LetterheadVersion.id))
        .join(Letterhead, Letterhead.id == LetterheadVersion.letterhead_id)
        .where(Letterhead.unit_id == unit_id)
        .scalar_subquery()
    )


def standing_of(layout: str, unit: Unit, letterhead: int | None) -> str:
    """What a page depends on besides its content: layout and fonts, the unit, its letterheads."""
    parts = {"layout": layout, "unit": unit.name, "head": unit.letterhead, "newest": letterhead}
    return hashlib.sha256(chain.canonical(parts).encode()).hexdigest()[:32]


def subject(session: Session, document: Document, signatory: str, layout: str) -> Subject:
    """The page of a document as it stands now; ``signatory``: who signs, or ``DRAFT``."""
    unit = session.get_one(Unit, document.unit_id)
    letterhead = session.scalar(sa.select(newest_letterhead(unit.id)))
    standing = standing_of(layout, unit, letterhead)
    return Subject(document.id, document.content_sha256, signatory, standing)


def judge(session: Session, page: Subject, unfit: Sequence[str], at: datetime) -> None:
    """Keep what setting the page has shown, in the place of what was known before."""
    shown = {"standing": page.standing, "unfit": [*unfit], "at": at}
    key = {
        "document_id": page.document_id,
        "content_sha256": page.content_sha256,
        "signatory": page.signatory,
    }
    if not insert_once(session, Proof, key | shown):
        session.execute(sa.update(Proof).filter_by(**key).values(**shown))


def known(session: Session, page: Subject) -> tuple[str, ...] | None:
    """What the page lacks; None where it has not been set as things stand."""
    query = sa.select(Proof.unfit).where(
        Proof.document_id == page.document_id,
        Proof.content_sha256 == page.content_sha256,
        Proof.signatory == page.signatory,
        Proof.standing == page.standing,
    )
    unfit = session.scalar(query)
    return None if unfit is None else tuple(unfit)
