"""版头: 份号, 紧急程度, 发文机关标志, 发文字号, 签发人, red line (7.2)."""

from app.documents.layout.composer import CELLS
from app.documents.layout.markup import element
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import Sheet, letterhead_text

LETTERHEAD_TOP = 35.0  # mm from the top of the type area to the ink (7.2.4)
LARGEST_LETTERHEAD = 15.0  # mm; the size is free in the standard
LETTERHEAD_WIDTH = 150.0  # mm
SMALLEST_LETTERHEAD = 11.0  # mm, below which the characters are narrowed instead
NARROWEST = 0.66
LETTERHEAD_SPACING = 0.06  # em
NUMBER_ROOM = 14.0  # em kept for a number that is not known yet
SIGNATORY_LABEL = "签发人："
NAME_CELLS = 3.0  # a name of two characters is spread to this width
NAMES_IN_A_ROW = 2
NAME_GAP = 2.0

Piece = tuple[float, float, str, str]  # em from the left, em of width, HTML, name


def head(sheet: Sheet, pen: Pen) -> str:
    rows = _upward_rows(sheet, pen) if sheet.upward else _number_row(sheet, pen)
    red_line = element("", classes="red-line", name="red-line")
    return _corner(sheet, pen) + _letterhead(sheet, pen) + rows + red_line


def letterhead_measures(sheet: Sheet, pen: Pen) -> tuple[float, float]:
    """(size of the 标志, space above it) in mm, so that its ink begins at 35 mm."""
    size, _ = _size_and_width(sheet, pen)
    file = pen.fonts.first("biaosong")
    ink_top = file.baseline(size, size) - file.ink(letterhead_text(sheet))[1] * size
    return size, LETTERHEAD_TOP - ink_top


def _size_and_width(sheet: Sheet, pen: Pen) -> tuple[float, float]:
    """Mm of height and of natural width; a long name is made smaller, then narrower."""
    text = letterhead_text(sheet)
    width = pen.width(text, "biaosong") + LETTERHEAD_SPACING * (len(text) - 1)
    filling = LETTERHEAD_WIDTH / width
    size = min(LARGEST_LETTERHEAD, max(filling, min(SMALLEST_LETTERHEAD, filling / NARROWEST)))
    return size, width * size


def _corner(sheet: Sheet, pen: Pen) -> str:
    """份号 and 紧急程度, flush left from line 1; a missing one leaves no gap."""
    lines = (
        (sheet.copy_number, "fangsong", "copy-number"),
        (sheet.urgency, "hei", "urgency"),
    )
    return element(
        "".join(
            element(pen.spans(text, face), classes="line", name=name)
            for text, face, name in lines
            if text
        ),
        classes="corner",
    )


def _letterhead(sheet: Sheet, pen: Pen) -> str:
    text = pen.spans(letterhead_text(sheet), "biaosong")
    _, width = _size_and_width(sheet, pen)
    style = ""
    if width > LETTERHEAD_WIDTH + 0.01:
        overhang = (LETTERHEAD_WIDTH - width) / 2
        style = f"transform:scaleX({LETTERHEAD_WIDTH / width:.4f});margin:0 {overhang:.4f}mm"
    mark = f'<span class="mark" style="{style}"><span>{text}</span></span>'
    return element(mark, classes="letterhead", name="letterhead")


def _number_row(sheet: Sheet, pen: Pen) -> str:
    text = pen.spans(sheet.number or "", "fangsong")
    width = f"width:{NUMBER_ROOM:g}em" if not sheet.number else ""
    number = element(text, classes="number", name="number", style=width)
    return element(number, classes="number-row centred-number")


def _upward_rows(sheet: Sheet, pen: Pen) -> str:
    """签发人 on the right, the number on the left of the last row (7.2.5, 7.2.6)."""
    names = sheet.signatories or ("",)
    rows = [names[i : i + NAMES_IN_A_ROW] for i in range(0, len(names), NAMES_IN_A_ROW)]
    column = max(NAME_CELLS, *(pen.width(name, "kai") for name in names))
    columns = min(len(names), NAMES_IN_A_ROW)
    first_name = CELLS - 1 - columns * column - (columns - 1) * NAME_GAP
    out = []
    for i, row in enumerate(rows):
        last = i == len(rows) - 1
        pieces = [_number_piece(sheet, pen)] if last else []
        if i == 0:
            label = len(SIGNATORY_LABEL)
            pieces.append((first_name - label, label, pen.spans(SIGNATORY_LABEL, "fangsong"), ""))
        for j, name in enumerate(row):
            key = f"signatory-{i * NAMES_IN_A_ROW + j + 1}"
            left = first_name + j * (column + NAME_GAP)
            pieces.append((left, column, _name(name, pen), key))
        out.append(element(_side_by_side(pieces), classes="number-row" if last else "names-row"))
    return element("".join(out), classes="signatories")


def _number_piece(sheet: Sheet, pen: Pen) -> Piece:
    number = sheet.number or ""
    width = pen.width(number, "fangsong") if number else NUMBER_ROOM - 1
    return 1.0, width, pen.spans(number, "fangsong"), "number"


def _name(name: str, pen: Pen) -> str:
    """A name of two characters is spread to the width of three."""
    if len(name) != 2:
        return pen.spans(name, "kai")
    first, second = (pen.spans(char, "kai") for char in name)
    return f'<span class="spread">{first}</span>{second}'


def _side_by_side(pieces: list[Piece]) -> str:
    """Pieces on one row in reading order; each stands where it says, not where the last ended."""
    out, end = "", 0.0
    for left, width, text, name in pieces:
        style = f"margin-left:{left - end:.4f}em;width:{width:.4f}em"
        out += element(text, classes="piece", name=name, style=style)
        end = left + width
    return out
