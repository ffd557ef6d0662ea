"""What must be found again in the PDF of a sheet."""

import re
from collections.abc import Iterator

from app.documents.layout.settable import visible
from app.documents.layout.sheet import (
    LETTER,
    Sheet,
    letterhead_text,
    long_date,
    note_text,
    parts,
    recipients_text,
    shows_signatories,
    stacked,
)
from app.documents.paragraphs import Paragraph
from app.documents.text import Image, Table


def printed_text(sheet: Sheet) -> tuple[str, ...]:
    """Each piece of text that must be found again in the PDF, without white space."""
    texts = _pieces(visible(sheet)[0])
    return tuple(piece for text in texts if (piece := re.sub(r"\s", "", text)))


def _pieces(sheet: Sheet) -> Iterator[str]:
    covering, appended = parts(sheet)
    yield from (sheet.copy_number or "", sheet.urgency or "", sheet.number or "")
    yield from sheet.letterheads if stacked(sheet) else (letterhead_text(sheet),)
    yield from sheet.signatories if shows_signatories(sheet) else ()
    yield sheet.plain_title if sheet.titled else ""
    yield recipients_text(sheet.main_recipients)
    yield from _words(covering)
    yield from sheet.attachments
    yield from (f"{label}：{names}" for label, names in sheet.attendance)
    yield from sheet.posts or sheet.signing_units
    yield long_date(sheet.date) if sheet.date else ""
    yield note_text(sheet.note) if sheet.note else ""
    for text in appended:
        yield text.heading
        yield from _words(text.paragraphs)
    yield "，".join(sheet.copy_recipients)
    if sheet.format != LETTER:
        yield sheet.printed_by
        yield f"{long_date(sheet.printed_on)}印发" if sheet.printed_on else ""


def _words(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for each in paragraphs:
        if isinstance(each.block, Table):
            yield from (cell.text for row in each.block.rows for cell in row)
        elif isinstance(each.block, Image):
            yield each.block.alt
        else:
            yield each.text
