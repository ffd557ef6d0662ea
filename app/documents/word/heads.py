"""The head of each format in a Word file (7.2, 10.1–10.3)."""

from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from app.documents.layout.sheet import (
    DOCUMENT,
    LETTER,
    MINUTES,
    ORDER,
    Sheet,
    letterhead_text,
    long_date,
    recipients_text,
)
from app.documents.word import names
from app.documents.word.margins import DRAFT, line_of
from app.documents.word.styles import CELL, KAI, PITCH, RED, child
from app.documents.word.writing import add, indent

LETTERHEAD_TOP = {DOCUMENT: 35.0, ORDER: 20.0, MINUTES: 35.0}
"""Mm from the top of the type area to the 标志."""

LARGEST, SMALLEST, LETTERHEAD_WIDTH = 42.0, 22.0, 425.0
"""Points of the 标志, and of the line that it may fill, 150 mm."""

BESIDE_LEFT, BESIDE_RIGHT = -454, -340
"""Twentieths of a point that the double lines of a 信函 reach beyond the text: 170 mm in all."""


def add_head(document: Document, sheet: Sheet) -> None:
    HEADS.get(sheet.format, _document)(document, sheet)
    if sheet.titled:
        add(document, names.TITLE, sheet.title)
    if sheet.main_recipients:
        add(document, names.RECIPIENTS, f"{recipients_text(sheet.main_recipients)}：")


def _document(document: Document, sheet: Sheet) -> None:
    """The number over the red line; on upward documents with 签发人 (7.2.5, 7.2.6)."""
    _letterhead(document, sheet)
    row = add(document, names.NUMBER, sheet.number or "")
    if sheet.upward:
        _from_left(row, left=CELL)
        row.add_run("\t签发人：")
        written = row.add_run("　".join(sheet.signatories))
        child(written._r.get_or_add_rPr(), "w:rFonts", eastAsia=KAI)
    _ruled(row, "bottom", "single", 16, 11)


def _order(document: Document, sheet: Sheet) -> None:
    """The 令号 in the place of a title, two lines above the text (10.2)."""
    _letterhead(document, sheet)
    row = add(document, names.NUMBER, sheet.number or "")
    row.paragraph_format.space_after = Pt(2 * PITCH / 20)


def _minutes(document: Document, sheet: Sheet) -> None:
    """Number of the issue, then who issues it and when, over the red line (10.3)."""
    _letterhead(document, sheet)
    add(document, names.NUMBER, sheet.number or "")
    day = long_date(sheet.date) if sheet.date else ""
    row = add(document, names.NUMBER, f"{'、'.join(sheet.signing_units)}\t{day}")
    row.paragraph_format.space_before = Pt(0)
    _from_left(row, left=CELL)
    _ruled(row, "bottom", "single", 16, 11)


def _letter(document: Document, sheet: Sheet) -> None:
    """标志 and double lines lie in the margins of page 1, which has no number (10.1)."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.footer_distance = Mm(20)
    head, foot = section.first_page_header, section.first_page_footer
    above = line_of(head, document)
    above.add_run(DRAFT if sheet.draft else "")
    _exactly(above, Mm(10))
    mark = head.add_paragraph(letterhead_text(sheet), document.styles[names.LETTERHEAD])
    _sized(mark)
    indent(mark, left=BESIDE_LEFT, right=BESIDE_RIGHT)
    _ruled(mark, "bottom", "thickThinSmallGap", 24, 11)
    below = line_of(foot, document)
    _exactly(below, Pt(2))
    indent(below, left=BESIDE_LEFT, right=BESIDE_RIGHT)
    _ruled(below, "bottom", "thinThickSmallGap", 24, 0)
    row = add(document, names.NUMBER, sheet.number or "")
    row.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    row.paragraph_format.space_before = Pt(14)
    if sheet.urgency:
        add(document, names.URGENCY, sheet.urgency)


HEADS: dict[str, Callable[[Document, Sheet], None]] = {
    DOCUMENT: _document,
    LETTER: _letter,
    ORDER: _order,
    MINUTES: _minutes,
}


def _letterhead(document: Document, sheet: Sheet) -> None:
    corner = [text for text in (sheet.urgency,) if text]
    for text in corner:
        add(document, names.URGENCY, text)
    mark = add(document, names.LETTERHEAD, letterhead_text(sheet))
    _sized(mark)
    top = LETTERHEAD_TOP.get(sheet.format, LETTERHEAD_TOP[DOCUMENT])
    mark.paragraph_format.space_before = Pt(max(0, Mm(top).pt - len(corner) * PITCH / 20))


def _sized(mark: WordParagraph) -> None:
    size = min(LARGEST, max(SMALLEST, LETTERHEAD_WIDTH / (len(mark.text) * 1.06)))
    mark.runs[0].font.size = Pt(round(size * 2) / 2)


def _from_left(row: WordParagraph, left: int) -> None:
    """What follows a tab ends one cell from the right edge."""
    row.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    indent(row, left=left, right=left)
    row.paragraph_format.tab_stops.add_tab_stop(Mm(150), WD_TAB_ALIGNMENT.RIGHT)


def _exactly(line: WordParagraph, height: Any) -> None:
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    line.paragraph_format.line_spacing = height


def _ruled(row: WordParagraph, side: str, kind: str, eighths: int, space: int) -> None:
    """A red line; borders stand before tabs, spacing and the rest, as the schema asks."""
    properties = row._p.get_or_add_pPr()
    borders = child(properties, "w:pBdr")
    child(borders, f"w:{side}", val=kind, sz=eighths, space=space, color=RED)
    properties[0].addnext(borders)
