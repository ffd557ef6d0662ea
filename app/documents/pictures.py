"""Pictures in a text: checked when they come, and only shown where somebody put them in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.database import insert_once
from app.documents import filenames, inspection
from app.documents.errors import TooLarge, WrongType
from app.documents.models import Document, DocumentPicture, Picture
from app.documents.storage import Store
from app.documents.text import Block, Image
from app.errors import Invalid
from app.organization import Actor

MOST_BYTES = 10 << 20
MOST_PIXELS = 40_000_000
MOST = 200
"""Pictures in one text."""
TYPES = ("png", "jpg", "jpeg")


@dataclass(frozen=True)
class Taken:
    """A checked picture whose bytes are in the store; width and height in pixels."""

    sha256: str
    media_type: str
    width: int
    height: int
    size: int


def take_in(name: str, stream: BinaryIO, store: Store) -> Taken:
    """Check a picture and keep its bytes; without a session, so that no lock is held meanwhile.

    Raises WrongType (415), TooLarge (413), Unreadable or Classified; what is refused is not stored.
    """
    if filenames.extension(filenames.display_name(name)) not in TYPES:
        raise WrongType("正文里的图片只接收 png 和 jpg。其他文件请作为附件上传。")
    extension = inspection.ensure_name(filenames.display_name(name))
    file, size = inspection.receive(stream)
    with file:
        if size > MOST_BYTES:
            raise TooLarge("正文里的图片不能超过 10 MB，没有保存。请压缩后再上传。")
        inspection.inspect(file, extension)
        width, height = inspection.pixels(file)
        if width * height > MOST_PIXELS:
            raise TooLarge("正文里的图片不能超过 4000 万像素，没有保存。请缩小后再上传。")
        digest = store.put(file)
    return Taken(digest, inspection.MEDIA_TYPES[extension], width, height, size)


def keep(session: Session, by: Actor, at: datetime, taken: Taken) -> None:
    """The picture is the uploader's to put into texts of his unit; sent again, nothing happens."""
    values = {
        "unit_id": by.unit_id,
        "sha256": taken.sha256,
        "added_by_id": by.person_id,
        "media_type": taken.media_type,
        "width": taken.width,
        "height": taken.height,
        "size": taken.size,
        "added_at": at,
    }
    if insert_once(session, Picture, values):
        audit.record(
            session,
            "picture.added",
            by.signature(),
            at=at,
            subject=("person", by.person_id),
            detail={"sha256": taken.sha256, "size": taken.size, "media_type": taken.media_type},
        )


def ensure_usable(
    session: Session, unit_id: int, by: Actor, blocks: Sequence[Block], document: Document | None
) -> list[str]:
    """The pictures that a text would bring into a document for the first time.

    Raises Invalid for one that its writer has not uploaded for this unit and that the document
    never had: who only knows the hash of a picture does not get to see it.
    """
    wanted = _hashes(blocks) - (_hashes(document.blocks) if document else set())
    if len(_hashes(blocks)) > MOST:
        raise Invalid.at("body", f"正文里的图片最多 {MOST} 张，请把其余的作为附件。")
    if not wanted:
        return []
    had = set(session.scalars(_had(document.id))) if document else set()
    own = sa.select(Picture.sha256).where(
        Picture.unit_id == unit_id,
        Picture.added_by_id == by.person_id,
        Picture.sha256.in_(wanted - had),
    )
    new = set(session.scalars(own))
    if wanted - had - new:
        raise Invalid.at("body", "正文里有图片不是您上传的，没有保存。请删去后用“图片”重新上传。")
    return sorted(new)


def link(session: Session, document: Document, new: Iterable[str]) -> None:
    """Whoever may see the document sees these with it, in old versions as well."""
    for sha256 in new:
        session.add(DocumentPicture(document_id=document.id, sha256=sha256))


def _hashes(blocks: Iterable[Block]) -> set[str]:
    return {each.sha256 for each in blocks if isinstance(each, Image)}


def _had(document_id: int) -> sa.Select[str]:
    return sa.select(DocumentPicture.sha256).where(DocumentPicture.document_id == document_id)
