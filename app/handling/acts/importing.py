"""导入 Word: a file that somebody drafts or changes a document from; nothing is saved by it."""

from io import BytesIO
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.documents import pictures, word
from app.documents.pictures import Taken
from app.documents.word import Imported
from app.errors import FieldError, Invalid
from app.handling.acts import editing, starting
from app.handling.equipment import equipment
from app.organization import Actor

FIELD = "word"
"""The field of a form that the file comes in."""


def ensure_may_import(session: Session, actor: Actor, document_id: int | None = None) -> None:
    """Who may draft may read a file in for a new document, who edits one for that (OUT-36).

    Raises what drafting and editing raise; nothing is locked.
    """
    if document_id is None:
        starting.ensure_may_draft(actor)
    else:
        editing.look_editable(session, actor, document_id)


def read_word(name: str, stream: BinaryIO) -> tuple[Imported, list[Taken]]:
    """What the file says, and its pictures. Call it while nothing is held: it may take a minute.

    A picture that would be refused by itself is left out of the text, and the notes say so.
    Raises what ``word.read_in`` raises, at the field ``word`` and with the name of the file.
    """
    taken: list[Taken] = []

    def take(content: bytes) -> bool:
        try:
            taken.append(pictures.take_in(_named(content), BytesIO(content), equipment().store))
        except Invalid:
            return False
        return True

    try:
        return word.read_in(name, stream, take), taken
    except Invalid as refusal:
        refusal.errors = [FieldError(FIELD, f"“{name[-60:]}”：{refusal.message}")]
        raise


def _named(content: bytes) -> str:
    return "图片.png" if content.startswith(b"\x89PNG") else "图片.jpg"
