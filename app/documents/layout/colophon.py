"""版记: 抄送, 印发机关 and 印发日期 at the foot of the last page (7.4)."""

from app.documents.layout.composer import compose
from app.documents.layout.markup import element, line_html
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import LETTER, Sheet, long_date, recipients_text
from app.documents.layout.units import Run

FOUR = 14 * 25.4 / 72  # mm of 4号
COLOPHON_CELLS = 156 / FOUR
RIGHT_CLEAR = 1.0
LABEL_END = 4.0  # 1 clear and three characters: 抄送：
DATE_ROOM = 9.0


def colophon(sheet: Sheet, pen: Pen, *, with_recipients: bool = False) -> str:
    """版记; 主送 stands above 抄送 when page 1 has no room for it (7.3.2).

    That of a 信函 has neither lines nor 印发 (10.1).
    """
    plain = sheet.format == LETTER
    rows = ""
    if with_recipients and sheet.main_recipients:
        rows += _copies("主送：", f"{recipients_text(sheet.main_recipients)}。", pen)
    if sheet.copy_recipients:
        rows += _copies("抄送：", f"{'，'.join(sheet.copy_recipients)}。", pen)
    printed = bool(sheet.printed_by) and not plain
    imprint = _imprint(sheet, pen, ruled=bool(rows)) if printed else ""
    if not rows and not imprint:
        return ""
    classes = "colophon plain" if plain else "colophon"
    return element(rows + imprint, classes=classes, name="colophon")


def _copies(label: str, text: str, pen: Pen) -> str:
    """Turn-over lines stand under the first character after the colon."""
    width = COLOPHON_CELLS - LABEL_END - RIGHT_CLEAR
    lines = compose([Run(text, "fangsong")], pen, width=width, indent=0)
    content = element(pen.spans(label, "fangsong"), classes="label")
    return element(content + "".join(line_html(line, pen) for line in lines), classes="copies")


def _imprint(sheet: Sheet, pen: Pen, *, ruled: bool) -> str:
    day = f"{long_date(sheet.printed_on)}印发" if sheet.printed_on else ""
    room = "" if day else f"width:{DATE_ROOM:g}em"
    content = element(pen.spans(sheet.printed_by, "fangsong"), classes="printed-by")
    content += element(
        pen.spans(day, "fangsong"), classes="printed-on", name="printed-on", style=room
    )
    return element(content, classes="imprint ruled" if ruled else "imprint")
