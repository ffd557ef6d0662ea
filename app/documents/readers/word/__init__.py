"""What a Word file says: its words and structure in order, and what of it a 公文 has no place for.

    {"items": [{"kind": "paragraph", "text": "一、总体要求", "style": "公文正文", "align": "left",
                "size": 16.0, "heading": 0, "numbered": true},
               {"kind": "table", "rows": [[{"text": "项目", …}]], "head": 1, "widths": [4422]},
               {"kind": "picture", "sha256": "…", "width": 120, "alt": "平面图"},
               {"kind": "page_break"}],
     "notes": [{"what": "批注", "place": "第 3 段", "detail": "请核对数字"}],
     "pictures": {"…": base64 of a PNG or JPEG}}

Nothing is run, fetched or opened that lies in the file; tracked changes are read as accepted.
"""

from .document import read_words

__all__ = ["read_words"]
