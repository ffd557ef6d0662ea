"""公文: kinds, drafts with every version, attachments, numbers, and the text as paragraphs.

Operations change and record, and never commit; reading for pages is in ``queries``, the paper
itself in ``layout``.
"""

from app.documents import attachments, numbering, queries
from app.documents.content import elements
from app.documents.fields import IncomingFields, OutgoingFields, read
from app.documents.marks import (
    close_incoming,
    mark_cancelled,
    mark_dispatched,
    mark_moving,
    mark_numbered,
    mark_sealed,
    mark_signed,
    return_incoming,
    take_back_marks,
)
from app.documents.models import Attachment, Document, DocumentVersion
from app.documents.operations import create_outgoing, register_incoming, restore, revise
from app.documents.storage import Store

__all__ = [
    "Attachment",
    "Document",
    "DocumentVersion",
    "IncomingFields",
    "OutgoingFields",
    "Store",
    "attachments",
    "close_incoming",
    "create_outgoing",
    "elements",
    "mark_cancelled",
    "mark_dispatched",
    "mark_moving",
    "mark_numbered",
    "mark_sealed",
    "mark_signed",
    "numbering",
    "queries",
    "read",
    "register_incoming",
    "restore",
    "return_incoming",
    "revise",
    "take_back_marks",
]
