"""What is asked of a sheet before any work is done on it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from app.documents.layout.errors import SheetTooLarge
from app.documents.layout.sheet import Sheet
from app.documents.text import Block, Image, PageBreak, Table

MAX_BLOCKS = 3_000
MAX_CHARACTERS = 100_000  # some 250 pages, set in half of the time that the process has
MAX_CELLS = 3_000  # about as much work as the characters
MAX_HEAD_CHARACTERS = 2_000
# Zero-width and control characters and variation selectors, which pasting leaves behind.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060\ufe00-\ufe0f\ufeff]"
)


def visible(sheet: Sheet) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet without invisible characters, and those that were found."""
    found: set[str] = set()
    changed: dict[str, Any] = {}
    for name in (field.name for field in fields(sheet)):
        value = getattr(sheet, name)
        texts = (value,) if isinstance(value, str) else value
        if name == "blocks" or not isinstance(texts, tuple):
            continue
        kept = tuple(_without(text, found) for text in texts)
        changed[name] = kept[0] if isinstance(value, str) else kept
    changed["blocks"] = tuple(_visible_block(block, found) for block in sheet.blocks)
    return replace(sheet, **changed), tuple(sorted(found))


def _without(text: str, found: set[str]) -> str:
    found.update(_INVISIBLE.findall(text))
    return _INVISIBLE.sub("", text)


def _visible_block(block: Block, found: set[str]) -> Block:
    if isinstance(block, Table):
        rows = tuple(
            tuple(cell.model_copy(update={"text": _without(cell.text, found)}) for cell in row)
            for row in block.rows
        )
        return block.model_copy(update={"rows": rows})
    if isinstance(block, Image):
        return block.model_copy(update={"alt": _without(block.alt, found)})
    if isinstance(block, PageBreak):
        return block
    return block.model_copy(update={"text": _without(block.text, found)})


def ensure_settable(sheet: Sheet) -> None:
    """Refuse what would keep the typesetting busy without end.

    Raises SheetTooLarge.
    """
    blocks = sheet.text
    if len(blocks) > MAX_BLOCKS:
        raise SheetTooLarge(f"正文超过 {MAX_BLOCKS} 段，不能排版。请把附录改为附件另发。")
    if sum(map(len, _texts(blocks))) > MAX_CHARACTERS:
        raise SheetTooLarge(f"正文超过 {MAX_CHARACTERS} 字，不能排版。请把附录改为附件另发。")
    cells = sum(len(row) for block in blocks if isinstance(block, Table) for row in block.rows)
    if cells > MAX_CELLS:
        raise SheetTooLarge(f"正文表格超过 {MAX_CELLS} 格，不能排版。请把表格改为附件另发。")
    others = (
        *(sheet.letterhead, sheet.title, sheet.signature_unit, sheet.note or ""),
        *(sheet.number or "", sheet.urgency or "", sheet.copy_number or "", sheet.printed_by),
        *(*sheet.signatories, *sheet.main_recipients, *sheet.copy_recipients, *sheet.attachments),
        *(*sheet.letterheads, *sheet.issuers, *sheet.posts, sheet.mark or ""),
        *(sheet.present, sheet.excused, sheet.observers),
    )
    if sum(map(len, others)) > MAX_HEAD_CHARACTERS * 4 or len(sheet.title) > MAX_HEAD_CHARACTERS:
        raise SheetTooLarge("标题、主送、抄送、附件名称等要素过长，不能排版。请核对后重试。")


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row)
        elif isinstance(block, Image):
            yield block.alt
        elif not isinstance(block, PageBreak):
            yield block.text
