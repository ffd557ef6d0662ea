"""What stands between head and 署名 in every format: title, 主送, text, 附件说明, 附件 texts."""

from dataclasses import dataclass

from app.documents.layout.composer import CELLS, Line, compose
from app.documents.layout.markup import blank, element, line_html
from app.documents.layout.outline import faces
from app.documents.layout.pen import Pen
from app.documents.layout.picture import picture_html
from app.documents.layout.sheet import AppendedText, Sheet, recipients_text
from app.documents.layout.table import table_html
from app.documents.layout.title import title_lines
from app.documents.layout.units import Run
from app.documents.paragraphs import Paragraph
from app.documents.text import Image, PageBreak, Table

ATTACHMENT_LABEL = "附件："
WITH_TEXT, NEXT_PAGE, AFTER_BLANK = "with_text", "next_page", "after_blank"


@dataclass(frozen=True)
class Setting:
    """What the fit loop may change in the HTML.

    cells             characters in a line: 27 or 29 instead of 28 spread or tighten them
    recipients_below  主送 moves to the 版记
    colophon          the 版记 stands on the last page of the text, on the next page, or on the
                      page after a blank one
    """

    cells: int = 28
    recipients_below: bool = False
    colophon: str = WITH_TEXT

    @property
    def tracking(self) -> float:
        return CELLS / self.cells - 1


class Body:
    """Composes the lines of the text and collects what is remarkable about them."""

    def __init__(self, sheet: Sheet, pen: Pen, setting: Setting) -> None:
        self.pen = pen
        self.pictures = sheet.pictures
        self.tracking = setting.tracking
        self.loose: list[str] = []

    def lines(self, runs: list[Run], *, width: float = CELLS, indent: float = 2.0) -> list[Line]:
        found = compose(runs, self.pen, width=width, indent=indent, tracking=self.tracking)
        self.loose.extend(line.text for line in found if line.loose or line.forced)
        return found

    def paragraph(self, paragraph: Paragraph, name: str = "") -> list[str]:
        set_as = faces(paragraph)
        if set_as.centred:
            lines = self.lines(set_as.runs, indent=0)
            return [line_html(line, self.pen, classes="line chapter", name=name) for line in lines]
        classes = "line heading" if set_as.heading else "line"
        return [
            line_html(line, self.pen, classes=classes, name="" if i else name)
            for i, line in enumerate(self.lines(set_as.runs))
        ]

    def paragraphs(self, paragraphs: tuple[Paragraph, ...], name: str) -> list[str]:
        """Lines, tables and pictures; ``name`` is the place of the first."""
        out: list[str] = []
        breaking = False
        for each in paragraphs:
            if isinstance(each.block, PageBreak):
                breaking = bool(out)
                continue
            lines = self._block(each, "" if out else name)
            if breaking:
                lines[0] = element(lines[0], classes="own-page")
            breaking = False
            out += lines
        return out

    def _block(self, paragraph: Paragraph, name: str) -> list[str]:
        if isinstance(paragraph.block, Table):
            return table_html(paragraph.block, self.pen, name)
        if isinstance(paragraph.block, Image):
            return [picture_html(paragraph.block, self.pictures, self.pen, name)]
        return self.paragraph(paragraph, name)

    def hanging(self, label: str, face: str, text: str, left: float) -> list[str]:
        """Turn-over lines stand under the first character after the label, ``left`` em in."""
        out = []
        start = left - self.pen.width(label, face)
        for i, line in enumerate(self.lines([Run(text, "fangsong")], width=CELLS - left, indent=0)):
            content = line_html(line, self.pen, classes="name")
            content = (self.pen.spans(label, face) if i == 0 else "") + content
            style = f"padding-left:{left if i else start:.4f}em"
            out.append(element(content, classes="line", style=style))
        return out


def title(text: str, pen: Pen, name: str, classes: str) -> str:
    lines = "".join(
        element(pen.spans(line, "biaosong"), classes="title-line")
        for line in title_lines(text, pen)
    )
    return f'<h1 class="{classes}" id="{name}">{lines}</h1>{blank()}'


def recipients(sheet: Sheet, body: Body) -> list[str]:
    if not sheet.main_recipients:
        return []
    runs = [Run(f"{recipients_text(sheet.main_recipients)}：", "fangsong")]
    return [line_html(line, body.pen) for line in body.lines(runs, indent=0)]


def attachments(sheet: Sheet, body: Body) -> list[str]:
    """附件说明: turn-over lines stand under the first character of the name (7.3.4)."""
    if not sheet.attachments:
        return []
    out = [blank()]
    for i, name in enumerate(sheet.attachments, start=1):
        number = f"{i}." if len(sheet.attachments) > 1 else ""
        left = 2.0 + len(ATTACHMENT_LABEL) + body.pen.width(number, "fangsong")
        label = (ATTACHMENT_LABEL if i == 1 else "") + number
        out += body.hanging(label, "fangsong", name, left)
    return out


def attendance(sheet: Sheet, body: Body) -> list[str]:
    """出席, 请假, 列席 in 黑体, each with the names after it (10.3)."""
    out = [blank()] if sheet.attendance else []
    for label, names in sheet.attendance:
        out += body.hanging(f"{label}：", "hei", names, 2.0 + len(label) + 1)
    return out


def appended(text: AppendedText, sheet: Sheet, body: Body, index: int) -> str:
    """Issued with the covering text: a new page, the title on line 3, before the 版记 (7.3.7)."""
    name = f"appended-{index + 1}"
    content = (_attachment_label(text, sheet, body.pen) or blank()) + blank()
    content += title(text.heading, body.pen, f"{name}-title", "appended-title")
    content += "".join(body.paragraphs(text.paragraphs, f"{name}-text"))
    return element(content, classes="appended", name=name)


def _attachment_label(text: AppendedText, sheet: Sheet, pen: Pen) -> str:
    """附件N in 黑体 on line 1 when the heading is one of the names in the 附件说明."""
    if text.heading not in sheet.attachments:
        return ""
    number = sheet.attachments.index(text.heading) + 1
    label = f"附件{number}" if len(sheet.attachments) > 1 else "附件"
    return element(pen.spans(label, "hei"), classes="line")
