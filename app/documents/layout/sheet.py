"""The sheet: everything that the paper needs, and nothing of the database."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from app.documents.layout.errors import SheetTooLarge

MAX_PARAGRAPHS = 3_000
MAX_CHARACTERS = 100_000  # some 250 pages, set in half of the time that the process has
MAX_HEAD_CHARACTERS = 2_000
APPENDED = "# "
# Zero-width and control characters and variation selectors, which pasting leaves behind.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060\ufe00-\ufe0f\ufeff]"
)


@dataclass(frozen=True)
class Sheet:
    """One document to be set.

    letterhead       agency name; format 文件 adds 文件 unless the name already ends with it
    direction        upward, downward or parallel; upward shows the 签发人 (7.2.6)
    title            may hold line feeds: the drafter's own line breaks
    paragraphs       one line of text each; "# …" opens an appended text on a new page
    number           None leaves the line empty: a number exists only after sign-off (OUT-09)
    signatories      the lead agency's first
    attachments      names for the 附件说明, in order
    sealed           place 署名 and date for a seal, and keep its room free (7.3.5.1)
    draft            marks every page as a draft; nothing absent is made up
    seal_diameter    mm
    format           文件; other formats get their own function in pages.FORMATS
    """

    letterhead: str
    direction: str
    title: str
    main_recipients: tuple[str, ...]
    paragraphs: tuple[str, ...]
    signature_unit: str
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
    format: str = "文件"

    @property
    def upward(self) -> bool:
        return self.direction == "upward"

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


@dataclass(frozen=True)
class AppendedText:
    """Text issued with a covering notice, from one "# " line to the next."""

    heading: str
    paragraphs: tuple[str, ...]


def parts(sheet: Sheet) -> tuple[tuple[str, ...], tuple[AppendedText, ...]]:
    """The covering text, and the texts that follow it; empty lines are left out."""
    covering: list[str] = []
    appended: list[tuple[str, list[str]]] = []
    for line in sheet.paragraphs:
        text = line.strip()
        if text.startswith(APPENDED):
            appended.append((text.removeprefix(APPENDED).strip(), []))
        elif text:
            (appended[-1][1] if appended else covering).append(text)
    return tuple(covering), tuple(AppendedText(h, tuple(p)) for h, p in appended)


def long_date(day: datetime.date) -> str:
    """Arabic digits, full year, no leading zeros (7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


def letterhead_text(sheet: Sheet) -> str:
    return sheet.letterhead if sheet.letterhead.endswith("文件") else f"{sheet.letterhead}文件"


def recipients_text(names: tuple[str, ...]) -> str:
    """Names of one kind are parted by 、, groups that hold a 、 themselves by ，."""
    inside = any(mark in re.sub(r"（[^）]*）", "", name) for name in names for mark in "、，")
    return ("，" if inside else "、").join(names)


def note_text(note: str) -> str:
    text = note.strip()
    return text if text.startswith("（") and text.endswith("）") else f"（{text}）"


def visible(sheet: Sheet) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet without invisible characters, and those that were found."""
    found: set[str] = set()
    changed: dict[str, str | tuple[str, ...]] = {}
    for field in fields(sheet):
        value = getattr(sheet, field.name)
        texts = (value,) if isinstance(value, str) else value
        if not isinstance(texts, tuple) or not any(map(_INVISIBLE.search, texts)):
            continue
        found.update(char for text in texts for char in _INVISIBLE.findall(text))
        kept = tuple(_INVISIBLE.sub("", text) for text in texts)
        changed[field.name] = kept[0] if isinstance(value, str) else kept
    return replace(sheet, **changed), tuple(sorted(found))  # type: ignore[arg-type]  # by name


def printed_text(sheet: Sheet) -> tuple[str, ...]:
    """Each piece of text that must be found again in the PDF, without white space."""
    texts = _pieces(visible(sheet)[0])
    return tuple(piece for text in texts if (piece := re.sub(r"\s", "", text)))


def _pieces(sheet: Sheet) -> Iterator[str]:
    covering, appended = parts(sheet)
    yield from (sheet.copy_number or "", sheet.urgency or "", letterhead_text(sheet))
    yield sheet.number or ""
    yield from sheet.signatories if sheet.upward else ()
    yield sheet.plain_title
    yield recipients_text(sheet.main_recipients)
    yield from covering
    yield from sheet.attachments
    yield sheet.signature_unit
    yield long_date(sheet.date) if sheet.date else ""
    yield note_text(sheet.note) if sheet.note else ""
    for text in appended:
        yield text.heading
        yield from text.paragraphs
    yield "，".join(sheet.copy_recipients)
    yield sheet.printed_by
    yield f"{long_date(sheet.printed_on)}印发" if sheet.printed_on else ""


def ensure_settable(sheet: Sheet) -> None:
    """Refuse what would keep the typesetting busy without end.

    Raises SheetTooLarge.
    """
    if len(sheet.paragraphs) > MAX_PARAGRAPHS:
        raise SheetTooLarge(f"正文超过 {MAX_PARAGRAPHS} 段，不能排版。请把附录改为附件另发。")
    if sum(map(len, sheet.paragraphs)) > MAX_CHARACTERS:
        raise SheetTooLarge(f"正文超过 {MAX_CHARACTERS} 字，不能排版。请把附录改为附件另发。")
    others = (
        *(sheet.letterhead, sheet.title, sheet.signature_unit, sheet.note or ""),
        *(sheet.number or "", sheet.urgency or "", sheet.copy_number or "", sheet.printed_by),
        *(*sheet.signatories, *sheet.main_recipients, *sheet.copy_recipients, *sheet.attachments),
    )
    if sum(map(len, others)) > MAX_HEAD_CHARACTERS * 4 or len(sheet.title) > MAX_HEAD_CHARACTERS:
        raise SheetTooLarge("标题、主送、抄送、附件名称等要素过长，不能排版。请核对后重试。")
