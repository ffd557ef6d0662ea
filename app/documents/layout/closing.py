"""署名, 成文日期, 附注 (7.3.5, 7.3.6) and 版记 (7.4)."""

from app.documents.layout.composer import CELLS, compose
from app.documents.layout.markup import element, line_html, placed
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import Box, Sheet, long_date, note_text, recipients_text
from app.documents.layout.units import Run

SEALED_CLEAR = 4.0  # em clear to the right of the date under a seal
UNSEALED_CLEAR = 2.0
UNIT_MOST = 24.0  # em of a 署名 line; a longer name turns over
DATE_ROOM = 7.0  # em kept for a date that is not known yet
DATE_ROOM_COLOPHON = 9.0
SEAL_LOWER = 0.12  # the pair 署名 and date has its middle this part of d below the seal's centre
FOUR = 14 * 25.4 / 72  # mm of 4号
COLOPHON_CELLS = 156 / FOUR
RIGHT_CLEAR = 1.0
LABEL_END = 4.0  # 1 clear and three characters: 抄送：


def blank_lines_before_unit(sheet: Sheet, pitch: float) -> int:
    """Fewest blank lines that keep the seal off the text; its top is then within one line."""
    if not sheet.sealed:
        return 1
    lines = 1
    while lines * pitch < seal_rise(sheet.seal_diameter, pitch):
        lines += 1
    return lines


def seal_rise(diameter: float, pitch: float) -> float:
    """Mm by which the seal stands above the line of the 署名."""
    return diameter * (0.5 + SEAL_LOWER) - pitch


def seal_drop(diameter: float, pitch: float) -> float:
    """Mm by which the seal hangs below the line of the date."""
    return diameter * (0.5 - SEAL_LOWER) - pitch


def seal_box(unit: Box, day: Box, diameter: float) -> Box:
    """Where the seal goes: over 署名 and date, its centre a little above theirs."""
    x = (day.left + day.right) / 2
    y = (unit.top + day.bottom) / 2 - SEAL_LOWER * diameter
    half = diameter / 2
    return Box(day.page, x - half, y - half, x + half, y + half)


def signature(sheet: Sheet, pen: Pen) -> str:
    """The block from the blank lines to the 附注, which no page end divides."""
    unit = compose([Run(sheet.signature_unit, "fangsong")], pen, width=UNIT_MOST, indent=0)
    unit_width = max((line.width for line in unit), default=0.0)
    day = long_date(sheet.date) if sheet.date else ""
    day_width = pen.width(day, "fangsong") if day else DATE_ROOM
    unit_left, day_left = _places(sheet.sealed, unit_width, day_width)
    lines = "".join(line_html(line, pen, classes="line centred") for line in unit)
    style = f"margin-left:{unit_left:.4f}em;width:{unit_width:.4f}em"
    content = element("", classes="before-unit")
    content += element(lines, classes="unit", name="unit", style=style)
    content += placed(day, pen, "fangsong", day_left, day_width, "date")
    return content + element(_note(sheet, pen), classes="after-date")


def _places(sealed: bool, unit: float, day: float) -> tuple[float, float]:
    """Em from the left edge to 署名 and to the date.

    Without a seal the date begins two cells right of the 署名 and neither comes nearer than two
    cells to the right edge; under a seal the 署名 is centred over the date.
    """
    if not sealed:
        unit_left = CELLS - UNSEALED_CLEAR - max(unit, day + 2)
        return unit_left, unit_left + 2
    centre = min(CELLS - SEALED_CLEAR - day / 2, CELLS - RIGHT_CLEAR - unit / 2)
    return centre - unit / 2, centre - day / 2


def _note(sheet: Sheet, pen: Pen) -> str:
    if not sheet.note:
        return ""
    lines = compose([Run(note_text(sheet.note), "fangsong")], pen)
    content = "".join(line_html(line, pen) for line in lines)
    return element(content, classes="note", name="note")


def colophon(sheet: Sheet, pen: Pen, *, with_recipients: bool = False) -> str:
    """版记; 主送 stands above 抄送 when page 1 has no room for it (7.3.2)."""
    rows = ""
    if with_recipients and sheet.main_recipients:
        rows += _copies("主送：", f"{recipients_text(sheet.main_recipients)}。", pen)
    if sheet.copy_recipients:
        rows += _copies("抄送：", f"{'，'.join(sheet.copy_recipients)}。", pen)
    imprint = _imprint(sheet, pen, ruled=bool(rows)) if sheet.printed_by else ""
    if not rows and not imprint:
        return ""
    return element(rows + imprint, classes="colophon", name="colophon")


def _copies(label: str, text: str, pen: Pen) -> str:
    """Turn-over lines stand under the first character after the colon."""
    width = COLOPHON_CELLS - LABEL_END - RIGHT_CLEAR
    lines = compose([Run(text, "fangsong")], pen, width=width, indent=0)
    content = element(pen.spans(label, "fangsong"), classes="label")
    return element(content + "".join(line_html(line, pen) for line in lines), classes="copies")


def _imprint(sheet: Sheet, pen: Pen, *, ruled: bool) -> str:
    day = f"{long_date(sheet.printed_on)}印发" if sheet.printed_on else ""
    room = "" if day else f"width:{DATE_ROOM_COLOPHON:g}em"
    content = element(pen.spans(sheet.printed_by, "fangsong"), classes="printed-by")
    content += element(
        pen.spans(day, "fangsong"), classes="printed-on", name="printed-on", style=room
    )
    return element(content, classes="imprint ruled" if ruled else "imprint")
