"""Tables as CSV for any program, and as workbooks for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

Cell = str | int


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; ``widths``: of its columns, in characters, as many as ``head``."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int]


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, for Excel."""
    written = io.StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A text stays a text, also one of digits or one that looks like a formula."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for each in sheets:
            sheet, last = book.add_worksheet(each.name), 1
            for column, (word, width) in enumerate(zip(each.head, each.widths, strict=True)):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, word, bold)
            for last, row in enumerate(each.rows, start=1):
                for column, cell in enumerate(row):
                    write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                    write(last, column, cell)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, last, len(each.head) - 1)
    return written.getvalue()


def _harmless(cell: Cell) -> Cell:
    """A name that a spreadsheet would take for a formula is kept as a text."""
    text = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if text else cell
