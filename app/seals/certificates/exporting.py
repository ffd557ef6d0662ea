"""证书登记簿 as CSV and as a workbook (SIG-19)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.clock import SHANGHAI
from app.documents import tables
from app.seals.authority.lists import REASONS
from app.seals.certificates.queries import Row

HEAD = (
    *("序列号", "类别", "持有人", "单位", "状态", "生效", "到期"),
    *("冻结、撤销时间", "撤销原因", "签收", "载体"),
)
MOST = 20_000
_WIDTHS = (44, 10, 24, 18, 10, 18, 18, 18, 20, 8, 10)


def as_csv(found: Sequence[Row]) -> bytes:
    return tables.as_csv([HEAD, *_lines(found)])


def as_workbook(found: Sequence[Row]) -> bytes:
    return tables.as_xlsx([tables.Sheet("证书登记簿", HEAD, _lines(found), _WIDTHS)])


def _lines(found: Sequence[Row]) -> Iterator[Sequence[str]]:
    for row in found:
        yield (
            *(row.serial, row.role_words, row.holder, row.unit, row.state_words),
            *(_moment(row.not_before), _moment(row.not_after), _moment(row.since)),
            *(REASONS.get(row.revocation, ""), "已签收" if row.accepted else "未签收"),
            "待交回" if row.returning else "",
        )


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
