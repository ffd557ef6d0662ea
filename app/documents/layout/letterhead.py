"""发文机关标志: one name, or those of a joint document above each other (7.2.4, 10.1–10.3).

Its size is free in the standard. A long name is made smaller, then narrower.
"""

from app.documents.layout.markup import element
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import (
    DOCUMENT,
    LETTER,
    MINUTES,
    ORDER,
    Sheet,
    letterhead_text,
    mark_text,
    stacked,
)

FACE = "biaosong"
# mm from the top of the type area to the ink; 信函: 30 mm from the edge of the paper, 37 above
INK_TOP = {DOCUMENT: 35.0, MINUTES: 35.0, ORDER: 20.0, LETTER: 30.0 - 37.0}
LETTERHEAD_WIDTH = 150.0  # mm
LARGEST = 15.0  # mm
SMALLEST = 11.0  # mm, below which the characters are narrowed instead
NARROWEST = 0.66
SPACING = 0.06  # em between characters
LARGEST_STACKED = 12.0
SMALLEST_STACKED = 8.0
TALLEST_STACK = 66.0  # mm, or page 1 would have no room for text
ROW = 1.3  # em from one name to the next
BEFORE_MARK = 0.5  # em between the names and 文件
TYPE_AREA = 156.0


def letterhead_measures(sheet: Sheet, pen: Pen) -> tuple[float, float]:
    """(size of the 标志, its top above or below that of the type area) in mm.

    The top is that of the box, so that the ink begins where the format wants it.
    """
    size, _ = _size_and_width(sheet, pen)
    file = pen.fonts.first(FACE)
    ink_top = file.baseline(size, size) - file.ink(_first_row(sheet))[1] * size
    return size, INK_TOP[sheet.format] - ink_top


def ink_height(sheet: Sheet, pen: Pen) -> float:
    """Mm from the highest to the lowest ink of a 标志 of one line."""
    size, _ = _size_and_width(sheet, pen)
    low, high = pen.fonts.first(FACE).ink(letterhead_text(sheet))
    return (high - low) * size


def letterhead(sheet: Sheet, pen: Pen) -> str:
    return _stack(sheet, pen) if stacked(sheet) else _line(sheet, pen)


def _first_row(sheet: Sheet) -> str:
    return sheet.letterheads[0] if stacked(sheet) else letterhead_text(sheet)


def _size_and_width(sheet: Sheet, pen: Pen) -> tuple[float, float]:
    """Mm of height and of natural width."""
    if stacked(sheet):
        width = _stack_width(sheet, pen)
        tallest = TALLEST_STACK / ROW / len(sheet.letterheads)
        largest, smallest = min(LARGEST_STACKED, tallest), min(SMALLEST_STACKED, tallest)
    else:
        width = _spaced_width(letterhead_text(sheet), pen)
        largest, smallest = LARGEST, SMALLEST
    filling = LETTERHEAD_WIDTH / width
    size = min(largest, max(filling, min(smallest, filling / NARROWEST)))
    return size, width * size


def _spaced_width(text: str, pen: Pen) -> float:
    return pen.width(text, FACE) + SPACING * max(0, len(text) - 1)


def _narrowing(width: float) -> str:
    if width <= LETTERHEAD_WIDTH + 0.01:
        return ""
    # what is transformed is painted last, and so is read last, unless it is put behind the rest
    return f"transform:scaleX({LETTERHEAD_WIDTH / width:.4f});position:relative;z-index:-1"


def _line(sheet: Sheet, pen: Pen) -> str:
    text = pen.spans(letterhead_text(sheet), FACE)
    _, width = _size_and_width(sheet, pen)
    style = _narrowing(width)
    if style:  # the box keeps its natural width and must not push the text aside
        style += f";margin:0 {(LETTERHEAD_WIDTH - width) / 2:.4f}mm"
    mark = f'<span class="mark" style="{style}"><span>{text}</span></span>'
    return element(mark, classes="letterhead", name="letterhead")


def _stack_width(sheet: Sheet, pen: Pen) -> float:
    """Em of the widest name with 文件 beside it."""
    mark = _spaced_width(mark_text(sheet), pen)
    names = max(_spaced_width(name, pen) for name in sheet.letterheads)
    return names + (BEFORE_MARK + mark if mark else 0.0)


def _stack(sheet: Sheet, pen: Pen) -> str:
    """The names spread to one width; 文件 on their right, centred on their height."""
    size, width = _size_and_width(sheet, pen)
    left = (TYPE_AREA / size - width / size) / 2
    widest = max(_spaced_width(name, pen) for name in sheet.letterheads)
    rows = []
    for name in sheet.letterheads:
        spacing = (widest - pen.width(name, FACE)) / max(1, len(name) - 1)
        rows.append(_stacked(name, pen, spacing, f"margin-left:{left:.4f}em"))
    if mark := mark_text(sheet):
        above = (len(rows) + 1) * ROW / 2  # from the end of the stack up to its middle row
        begin = left + widest + BEFORE_MARK
        place = f"margin:-{above:.4f}em 0 0 {begin:.4f}em"
        rows.append(_stacked(mark, pen, SPACING, place))
    height = (len(sheet.letterheads) - 1) * ROW + 1
    style = f"height:{height:.4f}em;{_narrowing(width)}"
    block = element("".join(rows), classes="stack", style=style)
    return element(block, classes="letterhead joint", name="letterhead")


def _stacked(text: str, pen: Pen, spacing: float, style: str) -> str:
    spaced = f'<span style="letter-spacing:{spacing:.4f}em">{pen.spans(text, FACE)}</span>'
    return element(spaced, classes="stacked", style=f"{style};height:{ROW}em")
