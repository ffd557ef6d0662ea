"""The tables as files: CSV for any program, XLSX for a spreadsheet. Numbers are numbers."""

from collections.abc import Iterator, Sequence

from app.documents import tables
from app.documents.tables import Cell, Sheet
from app.handling.figures.tables import Figures, Tables

HEAD = (
    *("名称", "所属", "件次", "按时", "超时", "到期未办"),
    *("总用时（分钟）", "平均用时（分钟）", "最长用时（分钟）"),
    *("总超时（分钟）", "平均超时（分钟）", "最长超时（分钟）", "未按时查收"),
)
_WIDTHS = (20, 20, *([15] * (len(HEAD) - 2)))
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
    return tables.as_xlsx(
        Sheet(label, HEAD, map(_cells, lines), _WIDTHS) for label, lines in sheets(found)
    )


def _cells(line: Figures) -> tuple[Cell, ...]:
    return (
        *(line.label, line.of, line.items, line.on_time, line.late),
        "" if line.waiting is None else line.waiting,
        *(line.minutes, line.average, line.longest),
        *(line.delay, line.average_delay, line.longest_delay),
        "" if line.missed is None else line.missed,
    )
