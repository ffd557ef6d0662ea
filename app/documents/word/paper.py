"""What stands after the text on the paper: 附件说明, 署名, 附注 and 版记."""

from docx.document import Document
from docx.shared import Pt

from app.documents.layout.sheet import LETTER, Sheet, long_date, note_text
from app.documents.word import names
from app.documents.word.styles import CELL, HEI, KAI, PITCH, child
from app.documents.word.writing import WIDTH, add, begin_table, cell_of, indent

SEALED_CLEAR, UNSEALED_CLEAR = 4.0, 2.0
"""Cells clear on the right of the date (7.3.5)."""

STAMP = 7.2
"""Cells of a 签名章, 40 mm."""


def add_closing(document: Document, sheet: Sheet) -> None:
    """附件说明, who was present, 署名, date and 附注."""
    _add_attachments(document, sheet)
    for label, people in sheet.attendance:
        add(document, names.ATTENDANCE, (f"{label}：", HEI), people)
    if sheet.signed and sheet.posts:
        _add_stamps(document, sheet)
    elif sheet.signed:
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
        indent(line, left=round((5 + 0.9 * several) * CELL), hanging=round(hanging * CELL))
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
        indent(unit, right=round(right * CELL))
    _, right = _places(sheet, _cells(sheet.signing_units[-1]), _cells(day) or 7.0)
    indent(add(document, names.DATE, day), right=round(right * CELL))


def _add_stamps(document: Document, sheet: Sheet) -> None:
    """职务 before the room of the 签名章, or before a typed name, and the date below (7.3.5.3)."""
    names_of = [*sheet.signatories, *("" for _ in sheet.posts)]
    for i, (post, name) in enumerate(zip(sheet.posts, names_of, strict=False)):
        typed = "" if sheet.sealed else name
        row = add(document, names.UNIT, f"{post}　　", (typed, KAI))
        row.paragraph_format.space_before = Pt((2 if i == 0 else 1) * PITCH / 20)
        clear = SEALED_CLEAR + (STAMP if sheet.sealed else 0)
        indent(row, right=round(clear * CELL))
    day = add(document, names.DATE, long_date(sheet.date) if sheet.date else "")
    day.paragraph_format.space_before = Pt(PITCH / 20)
    indent(day, right=round(SEALED_CLEAR * CELL))


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
    """版记 at the end, as a table (7.4); of 信函 the 抄送 alone, without lines (10.1)."""
    plain = sheet.format == LETTER
    copies = f"抄送：{'，'.join(sheet.copy_recipients)}。" if sheet.copy_recipients else ""
    if plain and not copies:
        return
    widths = (WIDTH // 2, WIDTH - WIDTH // 2)
    table = begin_table(document, names.PLAIN_COLOPHON if plain else names.COLOPHON, widths)
    if copies:
        row = child(table, "w:tr")
        row.append(cell_of(copies, WIDTH, 2, "", "left", document, names.CELL))
    if plain:
        return
    day = f"{long_date(sheet.printed_on)}印发" if sheet.printed_on else ""
    row = child(table, "w:tr")
    row.append(cell_of(sheet.printed_by, widths[0], 1, "", "left", document, names.CELL))
    row.append(cell_of(day, widths[1], 1, "", "right", document, names.CELL))
