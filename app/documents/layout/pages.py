"""HTML of the sheet: which part follows which. The formats differ in their heads."""

import html
from collections.abc import Callable
from dataclasses import dataclass

from app.documents.layout import body as text_parts
from app.documents.layout.body import AFTER_BLANK, WITH_TEXT, Body, Setting
from app.documents.layout.colophon import colophon
from app.documents.layout.errors import DoesNotFit
from app.documents.layout.head import head
from app.documents.layout.letter import letter_head
from app.documents.layout.markup import blank, element
from app.documents.layout.minutes import minutes_head
from app.documents.layout.order import order_head
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import DOCUMENT, LETTER, MINUTES, ORDER, Sheet, parts
from app.documents.layout.signature import signature
from app.documents.paragraphs import Paragraph

KEPT_LINES = 2  # of the text, when the fit loop has to keep some with the 署名
LAST = "last"  # name of the end of all text, which the 版记 should share a page with

FORMATS: dict[str, tuple[str, Callable[[Sheet, Pen], str]]] = {
    DOCUMENT: ("document", head),
    LETTER: ("letter", letter_head),
    ORDER: ("order", order_head),
    MINUTES: ("minutes", minutes_head),
}
"""The class that the style sheet knows the format by, and its head."""


@dataclass(frozen=True)
class Page:
    """The HTML and the lines that a reader may find too widely spaced."""

    html: str
    loose: tuple[str, ...]


def page(sheet: Sheet, pen: Pen, setting: Setting) -> Page:
    """The whole document in one format. Raises DoesNotFit for a format that is not known."""
    if sheet.format not in FORMATS:
        known = "、".join(FORMATS)
        raise DoesNotFit(f"暂不支持“{sheet.format}”格式的排版，请改用其中一种：{known}。")
    classes, format_head = FORMATS[sheet.format]
    body = Body(sheet, pen, setting)
    covering, appended = parts(sheet)
    content = format_head(sheet, pen)
    recipients_below = setting.recipients_below or not sheet.titled
    if sheet.titled:
        content += text_parts.title(sheet.title, pen, "title", "title")
    if not recipients_below:
        content += "".join(text_parts.recipients(sheet, body))
    content += _text_to_note(sheet, covering, body, "" if appended else LAST)
    for i, text in enumerate(appended):
        content += text_parts.appended(text, sheet, body, i)
    content += element("", classes="last", name=LAST) if appended else ""
    content += _imprint(colophon(sheet, pen, with_recipients=recipients_below), setting)
    return Page(_document(sheet, classes, content), tuple(body.loose))


def _text_to_note(sheet: Sheet, covering: tuple[Paragraph, ...], body: Body, last: str) -> str:
    """Text, 附件说明, 署名, date and 附注, with marks by which the fit loop keeps lines."""
    lines = body.paragraphs(covering, "text")
    lines += text_parts.attachments(sheet, body)
    lines += text_parts.attendance(sheet, body)
    closing = element(signature(sheet, body.pen), classes="signature", name=last)
    for kept in range(1, KEPT_LINES + 1):
        taken = _last_printed(lines)
        if taken and kept == 1:
            taken[0] = _ending(taken[0])
        closing = element("".join(taken) + closing, classes=f"kept-{kept}")
        lines = lines[: len(lines) - len(taken)]
    return "".join(lines) + closing


def _ending(last: str) -> str:
    """The last thing before the 署名; of a table, which may begin pages before, its end."""
    if last.startswith("<table"):
        return last + element("", classes="text-end", name="text-end")
    return element(last, classes="text-end", name="text-end")


def _last_printed(lines: list[str]) -> list[str]:
    """The last line that has text, and the blank ones after it."""
    start = len(lines) - 1
    while start > 0 and lines[start] == blank():
        start -= 1
    return lines[max(start, 0) :]


def _imprint(content: str, setting: Setting) -> str:
    """The 版记, on a page of its own where the paper is printed on both sides (7.5)."""
    if not content or setting.colophon == WITH_TEXT:
        return content
    if setting.colophon == AFTER_BLANK:  # neither page has a number
        own = "own-page unnumbered"
        return element("", classes=own) + element(content, classes=own)
    return element(content, classes="own-page")


def _document(sheet: Sheet, classes: str, content: str) -> str:
    title = html.escape(sheet.plain_title)
    author = html.escape("、".join(sheet.signing_units))
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<title>{title}</title><meta name="author" content="{author}"></head>'
        f'<body class="{classes}">{content}</body></html>'
    )
