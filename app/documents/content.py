"""公文要素 (DRF-04): what people enter and a hash stands for, and what the paper carries."""

import hashlib
from datetime import date, datetime
from typing import Any

from app.audit import chain
from app.clock import SHANGHAI
from app.documents import kinds
from app.documents.layout.sheet import recipients_text
from app.documents.models import Attachment, Document

OUTGOING = (
    *("direction", "kind", "title", "body", "urgency"),
    *("main_recipients", "copy_recipients", "joint_issuers", "note", "letterhead"),
    *("present", "excused", "observers", "nature", "keywords", "series"),
)
INCOMING = (
    *("from_unit", "number", "title", "body", "received_at", "urgency", "source"),
    *("kind", "document_date"),
)
SCANNED = (
    *("direction", "kind", "title", "body", "urgency", "main_recipients", "copy_recipients"),
    *("paper_number", "paper_date", "paper_signatory"),
)
REQUEST = ("title", "body", "urgency")
"""Fields of the four forms that a document keeps, by their names in the API."""

_COLUMNS = {"body": "text"}
_COLUMNS_OF_INCOMING = {**_COLUMNS, "number": "source_number"}
_COLUMNS_OF_SCAN = {**_COLUMNS, "paper_number": "source_number", "paper_date": "document_date"}


def entered(document: Document) -> dict[str, Any]:
    """Values of the form as the document has them now, ready to be read by ``fields`` again."""
    return {name: getattr(document, column(document, name)) for name in _names(document)}


def _names(document: Document) -> tuple[str, ...]:
    if document.scanned:
        return SCANNED
    return {"outgoing": OUTGOING, "incoming": INCOMING, "request": REQUEST}[document.flow]


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


BY_MAIL = "电子邮件"
"""公文来源 of what came by mail."""


def source_class(document: Document) -> int:
    """来源分类 (NUM-09): 1 made in this office system, 3 taken in from outside, 4 come by mail.

    2, from the system that transmits between units, comes with the exchange.
    """
    if document.flow == "outgoing" and not document.scanned:
        return 1
    return 4 if document.source == BY_MAIL else 3


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
        "posts": _posts(document),
        "present": recipients_text(tuple(document.present)),
        "excused": recipients_text(tuple(document.excused)),
        "observers": recipients_text(tuple(document.observers)),
        "printed_on": _day(document.numbered_at),
        "draft": document.signed_at is None,
    }


def _posts(document: Document) -> tuple[str, ...]:
    """职务 of each signatory, the lead agency's first; "" where only its room is kept.

    Before the sign-off nobody's post is known, but the page has its room, so that what is signed
    is what goes out. Those of other agencies are not signed here.
    """
    if document.kind not in kinds.SIGNED_IN_PERSON:
        return ()
    return (document.signatory_post or "", *("" for _ in document.joint_issuers))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(instant: datetime | None) -> date | None:
    return instant and instant.astimezone(SHANGHAI).date()


def _without_type(name: str) -> str:
    return name.rpartition(".")[0] or name
