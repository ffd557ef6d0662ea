"""The sheet: everything that the paper needs, and nothing of the database."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.documents.paragraphs import Paragraph, paragraphs
from app.documents.text import Block, from_lines

DOCUMENT, LETTER, ORDER, MINUTES = "文件", "信函", "命令", "纪要"
MARKS = {DOCUMENT: "文件", LETTER: "", ORDER: "令", MINUTES: "纪要"}
"""What follows the name of the agency in the 标志 of each format."""
MM = 25.4 / 72  # of a point
PAPER_HEIGHT = 297.0  # mm


@dataclass(frozen=True)
class Sheet:
    """One document to be set.

    letterhead       agency name; the format adds its ``mark`` unless the name already ends with it
    direction        upward, downward or parallel; upward shows the 签发人 (7.2.6)
    title            may hold line feeds: the drafter's own line breaks
    paragraphs       a text of plain lines; "# …" opens an appended text on a new page
    blocks           the text with tables, pictures and page breaks, in place of ``paragraphs``
    pictures         those of the text, by the hash that its blocks name them with
    number           None leaves the line empty: a number exists only after sign-off (OUT-09)
    signatories      the lead agency's first
    attachments      names for the 附件说明, in order
    sealed           place 署名 and date for a seal, and keep its room free (7.3.5.1)
    draft            marks every page as a draft; nothing absent is made up
    seal_diameter    mm
    format           文件, 信函, 命令 or 纪要
    mark             word after the name in the 标志; "" the name alone, None that of the format
    letterheads      joint document that names all its agencies in the 标志, the lead first; empty
                     for ``letterhead`` alone, which the standard allows too (7.2.4)
    issuers          署名 of a joint document, the lead first; empty for ``signature_unit`` alone
    posts            职务 of the signatories, in full: signed with 签名章, or typed names without a
                     seal, in place of the 署名 (7.3.5.3)
    present, excused, observers   names in 纪要 (10.3); "" for none
    duplex_colophon  printed on both sides: the 版记 stands on an even page. On a screen it stands
                     on the last page of the text
    """

    letterhead: str
    direction: str
    title: str
    main_recipients: tuple[str, ...]
    signature_unit: str
    paragraphs: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    number: str | None = None
    signatories: tuple[str, ...] = ()
    urgency: str | None = None
    copy_number: str | None = None
    attachments: tuple[str, ...] = ()
    date: datetime.date | None = None
    note: str | None = None
    copy_recipients: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: datetime.date | None = None
    sealed: bool = True
    draft: bool = False
    seal_diameter: float = 42.0
    format: str = DOCUMENT
    mark: str | None = None
    letterheads: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    present: str = ""
    excused: str = ""
    observers: str = ""
    duplex_colophon: bool = False

    @property
    def upward(self) -> bool:
        return self.direction == "upward"

    @property
    def text(self) -> tuple[Block, ...]:
        return self.blocks or from_lines("\n".join(self.paragraphs))

    @property
    def signing_units(self) -> tuple[str, ...]:
        """署名, the lead agency's first."""
        return self.issuers or (self.signature_unit,)

    @property
    def titled(self) -> bool:
        """命令 has a number in the place of a title (10.2); its title is for lists alone."""
        return self.format != ORDER

    @property
    def signed(self) -> bool:
        """Whether a 署名 and date follow the text; 纪要 names both above it."""
        return self.format != MINUTES

    @property
    def attendance(self) -> tuple[tuple[str, str], ...]:
        listed = (("出席", self.present), ("请假", self.excused), ("列席", self.observers))
        return tuple((label, names) for label, names in listed if names)

    @property
    def plain_title(self) -> str:
        return "".join(self.title.split("\n"))


@dataclass(frozen=True)
class Box:
    """Where something stands: page from 1, mm from the top left corner of the paper."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def points(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in points from the bottom left corner, as PDF measures."""
        left, right = self.left / MM, self.right / MM
        return left, (PAPER_HEIGHT - self.bottom) / MM, right, (PAPER_HEIGHT - self.top) / MM


@dataclass(frozen=True)
class AppendedText:
    """Text issued with a covering notice, from one "# " line to the next."""

    heading: str
    paragraphs: tuple[Paragraph, ...]


def parts(sheet: Sheet) -> tuple[tuple[Paragraph, ...], tuple[AppendedText, ...]]:
    """The covering text, and the texts that follow it; empty lines are left out."""
    covering: list[Paragraph] = []
    appended: list[tuple[str, list[Paragraph]]] = []
    for paragraph in paragraphs(sheet.text):
        if paragraph.part == "title":
            appended.append((paragraph.head, []))
        else:
            (appended[-1][1] if appended else covering).append(paragraph)
    return tuple(covering), tuple(AppendedText(h, tuple(p)) for h, p in appended)


def long_date(day: datetime.date) -> str:
    """Arabic digits, full year, no leading zeros (7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


def letterhead_text(sheet: Sheet) -> str:
    """The 标志 on one line; of a joint document that names them all, only the lead's."""
    mark = mark_text(sheet)
    name = sheet.letterheads[0] if sheet.letterheads else sheet.letterhead
    return name if name.endswith(mark) else name + mark


def mark_text(sheet: Sheet) -> str:
    return MARKS.get(sheet.format, "文件") if sheet.mark is None else sheet.mark


def recipients_text(names: tuple[str, ...]) -> str:
    """Names of one kind are parted by 、, groups that hold a 、 themselves by ，."""
    inside = any(mark in re.sub(r"（[^）]*）", "", name) for name in names for mark in "、，")
    return ("，" if inside else "、").join(names)


def note_text(note: str) -> str:
    text = note.strip()
    return text if text.startswith("（") and text.endswith("）") else f"（{text}）"


def shows_signatories(sheet: Sheet) -> bool:
    """签发人 in the head of an upward 文件 (7.2.6), or names typed beside their posts."""
    typed = bool(sheet.posts) and not sheet.sealed
    return typed or (sheet.upward and sheet.format == DOCUMENT)


def stacked(sheet: Sheet) -> bool:
    """Whether the 标志 names all the agencies; that of 信函 names the lead alone (10.1)."""
    return len(sheet.letterheads) > 1 and sheet.format != LETTER
