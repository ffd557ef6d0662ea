"""What stands around the text on the paper: 版头, 署名, 附注, 版记 and the page numbers."""

from typing import Any

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from app.documents.layout.sheet import (
    Sheet,
    letterhead_text,
    long_date,
    note_text,
    recipients_text,
)
from app.documents.word import names
from app.documents.word.styles import CELL, HEI, KAI, PITCH, RED, child
from app.documents.word.writing import WIDTH, add, begin_table, cell_of

DRAFT = "非正式稿　未经签发，仅供审核修改"
LETTERHEAD_TOP = 1984
"""Twentieths of a point, 35 mm, from the top of the type area to the 标志 (7.2.4)."""

LARGEST, SMALLEST, LETTERHEAD_WIDTH = 42.0, 22.0, 425.0
"""Points of the 标志, and of the line that it may fill, 150 mm."""

SEALED_CLEAR, UNSEALED_CLEAR = 4.0, 2.0
"""Cells clear on the right of the date (7.3.5)."""


def add_head(document: Document, sheet: Sheet) -> None:
    corner = [text for text in (sheet.urgency,) if text]
    for text in corner:
        add(document, names.URGENCY, text)
    letterhead = letterhead_text(sheet)
    mark = add(document, names.LETTERHEAD, letterhead)
    size = min(LARGEST, max(SMALLEST, LETTERHEAD_WIDTH / (len(letterhead) * 1.06)))
    mark.runs[0].font.size = Pt(round(size * 2) / 2)
    mark.paragraph_format.space_before = Pt((LETTERHEAD_TOP - len(corner) * PITCH) / 20)
    _add_number(document, sheet)
    if sheet.titled:
        add(document, names.TITLE, sheet.title)
    if sheet.main_recipients:
        add(document, names.RECIPIENTS, f"{recipients_text(sheet.main_recipients)}：")


def _add_number(document: Document, sheet: Sheet) -> None:
    """The number over the red line; on upward documents with 签发人 (7.2.5, 7.2.6)."""
    row = add(document, names.NUMBER, sheet.number or "")
    if sheet.upward:
        row.paragraph_format.alignment = 0
        _indent(row, left=CELL, right=CELL)
        row.paragraph_format.tab_stops.add_tab_stop(Mm(150), WD_TAB_ALIGNMENT.RIGHT)
        row.add_run("\t签发人：")
        written = row.add_run("　".join(sheet.signatories))
        child(written._r.get_or_add_rPr(), "w:rFonts", eastAsia=KAI)
    borders = child(row._p.get_or_add_pPr(), "w:pBdr")
    child(borders, "w:bottom", val="single", sz=16, space=11, color=RED)
    _in_order(row)


def add_closing(document: Document, sheet: Sheet) -> None:
    """附件说明, who was present, 署名, date and 附注."""
    _add_attachments(document, sheet)
    for label, people in sheet.attendance:
        add(document, names.ATTENDANCE, (f"{label}：", HEI), people)
    if sheet.signed:
        _add_signature(document, sheet)
    if sheet.note:
        add(document, names.NOTE, note_text(sheet.note))


def _add_attachments(document: Document, sheet: Sheet) -> None:
    several = len(sheet.attachments) > 1
    for i, name in enumerate(sheet.attachments, start=1):
        label = "附件：" if i == 1 else ""
        number = f"{i}." if several else ""
        line = add(document, names.ATTACHMENTS, f"{label}{number}{name}")
        hanging = 3.0 * bool(label) + (0.9 if several else 0)
        _indent(line, left=round((5 + 0.9 * several) * CELL), hanging=round(hanging * CELL))
        if i == 1:
            line.paragraph_format.space_before = Pt(PITCH / 20)


def _add_signature(document: Document, sheet: Sheet) -> None:
    """署名 of each agency, the lead first, over the date."""
    day = long_date(sheet.date) if sheet.date else ""
    for i, name in enumerate(sheet.signing_units):
        unit = add(document, names.UNIT, name)
        if i == 0:
            unit.paragraph_format.space_before = Pt((2 if sheet.sealed else 1) * PITCH / 20)
        right, _ = _places(sheet, _cells(name), _cells(day) or 7.0)
        _indent(unit, right=round(right * CELL))
    _, right = _places(sheet, _cells(sheet.signing_units[-1]), _cells(day) or 7.0)
    _indent(add(document, names.DATE, day), right=round(right * CELL))


def _places(sheet: Sheet, unit: float, day: float) -> tuple[float, float]:
    """Cells clear on the right of 署名 and date; under a seal one is centred over the other."""
    if not sheet.sealed:
        return max(UNSEALED_CLEAR, UNSEALED_CLEAR + day + 2 - unit), UNSEALED_CLEAR
    wider = max(0.0, (unit - day) / 2 + 1 - SEALED_CLEAR)
    clear = SEALED_CLEAR + wider
    return max(1.0, clear + (day - unit) / 2), clear


def _cells(text: str) -> float:
    return sum(0.5 if each.isascii() else 1.0 for each in text)


def add_colophon(document: Document, sheet: Sheet) -> None:
    """版记 at the end, as a table of two rows (7.4)."""
    copies = f"抄送：{'，'.join(sheet.copy_recipients)}。" if sheet.copy_recipients else ""
    day = f"{long_date(sheet.printed_on)}印发" if sheet.printed_on else ""
    widths = (WIDTH // 2, WIDTH - WIDTH // 2)
    table = begin_table(document, names.COLOPHON, widths)
    if copies:
        row = child(table, "w:tr")
        row.append(cell_of(copies, WIDTH, 2, "", "left", document, names.CELL))
    row = child(table, "w:tr")
    row.append(cell_of(sheet.printed_by, widths[0], 1, "", "left", document, names.CELL))
    row.append(cell_of(day, widths[1], 1, "", "right", document, names.CELL))


def add_margins(document: Document, sheet: Sheet) -> None:
    """Page numbers outside (7.5), and over each page of a draft that it is one (DRF-21)."""
    section = document.sections[0]
    for foot, align in ((section.footer, 2), (section.even_page_footer, 0)):
        line = _line_of(foot, document)
        line.paragraph_format.alignment = align
        _indent(line, left=CELL, right=CELL)
        line.add_run("— ")
        _add_page_number(line)
        line.add_run(" —")
    for head in (section.header, section.even_page_header):
        line = _line_of(head, document)
        if sheet.draft:
            line.paragraph_format.alignment = 1
            child(line.add_run(DRAFT)._r.get_or_add_rPr(), "w:color", val=RED)


def _line_of(margin: Any, document: Document) -> WordParagraph:
    margin.is_linked_to_previous = False
    line: WordParagraph = margin.paragraphs[0]
    line.style = document.styles[names.MARGIN]
    return line


def _add_page_number(line: WordParagraph) -> None:
    for kind in ("begin", "", "end"):
        run = line.add_run()._r
        if kind:
            child(run, "w:fldChar", fldCharType=kind)
        else:
            child(run, "w:instrText").text = " PAGE "


def _indent(paragraph: WordParagraph, **sides: int) -> None:
    """Indents in twentieths of a point."""
    properties = paragraph._p.get_or_add_pPr()
    found = properties.get_or_add_ind()
    for side, twentieths in sides.items():
        found.set(f"{{{found.nsmap['w']}}}{side}", str(twentieths))


def _in_order(paragraph: WordParagraph) -> None:
    """Borders stand before tabs, spacing and the rest, as the schema asks."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties[-1]
    style = properties[0]
    style.addnext(borders)
