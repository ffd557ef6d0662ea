"""Head of 纪要 (10.3): 标志, number of the issue, then who issues it and when.

The standard leaves all below the 标志 to the agency. 纪要 has neither 署名 nor seal, so that the
agency and the date stand above the red line, as is usual.
"""

from app.documents.layout.composer import CELLS
from app.documents.layout.head import NUMBER_ROOM, red_line
from app.documents.layout.letterhead import letterhead
from app.documents.layout.markup import Piece, element, side_by_side
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import Sheet, long_date
from app.documents.layout.signature import DATE_ROOM

CLEAR = 1.0  # em


def minutes_head(sheet: Sheet, pen: Pen) -> str:
    text = sheet.number or ""
    width = pen.width(text, "fangsong") if text else NUMBER_ROOM
    issue: Piece = ((CELLS - width) / 2, width, pen.spans(text, "fangsong"), "number")
    rows = element(side_by_side([issue]), classes="names-row")
    rows += element(side_by_side(_issued(sheet, pen)), classes="number-row")
    return letterhead(sheet, pen) + element(rows, classes="signatories") + red_line()


def _issued(sheet: Sheet, pen: Pen) -> list[Piece]:
    unit = "、".join(sheet.signing_units)
    day = long_date(sheet.date) if sheet.date else ""
    width = pen.width(day, "fangsong") if day else DATE_ROOM
    return [
        (CLEAR, pen.width(unit, "fangsong"), pen.spans(unit, "fangsong"), "issuer"),
        (CELLS - CLEAR - width, width, pen.spans(day, "fangsong"), "issued-on"),
    ]
