"""Pictures for a text: uploaded by whoever may write one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import pictures
from app.documents.pictures import Taken
from app.errors import NotAllowed
from app.handling.acts import editing, starting
from app.organization import Actor


def ensure_may_upload(session: Session, actor: Actor, document_id: int | None) -> None:
    """For a document at hand who may change it now; for a new one who may draft or register.

    Raises NotAllowed, or what ``editing.look_editable`` raises.
    """
    if document_id:
        editing.look_editable(session, actor, document_id)
        return
    try:
        starting.ensure_may_draft(actor)
    except NotAllowed:
        starting.ensure_may_register(actor)


def add_pictures(session: Session, actor: Actor, taken: Iterable[Taken], at: datetime) -> None:
    """Those of a file that the actor has just read in, which he may: see ``importing``."""
    for each in taken:
        pictures.keep(session, actor, at, each)


def add_picture(
    session: Session, actor: Actor, taken: Taken, document_id: int | None, at: datetime
) -> None:
    ensure_may_upload(session, actor, document_id)
    pictures.keep(session, actor, at, taken)
