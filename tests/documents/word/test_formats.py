"""What differs between the formats in their Word files (10.1 to 10.3)."""

import io
from dataclasses import replace

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from app.documents.layout.sheet import Sheet
from app.documents.word import names, read_in, word_file
from tests.documents.layout.specimens.documents import NOTICE
from tests.documents.layout.specimens.formats import (
    MINUTES,
    ORDER,
    SHORT_LETTER,
    TYPED_ORDER,
)


def content(sheet: Sheet) -> bytes:
    return word_file(sheet, sheet.text, lambda sha256: b"")


def opened(sheet: Sheet) -> Document:
    return docx.Document(io.BytesIO(content(sheet)))


def lines(document: Document, style: str) -> list[str]:
    return [each.text for each in document.paragraphs if each.style.name == style]


def rules(part: docx.document.Document) -> list[str]:
    """Kinds of the lines above and below paragraphs."""
    element = getattr(part, "element", None)
    root = part._element if element is None else element
    return [line.get(qn("w:val")) for each in root.iter(qn("w:pBdr")) for line in each]


def test_a_letter_has_its_name_and_double_lines_in_the_margins_of_page_one() -> None:
    document = opened(SHORT_LETTER)
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[1].text == "江洲县水务局"
    assert rules(section.first_page_header) == ["thickThinSmallGap"]
    assert rules(section.first_page_footer) == ["thinThickSmallGap"]
    assert section.footer_distance == pytest.approx(Mm(20), abs=Mm(0.1))
    assert "PAGE" not in section.first_page_footer._element.xml
    assert rules(document) == []
    (number,) = (each for each in document.paragraphs if each.style.name == names.NUMBER)
    assert (number.text, number.alignment) == (SHORT_LETTER.number, 2)


def test_the_imprint_of_a_letter_has_neither_lines_nor_printing_date() -> None:
    (table,) = opened(SHORT_LETTER).tables
    assert table.style.name == names.PLAIN_COLOPHON
    assert table.cell(0, 0).text == "抄送：市水务局规划计划科。"
    assert len(table.rows) == 1
    assert opened(replace(SHORT_LETTER, copy_recipients=())).tables == []


def test_what_is_in_the_margins_of_a_letter_is_said_of_a_draft_too() -> None:
    header = opened(replace(SHORT_LETTER, draft=True)).sections[0].first_page_header
    assert "非正式稿" in header.paragraphs[0].text


def test_an_order_has_its_number_in_the_place_of_a_title() -> None:
    document = opened(ORDER)
    assert lines(document, names.TITLE) == []
    assert lines(document, names.NUMBER) == ["第17号"]
    assert rules(document) == []


@pytest.mark.parametrize(("sheet", "words"), [(ORDER, "县长　　"), (TYPED_ORDER, "县长　　沈波")])
def test_an_order_is_signed_beside_the_post(sheet: Sheet, words: str) -> None:
    document = opened(sheet)
    assert lines(document, names.UNIT) == [words]
    assert lines(document, names.DATE) == ["2026年9月20日"]


def test_minutes_name_agency_and_date_over_the_red_line() -> None:
    document = opened(MINUTES)
    assert lines(document, names.NUMBER) == ["第9期", "江洲县水务局\t2026年10月13日"]
    assert rules(document) == ["single"]
    assert lines(document, names.UNIT) == lines(document, names.DATE) == []
    assert [each[:3] for each in lines(document, names.ATTENDANCE)] == [
        "出席：",
        "请假：",
        "列席：",
    ]


def test_an_ordinary_document_has_the_red_line_alone() -> None:
    document = opened(NOTICE)
    assert not document.sections[0].different_first_page_header_footer
    assert rules(document) == ["single"]
    assert lines(document, names.LETTERHEAD) == ["江洲县水务局文件"]


@pytest.mark.parametrize(
    "sheet", [SHORT_LETTER, ORDER, MINUTES], ids=["letter", "order", "minutes"]
)
def test_the_text_comes_back_without_its_frame(sheet: Sheet) -> None:
    found = read_in("a.docx", io.BytesIO(content(sheet)), lambda data: False)
    words = "".join(getattr(block, "text", "") for block in found.blocks)
    assert "".join(sheet.paragraphs).replace("# ", "").startswith(words[:20])
    assert str(sheet.number) not in words
    assert found.elements.get("copy_recipients", []) == list(sheet.copy_recipients)
