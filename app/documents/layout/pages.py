"""HTML of the sheet: which part follows which. One function per format."""

import html
from collections.abc import Callable
from dataclasses import dataclass

from app.documents.layout.closing import colophon, signature
from app.documents.layout.composer import CELLS, Line, compose
from app.documents.layout.errors import DoesNotFit
from app.documents.layout.head import head
from app.documents.layout.markup import blank, element, line_html
from app.documents.layout.outline import Paragraph, outline
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import AppendedText, Sheet, parts, recipients_text
from app.documents.layout.title import title_lines
from app.documents.layout.units import Run

KEPT_LINES = 2  # of the text, when the fit loop has to keep some with the 署名
LAST = "last"  # name of the end of all text, which the 版记 should share a page with
ATTACHMENT_LABEL = "附件："


@dataclass(frozen=True)
class Setting:
    """What the fit loop may change in the HTML.

    cells             characters in a line: 27 or 29 instead of 28 spread or tighten them
    recipients_below  主送 moves to the 版记
    """

    cells: int = 28
    recipients_below: bool = False

    @property
    def tracking(self) -> float:
        return CELLS / self.cells - 1


@dataclass(frozen=True)
class Page:
    """The HTML and the lines that a reader may find too widely spaced."""

    html: str
    loose: tuple[str, ...]


class _Body:
    """Collects the lines of the text and what is remarkable about them."""

    def __init__(self, pen: Pen, setting: Setting) -> None:
        self.pen = pen
        self.tracking = setting.tracking
        self.loose: list[str] = []

    def lines(self, runs: list[Run], *, width: float = CELLS, indent: float = 2.0) -> list[Line]:
        found = compose(runs, self.pen, width=width, indent=indent, tracking=self.tracking)
        self.loose.extend(line.text for line in found if line.loose or line.forced)
        return found

    def paragraph(self, paragraph: Paragraph, name: str = "") -> list[str]:
        if paragraph.centred:
            lines = self.lines(paragraph.runs, indent=0)
            return [line_html(line, self.pen, classes="line chapter", name=name) for line in lines]
        lines = self.lines(paragraph.runs)
        classes = "line heading" if paragraph.heading else "line"
        return [
            line_html(line, self.pen, classes=classes, name="" if i else name)
            for i, line in enumerate(lines)
        ]


def page(sheet: Sheet, pen: Pen, setting: Setting) -> Page:
    """The whole document in one format. Raises DoesNotFit for a format that is not known."""
    build = FORMATS.get(sheet.format)
    if build is None:
        raise DoesNotFit(f"暂不支持“{sheet.format}”格式的排版，请改用“文件”格式。")
    return build(sheet, pen, setting)


def document_page(sheet: Sheet, pen: Pen, setting: Setting) -> Page:
    """The format 文件."""
    body = _Body(pen, setting)
    covering, appended = parts(sheet)
    content = head(sheet, pen) + _title(sheet.title, pen, "title", "title")
    if not setting.recipients_below:
        content += "".join(_recipients(sheet, body))
    content += _text_to_note(sheet, covering, body, "" if appended else LAST)
    for i, text in enumerate(appended):
        content += _appended(text, sheet, body, i)
    content += element("", classes="last", name=LAST) if appended else ""
    content += colophon(sheet, pen, with_recipients=setting.recipients_below)
    return Page(_document(sheet, content), tuple(body.loose))


def _title(title: str, pen: Pen, name: str, classes: str) -> str:
    lines = "".join(
        element(pen.spans(text, "biaosong"), classes="title-line")
        for text in title_lines(title, pen)
    )
    return f'<h1 class="{classes}" id="{name}">{lines}</h1>{blank()}'


def _recipients(sheet: Sheet, body: _Body) -> list[str]:
    if not sheet.main_recipients:
        return []
    runs = [Run(f"{recipients_text(sheet.main_recipients)}：", "fangsong")]
    return [line_html(line, body.pen) for line in body.lines(runs, indent=0)]


def _text_to_note(sheet: Sheet, covering: tuple[str, ...], body: _Body, last: str) -> str:
    """Text, 附件说明, 署名, date and 附注, with marks by which the fit loop keeps lines."""
    lines: list[str] = []
    for i, paragraph in enumerate(outline(covering)):
        lines += body.paragraph(paragraph, "" if i else "text")
    lines += _attachments(sheet, body)
    closing = element(signature(sheet, body.pen), classes="signature", name=last)
    for kept in range(1, KEPT_LINES + 1):
        taken = _last_printed(lines)
        if taken and kept == 1:
            taken[0] = element(taken[0], classes="text-end", name="text-end")
        closing = element("".join(taken) + closing, classes=f"kept-{kept}")
        lines = lines[: len(lines) - len(taken)]
    return "".join(lines) + closing


def _last_printed(lines: list[str]) -> list[str]:
    """The last line that has text, and the blank ones after it."""
    start = len(lines) - 1
    while start > 0 and lines[start] == blank():
        start -= 1
    return lines[max(start, 0) :]


def _attachments(sheet: Sheet, body: _Body) -> list[str]:
    """附件说明: turn-over lines stand under the first character of the name (7.3.4)."""
    if not sheet.attachments:
        return []
    label_end = 2.0 + len(ATTACHMENT_LABEL)
    out = [blank()]
    for i, name in enumerate(sheet.attachments, start=1):
        number = f"{i}." if len(sheet.attachments) > 1 else ""
        left = label_end + body.pen.width(number, "fangsong")
        for j, line in enumerate(body.lines([Run(name, "fangsong")], width=CELLS - left, indent=0)):
            label = (ATTACHMENT_LABEL if i == 1 else "") + number if j == 0 else ""
            start = left - body.pen.width(label, "fangsong")
            content = body.pen.spans(label, "fangsong") + line_html(line, body.pen, classes="name")
            style = f"padding-left:{start:.4f}em"
            out.append(element(content, classes="line", style=style))
    return out


def _appended(text: AppendedText, sheet: Sheet, body: _Body, index: int) -> str:
    """Issued with the covering text: a new page, the title on line 3, before the 版记 (7.3.7)."""
    name = f"appended-{index + 1}"
    first = _attachment_label(text, sheet, body.pen)
    content = (first or blank()) + blank()
    content += _title(text.heading, body.pen, f"{name}-title", "appended-title")
    for i, paragraph in enumerate(outline(text.paragraphs)):
        content += "".join(body.paragraph(paragraph, "" if i else f"{name}-text"))
    return element(content, classes="appended", name=name)


def _attachment_label(text: AppendedText, sheet: Sheet, pen: Pen) -> str:
    """附件N in 黑体 on line 1 when the heading is one of the names in the 附件说明."""
    if text.heading not in sheet.attachments:
        return ""
    number = sheet.attachments.index(text.heading) + 1
    label = f"附件{number}" if len(sheet.attachments) > 1 else "附件"
    return element(pen.spans(label, "hei"), classes="line")


def _document(sheet: Sheet, content: str) -> str:
    title = html.escape(sheet.plain_title)
    author = html.escape(sheet.signature_unit)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<title>{title}</title><meta name="author" content="{author}"></head>'
        f"<body>{content}</body></html>"
    )


FORMATS: dict[str, Callable[[Sheet, Pen, Setting], Page]] = {"文件": document_page}
