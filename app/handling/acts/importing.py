"""导入 Word: a file that somebody drafts or changes a document from; nothing is saved by it."""

from typing import BinaryIO

from sqlalchemy.orm import Session

from app.documents import word
from app.documents.word import Imported
from app.errors import FieldError, Invalid
from app.handling.acts import editing, starting
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


def read_word(name: str, stream: BinaryIO) -> Imported:
    """What the file says. Call it while nothing is held: a file may take half a minute.

    Raises what ``word.read_in`` raises, at the field ``word`` and with the name of the file.
    """
    try:
        return word.read_in(name, stream)
    except Invalid as refusal:
        refusal.errors = [FieldError(FIELD, f"“{name[-60:]}”：{refusal.message}")]
        raise
