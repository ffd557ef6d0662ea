"""Tables: a grid with merged cells, from rows that only say what continues from above."""

from collections.abc import Callable
from typing import Any

from .xml import WORD, is_on, value, whole, within

MOST_HEAD = 10
CENTRED, RIGHT = ("center", "distribute"), ("right", "end")

Cell = dict[str, Any]
Read = Callable[[Any], tuple[str, str]]
"""Text and place (left, center, right) of a cell."""


def read_table(table: Any, read_cell: Read, at_row: Callable[[int], None]) -> dict[str, Any]:
    """Rows of cells with ``across`` and ``down``; blanks fill what a row leaves out.

    at_row  told the number of each row, from 1, before its cells are read
    """
    rows = [row for row in within(table, "tr") if not _is_gone(row)]
    grid: list[list[tuple[int, Cell, bool]]] = []
    for number, row in enumerate(rows, start=1):
        at_row(number)
        grid.append(_cells(row, read_cell))
    columns = max((place + cell["across"] for row in grid for place, cell, _ in row), default=0)
    head = 0
    while head < min(len(rows), MOST_HEAD) and is_on(rows[head], "trPr/tblHeader"):
        head += 1
    return {
        "rows": _joined(grid, columns),
        "head": head,
        "widths": _widths(table, columns),
    }


def _is_gone(row: Any) -> bool:
    """Taken off by a tracked change."""
    return row.find(f"{WORD}trPr/{WORD}del") is not None


def _cells(row: Any, read_cell: Read) -> list[tuple[int, Cell, bool]]:
    """(column, cell, continues the one above) of each cell of a row."""
    place = whole(value(row, "trPr/gridBefore"))
    found = []
    for cell in within(row, "tc"):
        across = max(1, whole(value(cell, "tcPr/gridSpan"), 1))
        merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
        below = merged is not None and merged.get(WORD + "val", "continue") != "restart"
        text, align = read_cell(cell)
        found.append((place, {"text": text, "across": across, "down": 1, "align": align}, below))
        place += across
    return found


def _joined(grid: list[list[tuple[int, Cell, bool]]], columns: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    above: dict[int, Cell] = {}  # by column, the cells that the row above ends with
    for row in grid:
        present: dict[int, Cell] = {}
        kept: list[tuple[int, Cell]] = []
        for place, cell, below in row:
            owner = above.get(place) if below else None
            if owner is not None and owner["across"] == cell["across"]:
                owner["down"] += 1
                owner["text"] = "\n".join(filter(None, (owner["text"], cell["text"])))
                present[place] = owner
            else:
                present[place] = cell
                kept.append((place, cell))
        rows.append([cell for _, cell in _filled(kept, present, columns)])
        above = present
    return rows


def _filled(
    kept: list[tuple[int, Cell]], present: dict[int, Cell], columns: int
) -> list[tuple[int, Cell]]:
    """With blank cells where the row has none, before its first and after its last."""
    taken = {place + i for place, cell in present.items() for i in range(cell["across"])}
    blanks = [place for place in range(columns) if place not in taken]
    filled = [(place, {"text": "", "across": 1, "down": 1, "align": "left"}) for place in blanks]
    return sorted(kept + filled, key=lambda each: each[0])


def _widths(table: Any, columns: int) -> list[int]:
    """Twentieths of a point; empty where the grid does not say."""
    grid = table.find(f"{WORD}tblGrid")
    columns_of = () if grid is None else within(grid, "gridCol")
    widths = [whole(each.get(WORD + "w")) for each in columns_of]
    return widths if len(widths) == columns and all(width > 0 for width in widths) else []


def align_of(word: str | None) -> str:
    if word in CENTRED:
        return "center"
    return "right" if word in RIGHT else "left"
