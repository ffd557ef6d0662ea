"""A 登记簿 on paper: A4 landscape, with its head and the numbers of the pages on each."""

import base64
import hashlib
import html
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.clock import SHANGHAI
from app.documents.layout.fonts import FontBook
from app.documents.layout.pen import Pen
from app.documents.layout.process import run_worker
from app.documents.numbering.exporting import HEAD, rows, summary, title
from app.documents.numbering.register import Register
from app.errors import Invalid

STYLE = Path(__file__).with_name("register.css")
SECONDS = 25
MOST = 500
"""Lines of one print: more would take longer than a typesetting process may run."""


def as_pdf(found: Register, unit: str, at: datetime, fonts: FontBook) -> bytes:
    """The book as a PDF/A; the same lines at the same moment give the same bytes.

    Raises Invalid over MOST lines, GlyphMissing for a character that no font has.
    """
    if len(found.lines) > MOST:
        raise Invalid.at("first", f"一次最多打印 {MOST} 个号，请填写起止号，分段打印。")
    pen = Pen(fonts)
    pages = _page(found, unit, at, pen)
    pen.ensure_all_drawn()
    attempt = {"html": pages, "css": pen.css + STYLE.read_text(encoding="utf-8")}
    answer = run_worker(
        {
            "attempts": [attempt],
            "fonts": [str(file.path) for file in pen.files],
            "conditions": {},
            "wishes": {},
            "seconds": SECONDS,
            "take_any": True,
            "variant": "pdf/a-3b",
            "identifier": hashlib.sha256(pages.encode()).hexdigest()[:32],
        }
    )
    return base64.b64decode(answer["pdf"])


def _page(found: Register, unit: str, at: datetime, pen: Pen) -> str:
    printed = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 打印"
    head = "".join(_cell("th", place, text, pen, "hei") for place, text in enumerate(HEAD))
    lines = "".join(f"<tr>{_cells(row, pen)}</tr>" for row in rows(found))
    said = "".join(
        f"<span>{pen.spans(text, 'fangsong')}</span>" for text in (unit, summary(found), printed)
    )
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{html.escape(title(found))}</title>"
        f'<meta name="author" content="{html.escape(unit)}">'
        f"</head><body><h1>{pen.spans(title(found), 'biaosong')}</h1>"
        f'<div class="under">{said}</div>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></body></html>"
    )


def _cells(row: Sequence[str], pen: Pen) -> str:
    return "".join(_cell("td", place, text, pen, "fangsong") for place, text in enumerate(row))


def _cell(tag: str, place: int, text: str, pen: Pen, face: str) -> str:
    return f'<{tag} class="c{place}">{pen.spans(text, face)}</{tag}>'
