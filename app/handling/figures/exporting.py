"""The tables as files: CSV for any program, XLSX for a spreadsheet. Numbers are numbers."""

import io
from collections.abc import Iterator, Sequence

import xlsxwriter

from app.documents import tables
from app.documents.tables import Cell
from app.handling.figures.tables import Figures, Tables

HEAD = (
    *("名称", "所属", "件次", "按时", "超时", "到期未办"),
    *("总用时（分钟）", "平均用时（分钟）", "最长用时（分钟）"),
    *("总超时（分钟）", "平均超时（分钟）", "最长超时（分钟）", "未按时查收"),
)
SHEETS = {"units": "单位", "departments": "部门", "people": "人员", "kinds": "文种"}


def sheets(found: Tables) -> Iterator[tuple[str, Sequence[Figures]]]:
    """Names of the tables that are not empty, each with its lines and the sum."""
    totals = {
        "departments": found.total,
        "people": found.total_handled,
        "kinds": found.total_of_kinds,
    }
    for name, label in SHEETS.items():
        lines: Sequence[Figures] = getattr(found, name)
        if lines:
            yield label, lines if name == "units" else [*lines, totals[name]]


def as_csv(found: Tables) -> bytes:
    """One table below the other, told apart by the first column; see ``tables.as_csv``."""
    lines = ((label, *_cells(line)) for label, found_in in sheets(found) for line in found_in)
    return tables.as_csv([("统计口径", *HEAD), *lines])


def as_xlsx(found: Tables) -> bytes:
    """A sheet for each table."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        for label, lines in sheets(found):
            sheet = book.add_worksheet(label)
            sheet.write_row(0, 0, HEAD, bold)
            for place, line in enumerate(lines, 1):
                sheet.write_row(place, 0, _cells(line))
            sheet.set_column(0, 1, 20)
            sheet.set_column(2, len(HEAD) - 1, 15)
            sheet.freeze_panes(1, 1)
    return written.getvalue()


def _cells(line: Figures) -> tuple[Cell, ...]:
    return (
        *(line.label, line.of, line.items, line.on_time, line.late),
        "" if line.waiting is None else line.waiting,
        *(line.minutes, line.average, line.longest),
        *(line.delay, line.average_delay, line.longest_delay),
        "" if line.missed is None else line.missed,
    )
