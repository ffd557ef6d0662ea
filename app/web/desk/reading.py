"""A document to be read on a page: its paper as text with an outline, its changes line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.layout.sheet import (
    Sheet,
    letterhead_text,
    long_date,
    note_text,
    recipients_text,
)
from app.documents.models import Document
from app.documents.paragraphs import Paragraph, paragraphs
from app.documents.runs import Run


@dataclass(frozen=True)
class Text:
    """The likeness of an outgoing document's paper, element by element; "" where empty.

    paragraphs  each with the level of its heading in the outline of the page, 0 without one
    attendance  出席, 请假, 列席 with their names; ``minutes`` have their date in the head, and no
                署名
    stamped     post and name of who signs in person, in the place of the 署名; None otherwise
    """

    letterhead: str
    urgency: str
    number: str
    signatory: str
    title: tuple[str, ...]
    recipients: str
    paragraphs: tuple[tuple[int, Paragraph], ...]
    attachments: tuple[str, ...]
    unit: str
    date: str
    note: str
    copies: str
    printed: str
    attendance: tuple[tuple[str, str], ...] = ()
    stamped: str | None = None
    minutes: bool = False


def text_of(sheet: Sheet, document: Document) -> Text:
    return Text(
        letterhead=letterhead_text(sheet),
        urgency=sheet.urgency or "",
        number=sheet.number or "",
        signatory="、".join(sheet.signatories) if sheet.upward else "",
        title=tuple(line for line in sheet.title.split("\n") if line.strip()),
        recipients=recipients_text(sheet.main_recipients),
        paragraphs=outline(paragraphs(document.blocks)),
        attachments=sheet.attachments,
        unit=sheet.signature_unit if sheet.signed else "",
        date=long_date(sheet.date) if sheet.date else "",
        note=note_text(sheet.note) if sheet.note else "",
        copies=recipients_text(sheet.copy_recipients),
        printed=f"{sheet.printed_by}　{long_date(sheet.printed_on)}印发"
        if sheet.printed_on
        else "",
        attendance=sheet.attendance,
        minutes=not sheet.signed,
        stamped=" ".join((sheet.posts[0], *sheet.signatories)) if sheet.posts else None,
    )


def outline(found: Sequence[Paragraph]) -> tuple[tuple[int, Paragraph], ...]:
    """Levels for readers by ear, below the title at 2: none is left out, whatever was typed."""
    above, levels = 2, []
    for each in found:
        level = 0
        if each.part in ("title", "chapter"):
            level = 3
        elif each.head and each.level:
            level = min(each.level + 2, above + 1, 6)
        above = level or above
        levels.append((level, each))
    return tuple(levels)


def passages(runs: Sequence[Run]) -> tuple[tuple[Run, ...], ...]:
    """The runs parted where a line of the text ends, without the lines that hold nothing."""
    found: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        found[-1].append(Run(run.kind, first))
        found += [[Run(run.kind, line)] for line in others]
    kept = (tuple(run for run in line if run.text) for line in found)
    return tuple(line for line in kept if line)
