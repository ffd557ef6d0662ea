"""正文 as it is stored: a short list of blocks, and the same as plain lines.

    [{"type": "title", "text": "办法"},
     {"type": "paragraph", "text": "一、总体要求", "level": 1},
     {"type": "table", "head": 1, "rows": [[{"text": "项目"}, {"text": "金额", "align": "right"}]]},
     {"type": "image", "sha256": "…", "width": 120, "alt": "河道平面图"},
     {"type": "page_break"}]

``blocks`` says what each may hold, ``plain`` is the text for everybody who reads it as lines.
"""

from app.documents.text.blocks import (
    Block,
    Cell,
    Image,
    PageBreak,
    Paragraph,
    Stored,
    Table,
    Title,
    stored,
)
from app.documents.text.plain import from_lines, of_stored, plain, retyped

__all__ = [
    "Block",
    "Cell",
    "Image",
    "PageBreak",
    "Paragraph",
    "Stored",
    "Table",
    "Title",
    "from_lines",
    "of_stored",
    "plain",
    "retyped",
    "stored",
]
