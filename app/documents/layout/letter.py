"""Head of 信函: the 标志 near the edge of the paper, red double lines, the number right (10.1)."""

from app.documents.layout.composer import CELLS
from app.documents.layout.head import NUMBER_ROOM, corner_rows
from app.documents.layout.letterhead import INK_TOP, ink_height, letterhead, letterhead_measures
from app.documents.layout.markup import element
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import LETTER, Sheet

BELOW_LETTERHEAD = 4.0  # mm from the ink of the 标志 to the upper double line
DOUBLE_LINE = 1.9  # mm: .9 thick, .6 white, .4 thin; the standard gives no numbers
FROM_LINE = 16 * 25.4 / 72 * 7 / 8  # mm: 7/8 of a 3号 character
LOWER_LINE = 297.0 - 20.0  # mm from the top of the paper to the end of the lower double line
TOP = 37.0


def letter_head(sheet: Sheet, pen: Pen) -> str:
    upper = INK_TOP[LETTER] + ink_height(sheet, pen) + BELOW_LETTERHEAD
    lower = LOWER_LINE - DOUBLE_LINE - TOP
    lines = _double_line("upper-line", upper) + _double_line("lower-line", lower)
    size, top = letterhead_measures(sheet, pen)
    below = upper + DOUBLE_LINE + FROM_LINE - (top + size)
    rows = element(_rows(sheet, pen), classes="letter-rows", style=f"padding-top:{below:.4f}mm")
    return lines + letterhead(sheet, pen) + rows


def _double_line(name: str, top: float) -> str:
    return element("", classes=f"double-line {name}", name=name, style=f"top:{top:.4f}mm")


def _rows(sheet: Sheet, pen: Pen) -> str:
    """The number flush right in the first row, 份号 and 紧急程度 flush left from there."""
    text = sheet.number or ""
    width = pen.width(text, "fangsong") if text else NUMBER_ROOM
    style = f"width:{width:.4f}em;margin-left:{CELLS - width:.4f}em"
    spans = pen.spans(text, "fangsong")
    number = element(spans, classes="letter-number", name="number", style=style)
    rows = corner_rows(sheet, pen) or [("", "")]
    out = ""
    for i, (content, name) in enumerate(rows):
        classes = "number-row" if i == len(rows) - 1 else "names-row"
        inside = element(content, classes="piece", name=name) if content else ""
        out += element((number if i == 0 else "") + inside, classes=classes)
    return out
