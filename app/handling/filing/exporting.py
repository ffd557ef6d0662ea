"""档案目录 as files: CSV for any program, XLSX for a spreadsheet."""

import io
from collections.abc import Sequence

import xlsxwriter

from app.documents import tables
from app.handling.filing.listing import Line

HEAD = (
    *("档号", "门类", "归档年度", "保管期限", "形成部门", "题名", "文号", "文种", "形成时间"),
    *("归档日期", "移交清单", "接收日期", "接收人", "状态"),
)
_WIDE = HEAD.index("题名")


def as_csv(found: Sequence[Line]) -> bytes:
    return tables.as_csv([HEAD, *map(_cells, found)])


def as_xlsx(found: Sequence[Line]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("档案目录")
        sheet.write_row(0, 0, HEAD, book.add_format({"bold": True}))
        for place, line in enumerate(found, 1):
            for column, cell in enumerate(_cells(line)):
                sheet.write_string(place, column, cell)
        sheet.set_column(0, len(HEAD) - 1, 14)
        sheet.set_column(_WIDE, _WIDE, 50)
        sheet.freeze_panes(1, 1)
    return written.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    return (
        *(line.reference, line.class_words, str(line.year), line.retention_words),
        *(line.department, line.title, line.number, line.kind, line.formed_on.isoformat()),
        line.filed_on.isoformat() if line.filed_on else "",
        line.transfer,
        line.accepted_on.isoformat() if line.accepted_on else "",
        *(line.accepted_by, line.state_words),
    )
