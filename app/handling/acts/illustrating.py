"""Pictures for a text: uploaded by whoever may write one, or used again."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import pictures
from app.documents.models import DocumentPicture, Picture
from app.documents.pictures import Taken
from app.errors import NotAllowed, NotFound
from app.handling.access import visible
from app.handling.acts import editing, starting
from app.handling.models import Case
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


def use_again(
    session: Session, actor: Actor, sha256: str, document_id: int | None, at: datetime
) -> Taken:
    """Let the actor put a picture of his unit that he sees in a document into his own text.

    From then on it is as if he had uploaded it himself. Raises NotFound, or what
    ``ensure_may_upload`` raises.
    """
    ensure_may_upload(session, actor, document_id)
    seen = sa.exists().where(
        DocumentPicture.sha256 == Picture.sha256,
        Case.document_id == DocumentPicture.document_id,
        Case.unit_id == actor.unit_id,
        visible(actor),
    )
    own = Picture.added_by_id == actor.person_id
    query = sa.select(Picture).where(
        Picture.sha256 == sha256, Picture.unit_id == actor.unit_id, sa.or_(own, seen)
    )
    found = session.scalars(query.limit(1)).first()
    if found is None:
        there = session.scalar(sa.select(sa.exists().where(Picture.sha256 == sha256)))
        raise NotFound(hidden=bool(there))
    taken = Taken(sha256, found.media_type, found.width, found.height, found.size)
    pictures.keep(session, actor, at, taken)
    return taken
