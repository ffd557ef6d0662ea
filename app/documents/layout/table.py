"""Tables: cells composed like the text, heads repeated; a wide one lies across pages (clause 8).

The standard gives a table no size of type. 4号 is taken, and a smaller one where a column would
not hold its words; a table that no size saves is turned, its head at the left edge of the paper:
the binding edge of odd pages, the cut edge of even ones. The page number stays in its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.documents.layout.composer import LOOSE_GAP, Line, compose
from app.documents.layout.errors import DoesNotFit
from app.documents.layout.markup import element, line_html
from app.documents.layout.pen import Pen
from app.documents.layout.units import Run, units_of
from app.documents.text import Cell, Table

ACROSS, DOWN = 156.0, 225.0  # mm of the type area
POINT = 25.4 / 72
SIZES = tuple(points * POINT for points in (14, 12))
TURNED_SIZES = tuple(points * POINT for points in (14, 12, 10.5))
LINE = 1.4  # em from line to line in a cell
BESIDE, ABOVE = 1.0, 0.6  # mm between the words and the rule
RULE = 0.25  # mm
COMFORTABLE = 4.0  # em that a column should hold before the words in it are wrapped
HEAD_FACE, FACE = "hei", "fangsong"
TURN_ROOM = 0.2  # mm left free, so that rounding never makes another page


@dataclass(frozen=True)
class _Shape:
    """How a table is set: ``width`` mm in all, ``size`` mm of the type, turned or not."""

    table: Table
    width: float
    size: float
    turned: bool = False

    @property
    def columns(self) -> tuple[float, ...]:
        parts = self.table.widths or (1.0,) * self.table.columns
        return tuple(self.width * part / sum(parts) for part in parts)

    def room(self, column: int, cell: Cell) -> float:
        """Em for the words of a cell that begins in the column."""
        width = sum(self.columns[column : column + cell.across])
        return max(1.0, (width - 2 * BESIDE - RULE) / self.size)


@dataclass(frozen=True)
class _Row:
    """HTML of the cells of a row, and its height in mm as far as one row alone decides."""

    html: str
    height: float
    opens: int  # rows that its cells reach down, itself counted


def table_html(table: Table, pen: Pen, name: str = "") -> list[str]:
    """One block, or one for each page that is turned. Raises DoesNotFit for a row too high."""
    shape = _shape(table, pen)
    rows = [_row(shape, i, places, pen) for i, places in enumerate(_places(table))]
    if not shape.turned:
        return [_element(shape, rows[: table.head], rows[table.head :], name)]
    return [
        _turned(_element(shape, rows[: table.head], page, ""), name if i == 0 else "")
        for i, page in enumerate(_pages(rows[: table.head], rows[table.head :]))
    ]


def _shape(table: Table, pen: Pen) -> _Shape:
    upright = [_Shape(table, ACROSS, size) for size in SIZES]
    turned = [_Shape(table, DOWN - TURN_ROOM, size, turned=True) for size in TURNED_SIZES]
    asked = [(c, cell, _wanted(cell, pen)) for row in _places(table) for c, cell in row]
    for shape in (*upright, *turned):
        if all(wanted <= shape.room(column, cell) for column, cell, wanted in asked):
            return shape
    return turned[-1]


def _wanted(cell: Cell, pen: Pen) -> float:
    """Em that the cell asks for: its longest word, and a few characters before it wraps."""
    wanted = 0.0
    for text in cell.text.split("\n"):
        units = units_of([Run(text, FACE)], pen)
        whole = sum(unit.width for unit in units)
        wanted = max(wanted, min(COMFORTABLE, whole), *(unit.width for unit in units), 0.0)
    return wanted


def _places(table: Table) -> Iterator[list[tuple[int, Cell]]]:
    """The cells of each row with the column where they begin."""
    hanging = [0] * table.columns
    for row in table.rows:
        free = [i for i, rows in enumerate(hanging) if not rows]
        hanging = [max(rows - 1, 0) for rows in hanging]
        placed = []
        for cell in row:
            columns, free = free[: cell.across], free[cell.across :]
            placed.append((columns[0], cell))
            for column in columns:
                hanging[column] = cell.down - 1
        yield placed


def _row(shape: _Shape, index: int, places: list[tuple[int, Cell]], pen: Pen) -> _Row:
    head = index < shape.table.head
    cells, height = "", shape.size * LINE
    for column, cell in places:
        lines = _lines(cell, shape.room(column, cell), pen, head=head)
        if cell.down == 1:
            height = max(height, len(lines) * shape.size * LINE)
        cells += _cell(cell, lines, pen, head=head)
    opens = max((cell.down for _, cell in places), default=1)
    return _Row(f"<tr>{cells}</tr>", height + 2 * ABOVE + RULE, opens)


def _lines(cell: Cell, room: float, pen: Pen, *, head: bool) -> list[Line]:
    face = HEAD_FACE if head else FACE
    return [
        _as_aligned(line, cell, head=head)
        for text in cell.text.split("\n")
        for line in compose([Run(text, face)], pen, width=room, indent=0)
    ]


def _as_aligned(line: Line, cell: Cell, *, head: bool) -> Line:
    """Only the lines of a text flush on both sides are spread, and not where it would be seen."""
    spread = cell.align == "left" and not head and line.gap <= LOOSE_GAP
    return line if spread else replace(line, gap=min(line.gap, 0.0))


def _cell(cell: Cell, lines: list[Line], pen: Pen, *, head: bool) -> str:
    tag = "th" if head else "td"
    spans = f' colspan="{cell.across}"' if cell.across > 1 else ""
    spans += f' rowspan="{cell.down}"' if cell.down > 1 else ""
    align = "center" if head and cell.align == "left" else cell.align
    content = "".join(line_html(line, pen, classes="cell-line") for line in lines)
    return f'<{tag} class="{align}"{spans}>{content}</{tag}>'


def _element(shape: _Shape, head: list[_Row], body: list[_Row], name: str) -> str:
    columns = "".join(f'<col style="width:{width:.3f}mm">' for width in shape.columns)
    above = f"<thead>{''.join(row.html for row in head)}</thead>" if head else ""
    rows = "".join(row.html for row in body)
    style = f"width:{shape.width:.3f}mm;font-size:{shape.size:.4f}mm;line-height:{LINE}em"
    called = f' id="{name}"' if name else ""
    return (
        f'<table class="table"{called} style="{style}"><colgroup>{columns}</colgroup>'
        f"{above}<tbody>{rows}</tbody></table>"
    )


def _pages(head: list[_Row], body: list[_Row]) -> list[list[_Row]]:
    """Rows of each turned page; rows that one cell joins stay together."""
    room = ACROSS - TURN_ROOM - RULE - sum(row.height for row in head)
    pages: list[list[_Row]] = [[]]
    used = 0.0
    for group in _groups(body):
        height = sum(row.height for row in group)
        if height > room:
            raise DoesNotFit(
                "正文中有横排的表格，其中一行（或者合并在一起的几行）超过一页的高度。"
                "请减少列数，或者拆分这些单元格后重试。"
            )
        if pages[-1] and used + height > room:
            pages.append([])
            used = 0.0
        pages[-1] += group
        used += height
    return pages


def _groups(rows: list[_Row]) -> Iterator[list[_Row]]:
    group: list[_Row] = []
    open_rows = 0
    for row in rows:
        group.append(row)
        open_rows = max(open_rows - 1, row.opens - 1)
        if open_rows == 0:
            yield group
            group = []
    if group:
        yield group


def _turned(content: str, name: str) -> str:
    return element(element(content, classes="turned"), classes="turned-page", name=name)
