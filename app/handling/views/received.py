"""Received documents as attachments: those to choose from, and where an attached one leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.attachments import received_name
from app.documents.models import Attachment, Document
from app.handling.access import visible
from app.handling.models import Case
from app.handling.views.queries import about
from app.organization import Actor

MOST = 30
"""Received documents on one page, the latest first; a search finds the others."""


@dataclass(frozen=True)
class Original:
    id: int
    name: str
    size: int


@dataclass(frozen=True)
class Choice:
    """A received document with the files that came with it."""

    case_id: int
    name: str
    title: str
    from_unit: str
    received_at: datetime | None
    files: Sequence[Original]


@dataclass(frozen=True)
class Source:
    """Where an attached original comes from; ``case_id`` None for who may not see its record."""

    name: str
    case_id: int | None


def choices(session: Session, actor: Actor, words: str) -> list[Choice]:
    """Received documents with files that the actor may see and that have the words."""
    has_files = sa.exists().where(
        Attachment.document_id == Document.id, Attachment.ended_at.is_(None)
    )
    query = (
        sa.select(Document, Case.id)
        .join(Case, Case.document_id == Document.id)
        .where(Document.flow == "incoming", has_files, visible(actor), *about(words))
        .order_by(Document.id.desc())
        .limit(MOST)
    )
    found = session.execute(query).all()
    files = _files(session, [document.id for document, _ in found])
    return [
        Choice(
            case_id=case_id,
            name=received_name(document),
            title=document.title,
            from_unit=document.from_unit or "",
            received_at=document.received_at,
            files=files[document.id],
        )
        for document, case_id in found
    ]


def sources(session: Session, actor: Actor, received: Iterable[int | None]) -> Mapping[int, Source]:
    """By id of the received document; no statement where nothing received is attached."""
    wanted = {each for each in received if each is not None}
    if not wanted:
        return {}
    seen = (
        sa.select(Case.document_id, Case.id)
        .where(Case.document_id.in_(wanted), visible(actor))
        .subquery()
    )
    query = (
        sa.select(Document, seen.c.id)
        .outerjoin(seen, seen.c.document_id == Document.id)
        .where(Document.id.in_(wanted))
    )
    return {
        document.id: Source(received_name(document), case_id)
        for document, case_id in session.execute(query)
    }


def _files(session: Session, documents: Sequence[int]) -> dict[int, list[Original]]:
    query = (
        sa.select(Attachment)
        .where(Attachment.document_id.in_(documents), Attachment.ended_at.is_(None))
        .order_by(Attachment.id)
    )
    found: dict[int, list[Original]] = {each: [] for each in documents}
    for each in session.scalars(query):
        found[each.document_id].append(Original(each.id, each.name, each.size))
    return found
