"""档案目录 as files: CSV for any program, XLSX for a spreadsheet."""

from collections.abc import Sequence

from app.documents import tables
from app.handling.filing.listing import Line

HEAD = (
    *("档号", "门类", "归档年度", "保管期限", "形成部门", "题名", "文号", "文种", "形成时间"),
    *("归档日期", "移交清单", "接收日期", "接收人", "状态"),
)
_WIDTHS = tuple(50 if each == "题名" else 14 for each in HEAD)


def as_csv(found: Sequence[Line]) -> bytes:
    return tables.as_csv([HEAD, *map(_cells, found)])


def as_xlsx(found: Sequence[Line]) -> bytes:
    return tables.as_xlsx([tables.Sheet("档案目录", HEAD, map(_cells, found), _WIDTHS)])


def _cells(line: Line) -> tuple[str, ...]:
    return (
        *(line.reference, line.class_words, str(line.year), line.retention_words),
        *(line.department, line.title, line.number, line.kind, line.formed_on.isoformat()),
        line.filed_on.isoformat() if line.filed_on else "",
        line.transfer,
        line.accepted_on.isoformat() if line.accepted_on else "",
        *(line.accepted_by, line.state_words),
    )
