"""What the reader found in a Word file, and how it becomes blocks of a text."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest
from math import gcd
from typing import Any

from pydantic import ValidationError

from app.documents import wording
from app.documents.paragraphs import LONGEST_HEADING, paragraphs
from app.documents.text import Block, Image, PageBreak, Paragraph, Table, Title
from app.documents.word import names

BLANKS = " \t\u3000\xa0"
LARGE = 18.0
"""Points of type from which a centred line is a title: 2号 is 22, 小二 is 18, 3号 is 16."""

EQUAL = 20
"""Twentieths of a point by which columns of one width may differ, because programs round."""

_LEVELS = {style: level for level, style in names.LEVELS.items()}


@dataclass(frozen=True)
class Item:
    """One paragraph, table, picture or page break of the file, in its order.

    text    may hold line feeds where the line was broken by hand
    style   name of its style
    size    points of the largest type in it
    heading 1 to 9 of a heading by its style, 0 of others
    own     what a table or picture has, as the reader says it
    """

    kind: str
    text: str = ""
    style: str = ""
    align: str = "left"
    size: float = 0.0
    heading: int = 0
    numbered: bool = False
    own: Mapping[str, Any] | None = None

    @property
    def ours(self) -> bool:
        return self.style.startswith(names.OURS)

    @property
    def line(self) -> str:
        """The words without the blanks around them; "" of anything but a paragraph."""
        return self.text.strip(BLANKS + "\n") if self.kind == "paragraph" else ""

    @property
    def blank(self) -> bool:
        return self.kind == "paragraph" and not self.line

    @property
    def as_title(self) -> bool:
        """Set as a title is set: large and in the middle, or by a style of that name."""
        by_style = self.style.casefold() in ("title", "标题")
        large = self.align == "center" and self.size >= LARGE
        return bool(self.line) and not self.numbered and (by_style or large)


def of_reader(found: Iterable[Mapping[str, Any]]) -> list[Item]:
    return [_item(each) for each in found]


def _item(found: Mapping[str, Any]) -> Item:
    if found["kind"] != "paragraph":
        own = {name: value for name, value in found.items() if name not in ("kind", "style")}
        return Item(found["kind"], style=found.get("style", ""), own=own)
    fields = ("text", "style", "align", "size", "heading", "numbered")
    return Item("paragraph", **{name: found[name] for name in fields if name in found})


def blocks(items: Sequence[Item], kept: Collection[str]) -> tuple[list[Block], list[str]]:
    """The blocks, and the first words of each table that could only be kept as lines.

    kept  hashes of the pictures that the store has
    """
    found: list[Block] = []
    as_lines: list[str] = []
    for item in _without_doubled_breaks(items):
        if item.kind == "table":
            table = _table(item)
            if table is None:
                lines = _rows(item)
                as_lines.append(next(iter(lines), ""))
                found += [_paragraph(line) for line in lines]
            else:
                found.append(table)
        else:
            found += _of_item(item, kept)
    return found, as_lines


def _of_item(item: Item, kept: Collection[str]) -> list[Block]:
    if item.kind == "page_break":
        return [PageBreak(type="page_break")]
    if item.kind == "picture":
        own = dict(item.own or {})
        return [Image(type="image", **own)] if own["sha256"] in kept else []
    if item.style == names.APPENDED or (not item.ours and item.as_title):
        text = item.text if item.ours else item.line.replace("\n", "")
        return [Title(type="title", text=showable(text))]
    if item.ours:
        return [_paragraph(line, _LEVELS.get(item.style)) for line in item.text.split("\n")]
    return [_paragraph(line.strip(BLANKS), _level(item)) for line in item.text.split("\n")]


def _paragraph(text: str, level: int | None = None) -> Block:
    return Paragraph(type="paragraph", text=showable(text), level=level)


def _level(item: Item) -> int | None:
    """That of a heading by style, unless its numbering says it already."""
    if not 1 <= item.heading <= 4 or not 0 < len(item.line) <= LONGEST_HEADING:
        return None
    by_number = paragraphs((Paragraph(type="paragraph", text=item.line.replace("\n", " ")),))
    return None if by_number[0].level or by_number[0].part != "text" else item.heading


def showable(text: str) -> str:
    """Without control characters, which no text may hold."""
    allowed = "\t\u2028\u2029\n"
    if wording.control_character(text, allowed=allowed) is None:
        return text
    return "".join(each for each in text if not wording.control_character(each, allowed=allowed))


def _table(item: Item) -> Table | None:
    own = item.own or {}
    cells = [[_cell(cell, item.style == names.TABLE) for cell in row] for row in own["rows"]]
    try:
        return Table.model_validate(
            {"type": "table", "rows": cells, "head": own["head"], "widths": _widths(own["widths"])}
        )
    except ValidationError:
        return None


def _cell(cell: Mapping[str, Any], ours: bool) -> dict[str, Any]:
    text = cell["text"]
    if not ours:
        text = "\n".join(line.strip(BLANKS) for line in text.split("\n")).strip("\n")
    return {**cell, "text": showable(text)}


def _widths(widths: list[int]) -> list[int]:
    """In their lowest terms; none when all are the same."""
    if not widths or max(widths) - min(widths) <= EQUAL:
        return []
    common = reduce(gcd, widths)
    return [min(width // common, 10_000) for width in widths]


def _rows(item: Item) -> list[str]:
    rows = (item.own or {}).get("rows", ())
    lines = ("　".join(cell["text"].replace("\n", " ") for cell in row).strip() for row in rows)
    return [line for line in lines if line]


def _without_doubled_breaks(items: Sequence[Item]) -> list[Item]:
    """The title of an appended text begins a page by itself."""
    return [
        item
        for item, after in zip_longest(items, items[1:])
        if not (item.kind == "page_break" and after is not None and _begins_page(item, after))
    ]


def _begins_page(item: Item, after: Item) -> bool:
    if after.style == names.APPENDED:
        return item.style == names.APPENDED
    return not item.ours and after.kind == "paragraph" and after.as_title
