"""A 登记簿 on paper: A4 landscape, with its head and the numbers of the pages on each."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.clock import SHANGHAI
from app.documents.layout.fonts import FontBook
from app.documents.layout.pen import Pen
from app.documents.layout.printing import printed
from app.documents.numbering.exporting import HEAD, rows, summary, title
from app.documents.numbering.register import Register
from app.errors import Invalid

STYLE = Path(__file__).with_name("register.css")
MOST = 500
"""Lines of one print: more would take longer than a typesetting process may run."""


def as_pdf(found: Register, unit: str, at: datetime, fonts: FontBook) -> bytes:
    """The book as a PDF/A; the same lines at the same moment give the same bytes.

    Raises Invalid over MOST lines, GlyphMissing for a character that no font has.
    """
    if len(found.lines) > MOST:
        raise Invalid.at("first", f"一次最多打印 {MOST} 个号，请填写起止号，分段打印。")
    pen = Pen(fonts)
    style = STYLE.read_text(encoding="utf-8")
    return printed(title(found), unit, _body(found, unit, at, pen), style, pen)


def _body(found: Register, unit: str, at: datetime, pen: Pen) -> str:
    moment = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 打印"
    head = "".join(_cell("th", place, text, pen, "hei") for place, text in enumerate(HEAD))
    lines = "".join(f"<tr>{_cells(row, pen)}</tr>" for row in rows(found))
    said = "".join(
        f"<span>{pen.spans(text, 'fangsong')}</span>" for text in (unit, summary(found), moment)
    )
    return (
        f"<h1>{pen.spans(title(found), 'biaosong')}</h1>"
        f'<div class="under">{said}</div>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _cells(row: Sequence[str], pen: Pen) -> str:
    return "".join(_cell("td", place, text, pen, "fangsong") for place, text in enumerate(row))


def _cell(tag: str, place: int, text: str, pen: Pen, face: str) -> str:
    return f'<{tag} class="c{place}">{pen.spans(text, face)}</{tag}>'
