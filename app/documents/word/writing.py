"""Paragraphs, tables and pictures put into a Word file."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as WordParagraph

from app.documents.text import Cell, Table
from app.documents.word import names
from app.documents.word.styles import child, set_face

WIDTH = 8844
"""Twentieths of a point of the type area, 156 mm."""

ALMOST = 20
"""Twentieths of a point that a table may be narrower than the text."""

_UNWRITABLE = re.compile("[\ufffe\uffff]")
"""What XML cannot hold and no control character is."""

Run = tuple[str, str]
"""Text, and its face where it is not that of the style."""


def add(document: Document, style: str, *runs: Run | str) -> WordParagraph:
    """A paragraph at the end; line feeds in it are line ends by hand."""
    paragraph = document.add_paragraph()
    paragraph._p.style = style  # its id, which is its name; looking each one up takes long
    for run in runs:
        text, face = (run, "") if isinstance(run, str) else run
        if text:
            written = paragraph.add_run(_UNWRITABLE.sub("", text))
            if face:
                set_face(written._r.get_or_add_rPr(), face)
    return paragraph


def add_table(document: Document, table: Table) -> None:
    widths = column_widths(table.widths, table.columns)
    element = begin_table(document, names.TABLE, widths)
    for number, (row, cells) in enumerate(zip(table.rows, _laid_out(table), strict=True)):
        line = child(element, "w:tr")
        properties = child(line, "w:trPr")
        if len(row) == len(cells):
            child(properties, "w:cantSplit")
        if number < table.head:
            child(properties, "w:tblHeader")
        for column, cell, begins in cells:
            width = sum(widths[column : column + cell.across])
            merge = ("restart" if begins else "continue") if cell.down > 1 else ""
            text = cell.text if begins else ""
            line.append(cell_of(text, width, cell.across, merge, cell.align, document, names.CELL))


def indent(paragraph: WordParagraph, **sides: int) -> None:
    """Indents in twentieths of a point."""
    properties = paragraph._p.get_or_add_pPr()
    found = properties.get_or_add_ind()
    for side, twentieths in sides.items():
        found.set(qn(f"w:{side}"), str(twentieths))


def begin_table(document: Document, style: str, widths: Sequence[int]) -> Any:
    """An empty table at the end, and behind it the paragraph that parts it from the next."""
    gap = add(document, names.GAP)
    element: Any = OxmlElement("w:tbl")
    gap._p.addprevious(element)
    properties = child(element, "w:tblPr")
    child(properties, "w:tblStyle", val=style)
    child(properties, "w:tblW", w=sum(widths), type="dxa")
    child(properties, "w:jc", val="center")
    child(properties, "w:tblLayout", type="fixed")
    grid = child(element, "w:tblGrid")
    for width in widths:
        child(grid, "w:gridCol", w=width)
    return element


def cell_of(
    text: str,
    width: int,
    across: int,
    merge: str,
    align: str,
    document: Document,
    style: str,
) -> Any:
    """``merge``: restart of a cell that goes on below, continue of what it covers, else empty."""
    cell = OxmlElement("w:tc")
    properties = child(cell, "w:tcPr")
    child(properties, "w:tcW", w=width, type="dxa")
    if across > 1:
        child(properties, "w:gridSpan", val=across)
    if merge:
        child(properties, "w:vMerge", **({"val": merge} if merge == "restart" else {}))
    child(properties, "w:vAlign", val="center")
    for line in text.split("\n"):
        paragraph: Any = OxmlElement("w:p")
        cell.append(paragraph)
        own = child(paragraph, "w:pPr")
        child(own, "w:pStyle", val=style)
        if align != "left":
            child(own, "w:jc", val=align)
        WordParagraph(paragraph, document._body).add_run(_UNWRITABLE.sub("", line))
    return cell


def column_widths(parts: Sequence[int], columns: int) -> list[int]:
    """Twentieths of a point that keep the proportions of ``parts``; equal without them."""
    if not parts:
        return [WIDTH // columns] * columns
    whole, factor = sum(parts), WIDTH // sum(parts)
    if factor and WIDTH - whole * factor <= ALMOST:
        return [part * factor for part in parts]  # reads back as it was
    edges = [round(sum(parts[:i]) * WIDTH / whole) for i in range(len(parts) + 1)]
    return [max(1, end - begin) for begin, end in pairwise(edges)]


def _laid_out(table: Table) -> Iterable[list[tuple[int, Cell, bool]]]:
    """Of each row (column, cell, begins here), with the cells that cover it from above."""
    hanging: list[tuple[Cell, int] | None] = [None] * table.columns
    for row in table.rows:
        waiting, found = iter(row), []
        column = 0
        while column < table.columns:
            above = hanging[column]
            cell, left = above if above else (next(waiting), 0)
            found.append((column, cell, above is None))
            rest = (left if above else cell.down) - 1
            for place in range(column, column + cell.across):
                hanging[place] = (cell, rest) if rest else None
            column += cell.across
        yield found


def describe(picture: Any, words: str) -> None:
    """What a picture shows, for readers by ear."""
    for each in picture._inline.iter(qn("wp:docPr")):
        each.set("descr", words)
