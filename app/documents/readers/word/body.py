"""The body of a Word file as items in order: paragraphs, tables, pictures, page breaks."""

import re
from typing import Any

from .inline import Inline, Piece, size_of
from .losses import Losses
from .numbering import Numbering
from .styles import Styles
from .tables import align_of, read_table
from .xml import AROUND, WORD, is_on, name, value, whole, within

Item = dict[str, Any]
EXCERPT = 10
BETWEEN = "　"
"""Parts the cells of a table that stands inside of a cell."""


class Body:
    """Reads each paragraph once and in order, because their numbers are counted on the way."""

    def __init__(
        self, styles: Styles, numbering: Numbering, inline: Inline, losses: Losses
    ) -> None:
        self._styles, self._numbering = styles, numbering
        self._inline, self._losses = inline, losses
        self._items: list[Item] = []
        self._carried: list[Piece] = []
        self._paragraphs = self._tables = 0

    def read(self, body: Any) -> list[Item]:
        self._blocks(body)
        if self._carried:
            self._put(self._carried, {"style": "", "align": "left", "size": 0.0, "heading": 0})
        return self._items

    def _blocks(self, parent: Any) -> None:
        for child in parent:
            found = name(child)
            if found == "p":
                self._paragraph(child)
            elif found == "tbl":
                self._table(child)
            elif found == "altChunk":
                self._losses.add("embedded")
            elif found == "sdt" and _is_contents(child):
                self._losses.add("contents", once=True)
            elif found in AROUND:
                self._blocks(child)

    def _paragraph(self, paragraph: Any) -> None:
        style = value(paragraph, "pPr/pStyle")
        style_name = self._styles.name(style)
        if re.match("toc [0-9]|目录", style_name, re.IGNORECASE):
            self._losses.add("contents", once=True)
            return
        self._step_on(paragraph)
        pieces = [*self._carried, *self._inline.pieces(paragraph)]
        self._carried = []
        if is_on(paragraph, "pPr/rPr/del"):
            self._losses.add("tracked", once=True)
            self._carried = pieces
            return
        label = self._label(paragraph, style)
        if label:
            pieces.insert(0, Piece("text", label))
        own = {
            "style": style_name,
            "align": align_of(value(paragraph, "pPr/jc") or self._styles.align(style)),
            "size": self._size(paragraph, style),
            "heading": _heading(style_name),
            "numbered": bool(label),
        }
        if is_on(paragraph, "pPr/pageBreakBefore") or self._styles.breaks_before(style):
            self._items.append({"kind": "page_break", "style": style_name})
        self._put(pieces, own)
        self._section(paragraph)

    def _step_on(self, paragraph: Any) -> None:
        words = "".join(paragraph.itertext(f"{WORD}t")).strip()
        if words:
            self._paragraphs += 1
        more = "…" if len(words) > EXCERPT else ""
        excerpt = f"“{words[:EXCERPT]}{more}”" if words else ""
        self._losses.place = f"第 {max(self._paragraphs, 1)} 段{excerpt}"

    def _size(self, paragraph: Any, style: str | None) -> float:
        """Of the largest type in it."""
        sizes = [size_of(run, self._styles, style) or 0.0 for run in within(paragraph, "r")]
        return max(sizes, default=self._styles.size(style))

    def _label(self, paragraph: Any, style: str | None) -> str:
        own = value(paragraph, "pPr/numPr/numId")
        level = value(paragraph, "pPr/numPr/ilvl")
        if own is not None:
            place = whole(level) if level else self._numbering.level_of_style(own, style or "")
            return self._counted(own, place)
        found = self._styles.list_of(style)
        if found is None:
            return ""
        number, level, by = found
        return self._counted(
            number, whole(level) if level else self._numbering.level_of_style(number, by)
        )

    def _counted(self, number: str, level: int) -> str:
        label = self._numbering.label(number, level)
        if label:
            self._losses.add("numbered", label, once=True)
        return label

    def _put(self, pieces: list[Piece], own: Item) -> None:
        """A paragraph; pictures and page breaks in it part it. Line ends stay in the text."""
        text, parted = "", False
        for piece in pieces:
            if piece.kind == "text":
                text += piece.text
            elif piece.kind == "line":
                text += "\n"
            else:
                if text:
                    self._items.append({"kind": "paragraph", "text": text, **own})
                text, parted = "", True
                found = piece.picture
                self._items.append(
                    {"kind": "picture", **found}
                    if found
                    else {"kind": "page_break", "style": own["style"]}
                )
        if text or not parted:
            self._items.append({"kind": "paragraph", "text": text, **own})

    def _section(self, paragraph: Any) -> None:
        section = paragraph.find(f"{WORD}pPr/{WORD}sectPr")
        if section is None:
            return
        turned = value(section, "pgSz", "orient") == "landscape"
        if turned or whole(value(section, "cols", "num"), 1) > 1:
            self._losses.add("section", "横向页面" if turned else "分栏")
        if value(section, "type") != "continuous":
            self._items.append({"kind": "page_break", "style": ""})

    def _table(self, table: Any) -> None:
        self._tables += 1
        number = self._tables

        def at_row(row: int) -> None:
            self._losses.place = f"第 {number} 个表格第 {row} 行"

        found = read_table(table, self._cell, at_row)
        style = self._styles.name(value(table, "tblPr/tblStyle"))
        self._items.append({"kind": "table", "style": style, **found})

    def _cell(self, cell: Any) -> tuple[str, str]:
        """Its lines, and the place of the first of them."""
        paragraphs = list(within(cell, "p"))
        lines = [self._line(each) for each in within(cell, "p", "tbl")]
        first = paragraphs[0] if paragraphs else cell
        align = value(first, "pPr/jc") or self._styles.align(value(first, "pPr/pStyle"))
        return "\n".join(lines), align_of(align)

    def _line(self, element: Any) -> str:
        if name(element) == "tbl":
            self._losses.add("nested", once=True)
            rows = within(element, "tr")
            cells = ([self._cell(each)[0] for each in within(row, "tc")] for row in rows)
            return "\n".join(BETWEEN.join(row) for row in cells)
        label = self._label(element, value(element, "pPr/pStyle"))
        return label + "".join(self._text(each) for each in self._inline.pieces(element))

    def _text(self, piece: Piece) -> str:
        if piece.kind == "picture":
            self._losses.add("picture", "表格里不能放图片")
            return ""
        return "\n" if piece.kind == "line" else piece.text


def _is_contents(element: Any) -> bool:
    """目录, which Word keeps in a box of its own."""
    found = element.find(f"{WORD}sdtPr/{WORD}docPartObj/{WORD}docPartGallery")
    return found is not None and found.get(WORD + "val") == "Table of Contents"


def _heading(style_name: str) -> int:
    found = re.fullmatch("(?:heading|标题) ?([1-9])", style_name, re.IGNORECASE)
    return int(found[1]) if found else 0
