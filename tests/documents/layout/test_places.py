"""The page that a leader signs, and what is written on it afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pdfplumber
import pikepdf
import pytest

from app.documents.layout import (
    DoesNotFit,
    FontBook,
    Line,
    Places,
    Rendered,
    Sheet,
    for_signature,
    places,
    render,
    written,
)

from .sheets import request
from .specimens.documents import NOTICE
from .specimens.formats import MINUTES, ORDER, SHORT_LETTER
from .specimens.joint import FOUR, SEALED, UNSEALED

Render = Callable[[Sheet], Rendered]
DAY = date(2026, 3, 20)
LATER = ("number", "printed-on")


def signed(sheet: Sheet, rendered: Render) -> tuple[Rendered, Places]:
    blank = for_signature(sheet, sheet.signatories, sheet.date or DAY)
    page = rendered(blank)
    return page, places(blank, page.positions)


@pytest.mark.parametrize(
    "sheet",
    [NOTICE, request(), SHORT_LETTER, ORDER, MINUTES],
    ids=["document", "upward", "letter", "order", "minutes"],
)
def test_what_is_written_later_stands_where_the_layout_would_have_set_it(
    sheet: Sheet, rendered: Render, fonts: FontBook
) -> None:
    final = rendered(sheet)
    page, where = signed(sheet, rendered)
    blank = {name: box for name, box in page.positions.items() if name not in LATER}
    assert blank == {name: box for name, box in final.positions.items() if name not in LATER}
    assert sheet.number
    texts = [(sheet.number, where.number)]
    if where.printed_on and sheet.printed_on:
        day = sheet.printed_on
        texts.append((f"{day.year}年{day.month}月{day.day}日印发", where.printed_on))
    filled = page.pdf
    for text, line in texts:
        filled = laid_over(filled, written(text, line, fonts), line)
    words, places_of_words = characters(filled)
    assert words == characters(final.pdf)[0]
    assert places_of_words == pytest.approx(characters(final.pdf)[1], abs=0.02)


def test_one_agency_signs_in_one_place(rendered: Render) -> None:
    page, where = signed(NOTICE, rendered)
    (signature,) = where.signatures
    assert signature.issuer == NOTICE.signature_unit
    assert signature.mark == page.positions["seal"]
    assert signature.box.top == page.positions["unit"].top
    assert signature.box.bottom == page.positions["date"].bottom


def test_each_agency_has_its_own_place_and_the_last_the_date(rendered: Render) -> None:
    page, where = signed(replace(SEALED, issuers=FOUR, letterheads=()), rendered)
    assert [each.issuer for each in where.signatures] == list(FOUR)
    assert [each.date for each in where.signatures[:-1]] == [None, None, None]
    assert where.signatures[-1].date == page.positions["date"]
    marks = [page.positions[f"seal-{i}"] for i in (1, 2, 3, 4)]
    assert [each.mark for each in where.signatures] == marks


def test_names_without_a_seal_have_no_mark(rendered: Render) -> None:
    _, where = signed(UNSEALED, rendered)
    assert [each.mark for each in where.signatures] == [None] * len(UNSEALED.issuers)


def test_a_stamp_goes_beside_its_post_and_minutes_are_not_signed(rendered: Render) -> None:
    page, where = signed(ORDER, rendered)
    assert [each.issuer for each in where.signatures] == list(ORDER.posts)
    assert where.signatures[0].mark == page.positions["stamp-1"]
    assert signed(MINUTES, rendered)[1].signatures == ()


def test_who_signs_brings_his_post(rendered: Render) -> None:
    vacant = replace(ORDER, posts=("",), signatories=())
    blank = for_signature(vacant, ("沈静波",), DAY, "县长")
    where = places(blank, rendered(blank).positions)
    assert [each.issuer for each in where.signatures] == ["县长"]
    assert for_signature(NOTICE, ("沈静波",), DAY, "县长").posts == ()


def test_a_letter_has_no_printing_date(rendered: Render) -> None:
    assert signed(SHORT_LETTER, rendered)[1].printed_on is None


def test_a_page_that_bears_a_number_is_none_for_signature(rendered: Render) -> None:
    with pytest.raises(ValueError, match="for signature"):
        places(NOTICE, rendered(NOTICE).positions)


def test_a_number_wider_than_its_room_is_refused(rendered: Render, fonts: FontBook) -> None:
    _, where = signed(request(), rendered)
    with pytest.raises(DoesNotFit, match="写不下"):
        written("江洲县人民政府水务办公室〔2026〕15号", where.number, fonts)


def test_a_page_that_does_not_fit_is_never_one_for_signature(fonts: FontBook) -> None:
    long = replace(NOTICE, draft=True, title="关于" + "江洲县防汛抢险" * 60 + "的通知")
    with pytest.raises(DoesNotFit):
        render(for_signature(long, (), DAY), fonts)


def test_points_count_from_the_bottom_left_corner(rendered: Render) -> None:
    page, where = signed(NOTICE, rendered)
    left, bottom, right, top = where.number.box.points
    assert 0 < left < right < 595.28
    assert bottom < top < 841.89
    assert top - bottom == pytest.approx(5.6 / 25.4 * 72, abs=0.01)
    assert page.positions["number"].points[1] == pytest.approx(bottom)


def laid_over(pdf: bytes, text: bytes, line: Line) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document, pikepdf.open(BytesIO(text)) as drawn:
        page = pikepdf.Page(document.pages[line.box.page - 1])
        page.add_overlay(drawn.pages[0], pikepdf.Rectangle(*line.box.points))
        out = BytesIO()
        document.save(out)
        return out.getvalue()


def characters(pdf: bytes) -> tuple[list[str], list[float]]:
    """Every character with its page, and their places in points, in the order of the characters."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        found = sorted(
            (f"{page.page_number}{each['text']}", each["x0"], each["top"])
            for page in document.pages
            for each in page.chars
            if each["text"].strip()
        )
    return [each[0] for each in found], [edge for each in found for edge in each[1:]]
