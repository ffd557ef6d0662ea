"""Tables as CSV for any program."""

import csv
import io
from collections.abc import Iterable, Sequence

Cell = str | int


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, for Excel."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    """A name that a spreadsheet would take for a formula is kept as a text."""
    text = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if text else cell
