"""A document as a Word file for whoever may see it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.documents import word
from app.documents.filenames import file_name
from app.documents.inspection import MEDIA_TYPES
from app.documents.layout.sheet import Sheet
from app.documents.text import Block
from app.errors import Conflict
from app.handling.access import document_of
from app.handling.equipment import equipment
from app.handling.views.paper import sheet_of
from app.organization import Actor

MEDIA_TYPE = MEDIA_TYPES["docx"]


@dataclass(frozen=True)
class WordPaper:
    """Everything that goes into the file; nothing of the database is needed any more."""

    sheet: Sheet
    text: tuple[Block, ...]
    file_name: str

    def docx(self) -> bytes:
        """The file; marked as a draft until the sign-off (DRF-21)."""
        return word.word_file(self.sheet, self.text, equipment().store.get)


def of_document(session: Session, actor: Actor, document_id: int) -> WordPaper:
    """A document that the actor may see; NotFound otherwise."""
    document, _ = document_of(session, actor, document_id)
    if document.flow == "incoming":
        raise Conflict("来文以原件为准，不另制 Word。请查看附件中的原件。", code="no_paper")
    if document.flow == "request":
        raise Conflict("审批事项不是公文，不制 Word。", code="no_paper")
    if document.scanned:
        raise Conflict(
            "此件为扫描件，以扫描件为准，不制 Word。请打开附件中的扫描件。（OUT-17）",
            code="no_paper",
        )
    name = file_name(document.title, "docx")
    return WordPaper(sheet_of(session, document), document.blocks, name)
