"""Seals as they are drawn, looked at as pictures."""

import io
import shutil
import subprocess
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from app.documents.layout import GlyphMissing, check, render
from app.seals import papers

from ...documents.layout.specimens.formats import ORDER
from ..house import AT, House
from ..issued import DAY, NUMBER, Stages

DOTS = 150  # per inch


def page_of(pdf: bytes, number: int = 1) -> Image.Image:
    if not shutil.which("pdftoppm"):
        pytest.skip("poppler-utils is missing: no pdftoppm")
    command = ["pdftoppm", "-r", str(DOTS), "-f", str(number), "-l", str(number), "-png", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)  # noqa: S603
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def inside(page: Image.Image, box) -> Image.Image:
    dots = DOTS / 25.4
    return page.crop(tuple(round(edge * dots) for edge in box_edges(box)))


def box_edges(box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def share(picture: Image.Image, wanted) -> float:
    """Of pixels that ``wanted`` holds for."""
    found = sum(count for count, colour in picture.getcolors(1 << 24) if wanted(*colour))
    return found / (picture.width * picture.height)


def is_red(red: int, green: int, blue: int) -> bool:
    return red > 200 and green < 90 and blue < 90


def is_black(red: int, green: int, blue: int) -> bool:
    return red < 90 and green < 90 and blue < 90


def seal_field(paper: Stages) -> papers.Field:
    return next(field for field in paper.fields if field.locks)


def test_the_seal_stands_in_its_box_over_name_and_date(paper: Stages) -> None:
    box = seal_field(paper).box
    before, after = (inside(page_of(pdf, box.page), box) for pdf in (paper.numbered, paper.sealed))
    assert share(before, is_red) == 0
    assert share(after, is_red) > 0.08
    assert share(before, is_black) > 0.02
    assert share(after, is_black) > 0.6 * share(before, is_black)
    middle = after.width // 2
    ring = [after.getpixel((middle, y)) for y in range(6)]
    assert any(is_red(*pixel) for pixel in ring)
    assert not is_red(*after.getpixel((1, 1)))


def test_number_and_date_stand_where_the_layout_would_have_set_them(paper: Stages, fonts) -> None:
    whole = render(replace(paper.sheet, number=NUMBER, printed_on=DAY), fonts)
    for field in (field for field in paper.fields if field.is_text):
        ours, theirs = (
            inside(page_of(pdf, field.box.page), field.box).convert("L")
            for pdf in (paper.numbered, whole.pdf)
        )
        assert share(ours.convert("RGB"), is_black) > 0.01
        difference = sum(
            abs(a - b) > 100 for a, b in zip(ours.tobytes(), theirs.tobytes(), strict=True)
        )
        assert difference / (ours.width * ours.height) < 0.002


def test_a_seal_of_pixels_lets_the_text_below_be_read(paper: Stages, house: House) -> None:
    drawn = Image.new("RGB", (600, 600), "white")
    ImageDraw.Draw(drawn).ellipse((10, 10, 590, 590), outline="red", width=24)
    picture = io.BytesIO()
    drawn.save(picture, "PNG")
    sealed = sealed_with(paper, house, papers.seal_from(picture.getvalue(), 42))
    box = seal_field(paper).box
    after = inside(page_of(sealed, box.page), box)
    before = inside(page_of(paper.numbered, box.page), box)
    assert share(after, is_red) > 0.05
    assert share(after, is_black) > 0.8 * share(before, is_black)
    assert b"/SMask" not in sealed
    assert b"/ImageMask true" in sealed
    assert [finding for finding in check(sealed) if not finding.holds] == []


def sealed_with(paper: Stages, house: House, picture: papers.Picture) -> bytes:
    return papers.seal(
        *(paper.numbered, papers.SEAL, paper.seals[0], house.evidence(), house.stamper(), AT),
        picture,
        last=True,
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{}</svg>'
RING = (
    '<title>seal</title><g fill="#f00"><path fill-rule="evenodd" d="M0 50a50 50 0 1 0 100 0'
    'a50 50 0 1 0-100 0zM6 50a44 44 0 1 1 88 0a44 44 0 1 1-88 0z"/>'
    '<circle cx="50" cy="50" r="12"/></g>'
)


def test_a_seal_of_outlines_is_drawn_as_such(paper: Stages, house: House) -> None:
    sealed = sealed_with(paper, house, papers.seal_from(SVG.format(RING).encode(), 42))
    box = seal_field(paper).box
    after = inside(page_of(sealed, box.page), box)
    middle = after.width // 2
    assert is_red(*after.getpixel((middle, 3)))
    assert is_red(*after.getpixel((middle, after.height // 2)))
    assert not is_red(*after.getpixel((middle, after.height // 5)))
    assert 0.2 < share(after, is_red) < 0.4


@pytest.mark.parametrize(
    ("inside_of_it", "sentence"),
    [
        ("<script>alert(1)</script>", "只接受填充的图形"),
        ('<image href="http://example/x.png"/>', "只接受填充的图形"),
        ('<use href="#a"/>', "只接受填充的图形"),
        ("<style>path{}</style>", "只接受填充的图形"),
        ("<text>印</text>", "只接受填充的图形"),
        ('<path d="M0 0L9 9" stroke="red"/>', "把线条转为轮廓"),
        ('<g transform="scale(2)"><path d="M0 0L9 9L9 0z"/></g>', "展开后导出"),
        ('<path d="M0 0L9 9L9 0z" style="opacity:.5"/>', "展开后导出"),
        ('<path d="M0 0L9 9L9 0z"/><path d="M1 1L3 3L3 0z" fill="#fff"/>', "一种以上的颜色"),
        ('<path d="nonsense"/>', "读不懂"),
        ("", "没有可用的图形"),
    ],
)
def test_outlines_that_hide_something_are_refused(inside_of_it: str, sentence: str) -> None:
    with pytest.raises(papers.PaperRefused, match=sentence):
        papers.seal_from(SVG.format(inside_of_it).encode(), 42)


def test_entities_are_not_read() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaa">]><svg>&a;</svg>'
    with pytest.raises(papers.PaperRefused, match="不是可用的 SVG"):
        papers.seal_from(bomb, 42)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"no picture", "PNG 或 JPEG"), (b"", "PNG 或 JPEG"), (None, "没有可用的笔画")],
)
def test_a_picture_that_cannot_be_a_seal_is_refused(content: bytes | None, sentence: str) -> None:
    if content is None:
        empty = io.BytesIO()
        Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(empty, "PNG")
        content = empty.getvalue()
    with pytest.raises(papers.PaperRefused, match=sentence):
        papers.seal_from(content, 42)


def test_a_long_name_still_fits_on_the_arc(fonts) -> None:
    short = papers.drawn_seal("江洲县水务局", 42, fonts)
    long = papers.drawn_seal("江洲市人民政府防汛抗旱指挥部办公室", 45, fonts)
    assert (short.width, long.height) == (42, 45)
    assert long.content.count(b" f") > short.content.count(b" f")


def test_a_character_without_a_font_is_named(fonts) -> None:
    with pytest.raises(GlyphMissing):
        papers.drawn_seal("水务局\U0010fffd", 42, fonts)


def test_the_same_wording_gives_the_same_seal(fonts) -> None:
    first, second = (papers.drawn_seal("江洲县水务局", 42, fonts) for _ in range(2))
    assert first.content == second.content


def test_the_name_of_who_signs_stands_in_his_place_in_red(issued, fonts) -> None:
    """签名章 of 命令 (7.3.5.3): the sign-off itself is what is seen."""
    order = issued(ORDER)
    (own,) = [field for field in order.fields if not field.is_text]
    assert (own.kind, own.issuer) == (papers.SIGN_OFF, "县长")
    assert own.box is not None
    before, after = (
        inside(page_of(pdf, own.box.page), own.box) for pdf in (order.laid_out, order.numbered)
    )
    assert share(before, is_red) == 0
    assert 0.02 < share(after, is_red) < 0.5
