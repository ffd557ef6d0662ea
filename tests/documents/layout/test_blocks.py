"""Tables, pictures and page breaks on the page; bodies that mean harm."""

import io
import shutil
from dataclasses import replace

import pytest
from PIL import Image as Pillow

from app.documents.layout import (
    DoesNotFit,
    PictureUnusable,
    RenderingStopped,
    Sheet,
    SheetTooLarge,
    render,
)
from app.documents.layout.check import extracted_text
from app.documents.layout.settable import MAX_CELLS
from app.documents.layout.table import table_html
from app.documents.text import Cell, Image, PageBreak, Paragraph, Table, Title

from .read_back import ReadBack
from .specimens.blocks import (
    JOINED,
    SHA,
    SKETCH,
    WITH_TABLE,
    WITH_WIDE_TABLE,
    picture,
    row,
    words,
)
from .specimens.documents import NOTICE

LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
RULES = 0.3  # mm: half a rule stands outside


@pytest.fixture(scope="module")
def upright(rendered, fonts) -> ReadBack:
    return ReadBack(rendered(WITH_TABLE).pdf, fonts)


@pytest.fixture(scope="module")
def wide(rendered, fonts) -> ReadBack:
    return ReadBack(rendered(WITH_WIDE_TABLE).pdf, fonts)


def short(*blocks, **changes) -> Sheet:
    return replace(NOTICE, attachments=(), paragraphs=(), blocks=blocks, **changes)


def test_a_table_repeats_its_head_and_keeps_to_the_type_area(upright) -> None:
    pages = [n for n in range(1, upright.pages + 1) if _has(upright, "雨量站", n)]
    assert len(pages) > 2
    for page in pages:
        head = upright.find("24小时雨量（毫米）", page)
        assert head.face == "hei"
        rules = upright.grid(page)
        assert min(rule.left for rule in rules) == pytest.approx(LEFT, abs=RULES)
        assert max(rule.right for rule in rules) == pytest.approx(RIGHT, abs=RULES)
        assert max(rule.bottom for rule in rules) <= BOTTOM + RULES
    rows = [n for n in range(1, 41) if any(_has(upright, f"第{n}雨量站", page) for page in pages)]
    assert rows == list(range(1, 41))


def _has(read: ReadBack, text: str, page: int) -> bool:
    return any(text in line.text for line in read.lines[page - 1])


def test_words_of_a_cell_keep_the_rules_of_lines(upright) -> None:
    """No line of the narrow column begins with a mark."""
    page = next(n for n in range(1, upright.pages + 1) if _has(upright, "超过该站", n))
    begin = upright.find("超过该站", page).left
    column = [c for line in upright.lines[page - 1] for c in line.chars if c.left > begin - 1]
    starts = [char.text for char in column if abs(char.left - begin) < 0.1]
    assert len(starts) > 3
    assert not set("，。、；：") & set(starts)


def test_a_picture_is_scaled_into_the_type_area_above_its_caption(upright) -> None:
    page = next(n for n, found in enumerate(upright.pictures, start=1) if found)
    ((left, top, right, bottom),) = upright.pictures[page - 1]
    assert right - left == pytest.approx(120, abs=0.1)
    assert (bottom - top) / (right - left) == pytest.approx(520 / 900, abs=0.01)
    assert (left + right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.1)
    caption = upright.find("青溪河水位观测断面示意图", page)
    assert caption.middle == pytest.approx((LEFT + RIGHT) / 2, abs=0.1)
    assert 0 < caption.baseline - bottom < 10.6


def test_a_wide_table_is_turned_with_its_head_at_the_left_edge(wide) -> None:
    turned = [n for n in range(1, wide.pages + 1) if wide.turned(n)]
    assert {n % 2 for n in turned} == {0, 1}
    for page in turned:
        number = wide.find(f"—{page}—", page)
        outer = RIGHT - number.right if page % 2 else number.left - LEFT
        assert outer == pytest.approx(14 * 25.4 / 72, abs=0.1)
        rules = wide.grid(page)
        assert min(rule.left for rule in rules) == pytest.approx(LEFT, abs=RULES)
        assert max(rule.right for rule in rules) <= RIGHT + RULES
        assert min(rule.top for rule in rules) >= TOP - RULES
        assert max(rule.bottom for rule in rules) <= BOTTOM + RULES
        leftmost = min(wide.turned(page), key=lambda char: char.left)
        assert leftmost.face == "hei"


def test_a_page_break_begins_a_page(wide) -> None:
    line = wide.find("另页说明")
    assert line.page == wide.pages
    assert wide.body(line.page)[0].text.startswith("另页说明")
    assert _has(wide, "注：以上数据", line.page - 1)


def test_breaks_at_the_ends_make_no_empty_pages(rendered, fonts) -> None:
    end = PageBreak(type="page_break")
    text = words("正文。")
    title = Title(type="title", text="江洲县水库管理办法")
    result = rendered(short(end, *text, end, title, end, *text, end))
    assert result.pages == 2


def test_a_row_too_high_for_a_turned_page_is_refused(fonts) -> None:
    tall = Table(type="table", rows=(row("堤防" * 900, *("1234567890.12",) * 19),))
    with pytest.raises(DoesNotFit, match="超过一页的高度"):
        render(short(*words("如下。"), tall, *words("特此通知。")), fonts)


def test_signature_and_last_table_share_a_page(rendered) -> None:
    result = rendered(short(*words("如下。"), JOINED))
    places = result.positions
    assert places["unit"].page == places["text-end"].page
    assert places["seal"].top - places["text-end"].bottom >= 0


@pytest.mark.parametrize("mode", ["RGBA", "1"])
def test_pictures_of_every_mode_are_flattened(rendered, fonts, mode: str) -> None:
    content = picture(mode)
    shown = Image(type="image", sha256=SHA, width=40)
    sheet = short(
        *words("见图。"), shown, *words("特此通知。"), pictures={SHA: content}, title=mode
    )
    read = ReadBack(render(sheet, fonts).pdf, fonts)
    assert sum(map(len, read.pictures)) == 1


def truncated() -> bytes:
    out = io.BytesIO()
    Pillow.effect_noise((300, 300), 50).save(out, "PNG")
    return out.getvalue()[:4000]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x00\x00\x00\x00\x00,"


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7", SVG, GIF])
def test_what_is_no_picture_is_refused_by_name(fonts, content: bytes | None) -> None:
    shown = Image(type="image", sha256=SHA, alt="河道平面图")
    pictures = {} if content is None else {SHA: content}
    with pytest.raises(PictureUnusable, match="河道平面图"):
        render(short(*words("见图。"), shown, pictures=pictures), fonts)


def test_a_broken_picture_stops_its_own_paper_only(fonts, rendered) -> None:
    shown = Image(type="image", sha256=SHA)
    with pytest.raises(RenderingStopped, match="排版没有完成"):
        render(short(*words("见图。"), shown, pictures={SHA: truncated()}), fonts)
    good = short(*words("见图。"), shown, *words("特此通知。"), pictures={SHA: SKETCH})
    assert render(good, fonts).pages


def test_markup_is_text(fonts) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is missing: no pdftotext")
    hostile = '<imgsrc="file:///etc/passwd">', "<ahref='http://127.0.0.1:9/x'>", "</td></table>"
    table = Table(type="table", rows=(row(*hostile),))
    result = render(short(*words(*hostile), table, *words("完。")), fonts)
    text = extracted_text(result.pdf)
    assert all(text.count(piece) == 2 for piece in hostile)
    assert b"/URI" not in result.pdf


@pytest.mark.parametrize(
    "sheet",
    [
        short(Table(type="table", rows=(row(*"甲乙丙丁戊己"),) * (MAX_CELLS // 6 + 1))),
        short(Table(type="table", rows=(row("堤" * 2_000, "防" * 2_000),) * 26)),
        short(*(Paragraph(type="paragraph", text="文"),) * 3_001),
    ],
    ids=["cells", "characters", "paragraphs"],
)
def test_a_table_of_hundreds_of_pages_is_refused_before_any_work(fonts, sheet: Sheet) -> None:
    with pytest.raises(SheetTooLarge, match="改为附件另发"):
        render(sheet, fonts)


def test_more_pictures_than_a_paper_may_have_are_refused(fonts, monkeypatch) -> None:
    monkeypatch.setattr("app.documents.layout.picture.MAX_BYTES", 1_000)
    shown = Image(type="image", sha256=SHA)
    with pytest.raises(SheetTooLarge, match="请压缩图片"):
        render(short(*words("见图。"), shown, pictures={SHA: SKETCH}), fonts)


def test_joined_cells_stay_on_one_turned_page(fonts) -> None:
    from app.documents.layout.pen import Pen

    numbers = ("1234567890.12",) * 18
    rows = [row("序号", "片区", *numbers)]
    for n in range(12):
        rows.append((Cell(text=f"片区{n}", down=2), *row(f"甲{n}", *numbers)))
        rows.append(row(f"乙{n}", *numbers))
    pages = table_html(Table(type="table", head=1, rows=tuple(rows)), Pen(fonts))
    assert len(pages) > 1
    for page in pages:
        assert page.count("<tr>") % 2 == 1  # the head, and pairs
