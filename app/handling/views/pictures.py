"""Pictures of texts: for whoever uploaded them, and whoever sees a document that has them."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import DocumentPicture, Picture
from app.errors import NotFound
from app.handling.access import visible
from app.handling.models import Case
from app.organization import Actor


@dataclass(frozen=True)
class Shown:
    sha256: str
    media_type: str


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
