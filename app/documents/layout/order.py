"""Head of 命令（令）: 标志 20 mm below the type area, then the 令号 in place of a title (10.2)."""

from app.documents.layout.head import number_row
from app.documents.layout.letterhead import letterhead
from app.documents.layout.markup import blank
from app.documents.layout.pen import Pen
from app.documents.layout.sheet import Sheet


def order_head(sheet: Sheet, pen: Pen) -> str:
    return letterhead(sheet, pen) + number_row(sheet, pen) + blank(2)
