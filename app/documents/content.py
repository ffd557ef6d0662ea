"""公文要素 (DRF-04): what people enter and a hash stands for, and what the paper carries."""

import hashlib
from datetime import date, datetime
from typing import Any

from app.audit import chain
from app.clock import SHANGHAI
from app.documents import kinds
from app.documents.models import Attachment, Document

OUTGOING = (
    *("direction", "kind", "title", "body", "urgency"),
    *("main_recipients", "copy_recipients", "joint_issuers", "note", "letterhead"),
)
INCOMING = (
    *("from_unit", "number", "title", "body", "received_at", "urgency", "source"),
    *("kind", "document_date"),
)
SCANNED = (
    *("direction", "kind", "title", "body", "urgency", "main_recipients", "copy_recipients"),
    *("paper_number", "paper_date", "paper_signatory"),
)
"""Fields of the three forms that a document keeps, by their names in the API."""

_COLUMNS = {"body": "text"}
_COLUMNS_OF_INCOMING = {**_COLUMNS, "number": "source_number"}
_COLUMNS_OF_SCAN = {**_COLUMNS, "paper_number": "source_number", "paper_date": "document_date"}


def entered(document: Document) -> dict[str, Any]:
    """Values of the form as the document has them now, ready to be read by ``fields`` again."""
    return {name: getattr(document, column(document, name)) for name in _names(document)}


def _names(document: Document) -> tuple[str, ...]:
    if document.scanned:
        return SCANNED
    return OUTGOING if document.flow == "outgoing" else INCOMING


def column(document: Document, field: str) -> str:
    """Attribute of the model that holds a field: ``number`` of an incoming one is the sender's."""
    if document.scanned:
        return _COLUMNS_OF_SCAN.get(field, field)
    columns = _COLUMNS_OF_INCOMING if document.flow == "incoming" else _COLUMNS
    return columns.get(field, field)


def content(document: Document) -> dict[str, Any]:
    """What is approved and goes out (S11): the entered values and the attachments, as JSON.

    Signatory, number and dates are not part of it: acts write them, and the hash that a
    signatory approved must still be the hash of what is dispatched.
    """
    values = {name: _plain(value) for name, value in entered(document).items()}
    files = [{"name": each.name, "sha256": each.sha256} for each in current(document)]
    return {**values, "attachments": files}


def canonical(document: Document) -> tuple[str, str]:
    """Canonical JSON of the content, and its SHA-256 in hexadecimal."""
    text = chain.canonical(content(document))
    return text, hashlib.sha256(text.encode()).hexdigest()


def current(document: Document) -> list[Attachment]:
    """The attachments in force, without those replaced or taken off."""
    return [each for each in document.attachments if each.ended_at is None]


def draft_status(document: Document) -> str:
    """稿本代码 M, U or F (NUM-07); F versions cannot be edited (S11)."""
    if document.flow == "incoming" or document.signed_at is not None:
        return "F"
    return "M" if document.state == "draft" else "U"


def elements(document: Document) -> dict[str, Any]:
    """What the paper carries, named as the layout names it; the unit adds its letterhead.

    ``date`` is the day of the sign-off (成文日期), ``printed_on`` that of the registration, both in
    Asia/Shanghai; they and ``number`` are None until then. ``draft`` holds until the sign-off.
    """
    return {
        "direction": document.direction,
        "title": document.title,
        "main_recipients": tuple(document.main_recipients),
        "blocks": document.blocks,
        "number": document.number,
        "signatories": (document.signatory,) if document.signatory else (),
        "urgency": None if document.urgency == "none" else kinds.URGENCIES[document.urgency],
        "attachments": tuple(_without_type(each.name) for each in current(document)),
        "date": _day(document.signed_at),
        "note": document.note or None,
        "copy_recipients": tuple(document.copy_recipients),
        "printed_on": _day(document.numbered_at),
        "draft": document.signed_at is None,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(instant: datetime | None) -> date | None:
    return instant and instant.astimezone(SHANGHAI).date()


def _without_type(name: str) -> str:
    return name.rpartition(".")[0] or name
