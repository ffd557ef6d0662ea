"""Pictures of texts: for whoever uploaded them, and whoever sees a document that has them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import Document, DocumentPicture, Picture
from app.errors import NotFound
from app.handling.access import visible
from app.handling.models import Case
from app.organization import Actor


@dataclass(frozen=True)
class Shown:
    sha256: str
    media_type: str


MOST = 24
"""Pictures of the 图库, the newest first."""


@dataclass(frozen=True)
class Usable:
    """A picture for one's own texts; ``title`` of a document that has it, "" for none that he sees.

    width, height  pixels
    """

    sha256: str
    width: int
    height: int
    title: str


def usable(session: Session, actor: Actor) -> list[Usable]:
    """What the actor uploaded, and what he sees in documents of his unit; the newest first."""
    in_documents = (
        sa.select(DocumentPicture.sha256, sa.func.max(DocumentPicture.document_id).label("newest"))
        .join(Case, Case.document_id == DocumentPicture.document_id)
        .where(Case.unit_id == actor.unit_id, visible(actor))
        .group_by(DocumentPicture.sha256)
        .subquery()
    )
    own = Picture.added_by_id == actor.person_id
    latest = (  # a picture that several people uploaded is one
        sa.select(Picture.sha256, sa.func.max(Picture.added_at).label("at"))
        .add_columns(sa.func.max(Picture.width).label("width"))
        .add_columns(sa.func.max(Picture.height).label("height"))
        .add_columns(sa.func.max(in_documents.c.newest).label("newest"))
        .outerjoin(in_documents, in_documents.c.sha256 == Picture.sha256)
        .where(Picture.unit_id == actor.unit_id, sa.or_(own, in_documents.c.newest.is_not(None)))
        .group_by(Picture.sha256)
        .order_by(sa.desc("at"), Picture.sha256)
        .limit(MOST)
        .subquery()
    )
    query = (
        sa.select(latest, Document.title)
        .outerjoin(Document, Document.id == latest.c.newest)
        .order_by(latest.c.at.desc(), latest.c.sha256)
    )
    return [
        Usable(each.sha256, each.width, each.height, (each.title or "").replace("\n", ""))
        for each in session.execute(query)
    ]


def picture(session: Session, actor: Actor, sha256: str) -> Shown:
    """Raises NotFound for what is not there and for what the actor may not see."""
    own = sa.select(Picture.media_type).where(
        Picture.sha256 == sha256, Picture.added_by_id == actor.person_id
    )
    seen = (
        sa.select(Picture.media_type)
        .join(DocumentPicture, DocumentPicture.sha256 == Picture.sha256)
        .join(Case, Case.document_id == DocumentPicture.document_id)
        .where(Picture.sha256 == sha256, visible(actor))
    )
    for query in (own, seen):
        media_type = session.scalars(query.limit(1)).first()
        if media_type is not None:
            return Shown(sha256, media_type)
    there = session.scalar(sa.select(sa.exists().where(Picture.sha256 == sha256)))
    raise NotFound(hidden=bool(there))
