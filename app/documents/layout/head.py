"""版头 of 文件: 份号, 紧急程度, 发文机关标志, 发文字号, 签发人, red line (7.2)."""

from app.documents.layout.composer import CELLS
from app.documents.layout.letterhead import letterhead
from app.documents.layout.markup import Piece, element, side_by_side, spread_name
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import Sheet

NUMBER_ROOM = 14.0  # em kept for a number that is not known yet
SIGNATORY_LABEL = "签发人："
NAME_CELLS = 3.0  # a name of two characters is spread to this width
NAMES_IN_A_ROW = 2
NAME_GAP = 2.0


def head(sheet: Sheet, pen: Pen) -> str:
    rows = _upward_rows(sheet, pen) if sheet.upward else number_row(sheet, pen)
    return corner(sheet, pen) + letterhead(sheet, pen) + rows + red_line()


def red_line() -> str:
    return element("", classes="red-line", name="red-line")


def corner(sheet: Sheet, pen: Pen) -> str:
    """份号 and 紧急程度, flush left from line 1; a missing one leaves no gap."""
    return element(
        "".join(element(text, classes="line", name=name) for text, name in corner_rows(sheet, pen)),
        classes="corner",
    )


def corner_rows(sheet: Sheet, pen: Pen) -> list[tuple[str, str]]:
    """HTML and name of each element that the sheet has, from above."""
    elements = (
        (sheet.copy_number, "fangsong", "copy-number"),
        (sheet.urgency, "hei", "urgency"),
    )
    return [(pen.spans(text, face), name) for text, face, name in elements if text]


def number_row(sheet: Sheet, pen: Pen) -> str:
    return element(number(sheet, pen), classes="number-row centred-number")


def number(sheet: Sheet, pen: Pen) -> str:
    text = pen.spans(sheet.number or "", "fangsong")
    width = f"width:{NUMBER_ROOM:g}em" if not sheet.number else ""
    return element(text, classes="number", name="number", style=width)


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
            pieces.append((left, column, spread_name(name, pen), key))
        out.append(element(side_by_side(pieces), classes="number-row" if last else "names-row"))
    return element("".join(out), classes="signatories")


def _number_piece(sheet: Sheet, pen: Pen) -> Piece:
    number = sheet.number or ""
    width = pen.width(number, "fangsong") if number else NUMBER_ROOM - 1
    return 1.0, width, pen.spans(number, "fangsong"), "number"
