"""Reading for pages: frozen records, no more statements than records of different kinds.

Who may see a document is decided by ``handling``, which knows who was on its route.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import kinds, previews, versions
from app.documents.categories import Category, category
from app.documents.content import draft_status, elements, source_class
from app.documents.models import Attachment, Document, DocumentVersion
from app.documents.paragraphs import Paragraph, paragraphs
from app.documents.scans import FLAG
from app.errors import NotFound
from app.organization import Person

__all__ = [
    "AttachmentLine",
    "DocumentPage",
    "VersionLine",
    "attachments",
    "change",
    "document",
    "elements",
    "find",
    "page",
    "version_lines",
]


@dataclass(frozen=True)
class DocumentPage:
    """A document as a page shows it; ``…_label`` are the Chinese words of the codes."""

    id: int
    unit_id: int
    drafter_id: int | None
    flow: str
    direction: str
    direction_label: str
    kind: str | None
    title: str
    urgency: str
    urgency_label: str
    state: str
    state_label: str
    version: int
    revision: int
    content_sha256: str
    number: str | None
    signatory: str | None
    signed_at: datetime | None
    sealed_at: datetime | None
    dispatched_at: datetime | None
    main_recipients: tuple[str, ...]
    copy_recipients: tuple[str, ...]
    joint_issuers: tuple[str, ...]
    note: str
    body: str
    paragraphs: tuple[Paragraph, ...]
    from_unit: str | None
    source_number: str | None
    document_date: date | None
    received_at: datetime | None
    source: str | None
    receipt_number: int | None
    created_at: datetime
    scanned: bool
    paper_signatory: str | None
    draft_status: str
    draft_status_label: str
    source_class: int
    source_class_label: str

    @property
    def flag(self) -> str:
        """What pages say beside the title of a scan; "" of any other document (OUT-17)."""
        return FLAG if self.scanned else ""


@dataclass(frozen=True)
class VersionLine:
    """One save in the list of versions; ``words`` say in sentences what it changed."""

    number: int
    step: str | None
    author: str
    at: datetime
    sha256: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class AttachmentLine:
    """A file of a document; not ``in_force`` once replaced or taken off. ``size`` in bytes.

    received_id  of the received document whose original it is (ATT-02)
    """

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime
    replaces_id: int | None
    in_force: bool
    received_id: int | None = None

    @property
    def category(self) -> Category:
        """One of the seven kinds of file (NUM-08)."""
        return category(self.media_type)

    @property
    def shown(self) -> bool:
        """Whether a browser can show it."""
        return self.media_type in previews.FORMS


def find(session: Session, document_id: int) -> Document:
    """The document itself, for an operation. Raises NotFound."""
    found = session.get(Document, document_id)
    if found is None:
        raise NotFound
    return found


def document(session: Session, document_id: int) -> DocumentPage:
    """One document for a page. Raises NotFound."""
    return page(find(session, document_id))


def page(found: Document) -> DocumentPage:
    same = {name: getattr(found, name) for name in _SAME}
    return DocumentPage(
        **same,
        direction_label=kinds.DIRECTIONS.get(found.direction) or _ELSEWHERE[found.direction],
        urgency_label=kinds.URGENCIES[found.urgency],
        state_label=kinds.STATES[found.state],
        main_recipients=tuple(found.main_recipients),
        copy_recipients=tuple(found.copy_recipients),
        joint_issuers=tuple(found.joint_issuers),
        paragraphs=paragraphs(found.blocks),
        draft_status=draft_status(found),
        draft_status_label=kinds.DRAFT_STATUSES[draft_status(found)],
        source_class=source_class(found),
        source_class_label=kinds.SOURCE_CLASSES[source_class(found)],
    )


def version_lines(session: Session, document_id: int) -> tuple[VersionLine, ...]:
    """Every version, oldest first, without its text."""
    row = DocumentVersion
    query = (
        sa.select(row.number, row.step, row.author_name, row.at, row.sha256, row.difference)
        .where(row.document_id == document_id)
        .order_by(row.number)
    )
    return tuple(
        VersionLine(number, step, author, at, sha256, _words(number, difference))
        for number, step, author, at, sha256, difference in session.execute(query)
    )


def _words(number: int, difference: str) -> tuple[str, ...]:
    return ("首次保存。",) if number == 1 else versions.words_of_json(difference)


def change(session: Session, document_id: int, number: int) -> versions.Difference:
    """What version ``number`` changed, with its text as runs. Raises NotFound."""
    query = sa.select(DocumentVersion.number, DocumentVersion.elements, DocumentVersion.difference)
    query = query.where(
        DocumentVersion.document_id == document_id,
        DocumentVersion.number.in_((number - 1, number)),
    )
    rows = {row.number: row for row in session.execute(query)}
    if number not in rows:
        raise NotFound
    before = rows[number - 1].elements if number - 1 in rows else None
    return versions.from_json(rows[number].difference, before)


def attachments(session: Session, document_id: int) -> tuple[AttachmentLine, ...]:
    """Every file that the document has or had, in the order of adding."""
    row = Attachment
    query = (
        sa.select(row, Person.name)
        .join(Person, Person.id == row.added_by_id)
        .where(row.document_id == document_id)
        .order_by(row.id)
    )
    return tuple(
        AttachmentLine(
            id=each.id,
            name=each.name,
            media_type=each.media_type,
            size=each.size,
            sha256=each.sha256,
            added_by=person,
            added_at=each.added_at,
            replaces_id=each.replaces_id,
            in_force=each.ended_at is None,
            received_id=each.received_id,
        )
        for each, person in session.execute(query)
    )


_ELSEWHERE = {kinds.INCOMING: "收文", kinds.INTERNAL: "内部"}
_SAME = (
    *("id", "unit_id", "drafter_id", "flow", "direction", "kind", "title", "urgency", "state"),
    *("version", "revision", "content_sha256", "number", "signatory"),
    *("signed_at", "sealed_at", "dispatched_at", "note", "body"),
    *("from_unit", "source_number", "document_date", "received_at", "source"),
    *("receipt_number", "created_at", "scanned", "paper_signatory"),
)
"""Attributes that a page takes over as they are."""
