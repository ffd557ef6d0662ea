"""One attachment of a document, for whoever sees the document: those replaced as well (ATT-03)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.documents import attachments, previews
from app.documents.previews import Preview
from app.handling.access import document_of
from app.handling.equipment import equipment
from app.organization import Actor


@dataclass(frozen=True)
class File:
    """What is known of the attachment; nothing of the database is needed any more.

    form  how it is shown (pdf, picture or text), None for what can only be saved
    """

    case_id: int
    name: str
    media_type: str
    sha256: str
    size: int
    in_force: bool

    @property
    def form(self) -> str | None:
        return previews.FORMS.get(self.media_type)

    def look(self, page: int = 1) -> Preview:
        """See ``documents.previews.look``; call it outside the transaction."""
        return previews.look(equipment().store, self.sha256, self.media_type, page)


def of_attachment(session: Session, actor: Actor, document_id: int, attachment_id: int) -> File:
    """Raises NotFound for a document that the actor may not see, or that never had the file."""
    document, case = document_of(session, actor, document_id)
    found = attachments.kept(document, attachment_id)
    return File(
        case_id=case.id,
        name=found.name,
        media_type=found.media_type,
        sha256=found.sha256,
        size=found.size,
        in_force=found.ended_at is None,
    )
