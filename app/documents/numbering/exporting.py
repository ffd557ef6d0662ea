"""A 登记簿 as a table: the columns that its files share, and the CSV."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.clock import SHANGHAI
from app.documents import tables
from app.documents.numbering.forms import FORMS
from app.documents.numbering.register import STATES, Line, Register

HEAD = (
    *("发文字号", "状态", "标题", "文种", "签发人", "主题词", "份数", "校对"),
    *("经办人", "时间", "用途或原因"),
)


def rows(found: Register) -> Iterator[Sequence[str]]:
    """One row for each number, in their order: none is missing, none is there twice (NUM-02)."""
    for line in found.lines:
        yield (
            *(line.text, line.label, line.title, line.kind, line.signatory),
            *(line.keywords, line.copies, line.proofreader),
            *(line.by, _moment(line.at), _words(line)),
        )


def as_csv(found: Register) -> bytes:
    return tables.as_csv([HEAD, *rows(found)])


def title(found: Register) -> str:
    """The words that name the book, on its page and in the names of its files."""
    year = f"{found.year}年" if FORMS[found.form].yearly else ""
    return f"{found.name}（{found.code}）{year}发文字号登记簿"


def summary(found: Register) -> str:
    """共 58 号：使用 40 号，作废 1 号 …"""
    said = [f"{STATES[state]} {count} 号" for state, count in found.counts.items()]
    return f"共 {len(found.lines)} 号" + (f"：{'，'.join(said)}" if said else "")


def _words(line: Line) -> str:
    return line.words if line.until is None else f"{line.words}（预留到{line.until}）"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
