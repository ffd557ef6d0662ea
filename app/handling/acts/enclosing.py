"""来文作附件: the original of a received document goes with an own one, linked to it (ATT-02)."""

from sqlalchemy.orm import Session

from app.documents.attachments import Upload
from app.documents.errors import WrongState
from app.documents.models import Attachment, Document
from app.errors import NotFound
from app.handling.access import document_of
from app.organization import Actor


def original(
    session: Session, actor: Actor, document: Document, attachment_id: int
) -> tuple[Upload, Document]:
    """An attachment in force of a received document that the actor may see, to be added as it is.

    Raises NotFound, or WrongState for a document that takes none.
    """
    ensure_takes_received(document)
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound
    received, _ = document_of(session, actor, found.document_id)
    if received.flow != "incoming" or found.ended_at is not None:
        raise NotFound
    return Upload(found.name, found.media_type, found.size, found.sha256), received


def ensure_takes_received(document: Document) -> None:
    """Raises WrongState for what the house has not written itself."""
    if document.flow != "outgoing" or document.scanned:
        raise WrongState("来文只能作本单位拟制公文的附件。请在发文中选择。（ATT-02）")
