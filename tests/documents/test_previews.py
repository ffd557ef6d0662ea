"""What a browser may show of an attachment, read anew in the confined process."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import ExifTags, Image

from app.documents import Store, inspection, previews, readers
from app.documents.categories import Category, category
from app.documents.errors import FileMissing, NoPreview
from app.documents.inspection import MEDIA_TYPES
from app.documents.readers import previews as reading
from app.errors import NotFound
from tests.documents.files import R, office, on_root, pdf, picture
from tests.documents.word import wordfiles

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"


@pytest.fixture
def store() -> Store:
    return Store("memory://previews")


def look(store: Store, content: bytes, ending: str, page: int = 1) -> previews.Preview:
    return previews.look(store, store.put(content), MEDIA_TYPES[ending], page)


def read(content: bytes, ending: str, page: int = 1) -> dict[str, Any]:
    """In this process."""
    return readers.preview(io.BytesIO(content), ending, page)


def words(found: dict[str, Any]) -> list[str]:
    return [each.get("text", "") for each in found["items"]]


def test_a_pdf_is_shown_as_it_is(store: Store) -> None:
    content = pdf()
    found = look(store, content, "pdf")
    assert (found.form, found.media_type, found.content) == ("pdf", "application/pdf", content)


def test_a_pdf_is_searched_once_more_before_it_is_shown(store: Store) -> None:
    """What an earlier version of the readers let in does not come to a browser."""
    script = pdf(on_root(AA="x"))
    with pytest.raises(NoPreview, match="不要下载打开"):
        look(store, script, "pdf")


@pytest.mark.parametrize(("ending", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG")])
def test_a_picture_is_drawn_anew(store: Store, ending: str, kind: str) -> None:
    content = picture(kind, (5000, 1000)) + b"<script>hidden</script>"
    found = look(store, content, ending)
    with Image.open(io.BytesIO(found.content)) as drawn:
        assert (drawn.size, drawn.format) == ((2000, 400), kind)
    assert b"hidden" not in found.content
    assert (found.form, found.pages, found.media_type) == ("picture", 1, f"image/{kind.lower()}")


def test_each_page_of_a_scan_is_shown(store: Store) -> None:
    pages = [Image.new("RGB", (30, 40), colour) for colour in ("red", "lime", "blue")]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    counted = look(store, out.getvalue(), "tif", 0)
    assert (counted.pages, counted.content) == (3, b"")
    for number, colour in enumerate([(255, 0, 0), (0, 255, 0), (0, 0, 255)], start=1):
        found = look(store, out.getvalue(), "tif", number)
        with Image.open(io.BytesIO(found.content)) as drawn:
            assert (drawn.format, drawn.getpixel((5, 5))) == ("PNG", colour)
    with pytest.raises(NotFound):
        look(store, out.getvalue(), "tif", 4)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_shown(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (4, 4)).save(out, "TIFF")
    assert read(out.getvalue(), "tiff")["media_type"] == "image/png"


def test_a_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    out = io.BytesIO()
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    found = look(Store("memory://upright"), out.getvalue(), "jpg")
    with Image.open(io.BytesIO(found.content)) as drawn:
        assert (drawn.size, dict(drawn.getexif())) == ((20, 40), {})


def test_a_text_is_shown_in_lines(store: Store) -> None:
    found = look(store, "\ufeff一、<b>总体</b>\n\n  二".encode(), "txt")
    assert [each["text"] for each in found.items] == ["一、<b>总体</b>", "", "  二"]
    assert not found.cut


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("字" * (reading.CHARACTERS + 1), [reading.CHARACTERS]),
        ("行\n" * (reading.ITEMS + 1), [1] * reading.ITEMS),
    ],
)
def test_of_a_long_text_the_beginning_is_shown(text: str, kept: list[int]) -> None:
    found = read(text.encode(), "txt")
    assert ([len(each) for each in words(found)], found["cut"]) == (kept, True)


def test_word_is_shown_as_words_and_tables(store: Store) -> None:
    rows = [("乡镇", "公里"), ("东山镇", "12")]
    table = wordfiles.table(*(wordfiles.row(*map(wordfiles.cell, each)) for each in rows))
    content = wordfiles.docx(wordfiles.p("任务如下。") + table)
    found = look(store, content, "docx")
    line, shown = found.items
    assert line == {"type": "line", "text": "任务如下。"}
    assert [[cell["text"] for cell in row] for row in shown["rows"]][1] == ["东山镇", "12"]


def slides() -> bytes:
    """Two slides, the second part shown first, with a table."""
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>水位</a:t></a:r></a:p></a:txBody></a:tc>"
    show = (
        f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>'
        '<p:sldId id="1" r:id="b"/><p:sldId id="2" r:id="a"/></p:sldIdLst></p:presentation>'
    )
    links = (
        '<Relationships xmlns="r"><Relationship Id="a" Target="slides/slide1.xml"/>'
        '<Relationship Id="b" Target="/ppt/slides/slide2.xml"/></Relationships>'
    )
    one = f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><a:tbl><a:tr>{cell}</a:tr></a:tbl></p:sld>'
    two = f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><a:p><a:r><a:t>汛情</a:t></a:r></a:p><a:p/></p:sld>'
    parts = {
        "ppt/_rels/presentation.xml.rels": links,
        "ppt/slides/slide1.xml": one,
        "ppt/slides/slide2.xml": two,
    }
    return office("pptx", parts, body=show)


def test_slides_are_shown_in_their_order(store: Store) -> None:
    found = look(store, slides(), "pptx")
    assert [each.get("text", "表") for each in found.items] == [
        *("— 第 1 张 —", "汛情", "— 第 2 张 —", "表")
    ]
    assert found.items[-1]["rows"] == [[{"text": "水位", "across": 1, "down": 1, "align": "left"}]]


def test_slides_that_do_not_hold_together_are_refused(store: Store) -> None:
    with pytest.raises(NoPreview):
        look(store, office("pptx", body=f'<p:sldId xmlns:p="{P}" xmlns:r="{R}" r:id="x"/>'), "pptx")


def test_tables_of_excel_are_only_saved(store: Store) -> None:
    """Without its formats a date would be shown as a number."""
    with pytest.raises(NoPreview, match="请下载后查看"):
        look(store, office("xlsx"), "xlsx")
    with pytest.raises(readers.Refused):
        read(office("xlsx"), "xlsx")


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("png", lambda: picture("PNG")[:40]),
        ("docx", lambda: b"PK"),
        ("txt", lambda: b"\0"),
        ("pptx", lambda: office("pptx", {"ppt/media/image1.png": b"PK\x03\x04"})),
    ],
)
def test_what_its_reader_does_not_open_is_not_shown(
    store: Store, ending: str, content: Callable[[], bytes]
) -> None:
    with pytest.raises(NoPreview, match="请下载后查看"):
        look(store, content(), ending)


def test_what_is_not_in_the_store_is_missing(store: Store) -> None:
    with pytest.raises(FileMissing):
        previews.look(store, "0" * 64, MEDIA_TYPES["pdf"])


def test_a_reader_that_runs_too_long_shows_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "WALL_CLOCK", 0.001)
    with pytest.raises(NoPreview):
        look(store, pdf(), "pdf")


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        *(("pdf", "T"), ("docx", "T"), ("pptx", "T"), ("txt", "T"), ("xlsx", "D")),
        *(("png", "I"), ("jpg", "I"), ("jpeg", "I"), ("tif", "I"), ("tiff", "I")),
    ],
)
def test_every_type_that_is_taken_has_one_of_the_seven_codes(ending: str, code: str) -> None:
    assert category(MEDIA_TYPES[ending]) == code
    assert "".join(Category) == "TIGVAPD"
    assert len({each.label for each in Category}) == 7
