"""用印登记 as a table: the columns that its files share, the CSV, and the printed register."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from app.clock import SHANGHAI
from app.documents import tables
from app.documents.layout.fonts import FontBook
from app.documents.layout.pen import Pen
from app.documents.layout.printing import printed
from app.errors import Invalid
from app.seals.registry.uses import Use, Wanted

HEAD = ("时间", "类别", "印章", "用印人", "公文或事项", "文号", "说明", "证书序列号", "失效")
STYLE = Path(__file__).with_name("uses.css")
MOST = 500
"""Lines of one print: more would take longer than a typesetting process may run."""


def rows(found: Sequence[Use]) -> Iterator[Sequence[str]]:
    for use in found:
        yield (
            *(_moment(use.at), use.label, use.seal, use.person, use.title, use.number),
            *(use.words, use.serial, use.ended),
        )


def as_csv(found: Sequence[Use]) -> bytes:
    return tables.as_csv([HEAD, *rows(found)])


def title(unit: str, wanted: Wanted) -> str:
    """The words that name the register, on its page and in the names of its files."""
    return f"{unit}用印登记（{wanted.since}至{wanted.until}）"


def as_pdf(found: Sequence[Use], unit: str, wanted: Wanted, at: datetime, fonts: FontBook) -> bytes:
    """The register as a PDF/A. Raises Invalid over MOST lines, GlyphMissing."""
    if len(found) > MOST:
        raise Invalid.at("until", f"一次最多打印 {MOST} 行，请缩短起止日期，分段打印。")
    pen = Pen(fonts)
    style = STYLE.read_text(encoding="utf-8")
    name = title(unit, wanted)
    return printed(name, unit, _body(found, name, at, pen), style, pen)


def _body(found: Sequence[Use], name: str, at: datetime, pen: Pen) -> str:
    said = "".join(
        f"<span>{pen.spans(text, 'fangsong')}</span>"
        for text in (f"共 {len(found)} 次", f"{_moment(at)} 打印")
    )
    head = "".join(_cell("th", place, text, pen, "hei") for place, text in enumerate(HEAD))
    lines = "".join(
        f"<tr>{''.join(_cell('td', p, text, pen, 'fangsong') for p, text in enumerate(row))}</tr>"
        for row in rows(found)
    )
    return (
        f"<h1>{pen.spans(name, 'biaosong')}</h1>"
        f'<div class="under">{said}</div>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _cell(tag: str, place: int, text: str, pen: Pen, face: str) -> str:
    return f'<{tag} class="c{place}">{pen.spans(text, face)}</{tag}>'


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
