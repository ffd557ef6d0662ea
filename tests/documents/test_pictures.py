"""Pictures of texts: checked when they come, and nobody's but their uploader's until put in."""

import io
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import operations, pictures
from app.documents.errors import Classified, TooLarge, Unreadable, WrongType
from app.documents.fields import OutgoingFields, read
from app.documents.models import Document, DocumentPicture, Picture
from app.documents.storage import Store
from app.errors import Invalid
from app.organization import Actor
from tests.documents import files
from tests.documents.conftest import AT, DRAFTER, LEADER, NOTICE
from tests.documents.files import picture


def block(sha256: str, **more: object) -> dict[str, object]:
    return {"type": "image", "sha256": sha256, **more}


def upload(session: Session, by: Actor, store: Store, size: tuple[int, int] = (30, 20)) -> str:
    taken = pictures.take_in("图.png", io.BytesIO(picture("PNG", size)), store)
    pictures.keep(session, by, AT, taken)
    return taken.sha256


def drafted(session: Session, by: Actor, *blocks: dict[str, object]) -> Document:
    given = read(OutgoingFields, {**NOTICE, "body": list(blocks)})
    document = operations.create_outgoing(session, by, AT, given)
    session.flush()
    return document


def revise(session: Session, by: Actor, document: Document, *blocks: dict[str, object]) -> None:
    operations.revise(session, document, by, AT, "draft", {"body": list(blocks)})
    session.flush()


def test_its_size_is_that_of_the_picture(store: Store) -> None:
    taken = pictures.take_in("图.JPG", io.BytesIO(picture("JPEG", (30, 20))), store)
    assert (taken.media_type, taken.width, taken.height) == ("image/jpeg", 30, 20)
    assert len(store.get(taken.sha256)) == taken.size


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.pdf", files.pdf(), WrongType),
        ("a.svg", b"<svg/>", WrongType),
        ("a.tif", picture("TIFF"), WrongType),
        ("a.png", picture("JPEG"), WrongType),
        ("a.png", b"", Unreadable),
        ("a.png", picture("PNG", (500, 500))[:-40], Unreadable),
        ("a.png", files.png_claiming(60_000, 60_000), TooLarge),
        ("a.png", picture("PNG") + bytes(10 << 20), TooLarge),
        ("秘密★.png", picture("PNG"), Classified),
    ],
)
def test_what_is_no_picture_is_not_kept(
    store: Store, name: str, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        pictures.take_in(name, io.BytesIO(content), store)


def test_sent_twice_it_is_there_once(session: Session, store: Store) -> None:
    assert upload(session, DRAFTER, store) == upload(session, DRAFTER, store)
    assert len(session.scalars(sa.select(Picture)).all()) == 1


def test_its_uploader_puts_it_into_a_text(session: Session, store: Store) -> None:
    sha256 = upload(session, DRAFTER, store)
    document = drafted(session, DRAFTER, block(sha256, width=120, alt="河道平面图"))
    assert document.text == [block(sha256, width=120, alt="河道平面图")]
    assert links(session) == [(document.id, sha256)]


def test_nobody_else_puts_it_into_his(session: Session, store: Store) -> None:
    """Who only knows the hash would get to see the picture by it."""
    sha256 = upload(session, DRAFTER, store)
    for other in (LEADER, replace(DRAFTER, unit_id=2)):
        with pytest.raises(Invalid, match="不是您上传的"):
            drafted(session, other, block(sha256))
    with pytest.raises(Invalid, match="不是您上传的"):
        drafted(session, DRAFTER, block("0" * 64))
    assert links(session) == []


def test_whoever_changes_the_text_keeps_what_it_has_or_had(session: Session, store: Store) -> None:
    sha256 = upload(session, DRAFTER, store)
    document = drafted(session, DRAFTER, block(sha256))
    revise(session, LEADER, document, block(sha256, width=60))
    revise(session, LEADER, document, {"type": "paragraph", "text": "没有图了。"})
    revise(session, LEADER, document, block(sha256))
    assert links(session) == [(document.id, sha256)]


def test_a_text_has_so_many_pictures_and_no_more(session: Session, store: Store) -> None:
    own = [block(upload(session, DRAFTER, store, (30, 20 + n))) for n in range(3)]
    document = drafted(session, DRAFTER, *own * 70)
    assert len(document.text) == 210
    many = [block(f"{n:064x}") for n in range(pictures.MOST + 1)]
    with pytest.raises(Invalid, match="最多 200 张"):
        revise(session, DRAFTER, document, *many)


def links(session: Session) -> list[tuple[int, str]]:
    query = sa.select(DocumentPicture.document_id, DocumentPicture.sha256)
    return [(document_id, sha256) for document_id, sha256 in session.execute(query)]
