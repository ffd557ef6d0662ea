"""A text as plain lines: for reading, searching, comparing, and for pages without script."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from app.documents.refusals import refuse_with
from app.documents.text.blocks import Block, Image, Paragraph, Stored, Table, Title

APPENDED = "# "
"""Begins the line of a title."""


def from_lines(text: str) -> tuple[Block, ...]:
    """One block to a line; ``plain`` gives the same text back."""
    return tuple(_of_line(line) for line in text.split("\n")) if text else ()


def of_stored(value: str | Stored) -> tuple[Block, ...]:
    """The blocks of what the database or a version holds; a string is a text of lines."""
    return from_lines(value) if isinstance(value, str) else _adapter().validate_python(value)


def plain(blocks: Sequence[Block]) -> str:
    """The text, one line to a paragraph, a title or a row of a table."""
    return "\n".join(line for block in blocks for line in _lines(block))


def retyped(text: str, before: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks of a text that was changed as plain lines.

    Tables, pictures and headings set by hand keep their place by their own lines. Refused, as
    inside a validator, when the lines of one of them were changed: a line has no columns.
    """
    lines = text.split("\n") if text else []
    found: list[Block] = []
    place = 0
    kept = [block for block in before if not _is_plain(block)]
    for i, block in enumerate(kept):
        own = _lines(block)
        start = _find(own, lines[: _reach(kept[i:], lines, place)], place)
        if start is None and not isinstance(block, Paragraph):
            refuse_with(
                "正文里的表格、图片和分页只能在编辑器里修改、移动或者删除。"
                "请保持以“｜”“［”开头的行不变，或者换用编辑器。"
            )
        if start is not None:
            found += [*map(_of_line, lines[place:start]), block]
            place = start + len(own)
    return (*found, *map(_of_line, lines[place:]))


def _reach(kept: Sequence[Block], lines: list[str], place: int) -> int:
    """How far the first of these may lie: a heading not behind the table that follows it."""
    after = next((block for block in kept if not isinstance(block, Paragraph)), kept[0])
    if after is kept[0]:
        return len(lines)
    found = _find(_lines(after), lines, place)
    return len(lines) if found is None else found


def _lines(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    if isinstance(block, Title):
        return [APPENDED + block.text]
    if isinstance(block, Table):
        return [_row([cell.text for cell in row]) for row in block.rows]
    if isinstance(block, Image):
        return [f"［图片 {block.alt} {block.sha256[:8]}］"]
    return ["［分页］"]


def _row(cells: list[str]) -> str:
    words = "｜".join(text.replace("\n", "↵") for text in cells)
    return f"｜{words}｜"


def _of_line(line: str) -> Block:
    if line.startswith(APPENDED):
        return Title(type="title", text=line.removeprefix(APPENDED))
    return Paragraph(type="paragraph", text=line)


def _is_plain(block: Block) -> bool:
    if isinstance(block, Paragraph):
        return block.level is None and not block.text.startswith(APPENDED)
    return isinstance(block, Title)


def _find(own: list[str], lines: list[str], start: int) -> int | None:
    places = range(start, len(lines) - len(own) + 1)
    return next((i for i in places if lines[i : i + len(own)] == own), None)


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(tuple[Block, ...])
