"""Plain printed forms and registers: our own HTML set as PDF/A by the typesetting process."""

import base64
import hashlib
import html
from collections.abc import Mapping
from types import MappingProxyType

from app.documents.layout.pen import Pen
from app.documents.layout.process import run_worker

SECONDS = 25


def printed(
    title: str,
    author: str,
    body: str,
    style: str,
    pen: Pen,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The PDF of ``body``, whose texts the pen has drawn; the same input gives the same bytes.

    pictures  PNG or JPEG that the body shows, by the name in ``picture:…``
    Raises GlyphMissing for a character that no font has, RenderingStopped.
    """
    pen.ensure_all_drawn()
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<title>{html.escape(title)}</title><meta name="author" content="{html.escape(author)}">'
        f"</head><body>{body}</body></html>"
    )
    job = {
        "attempts": [{"html": page, "css": pen.css + style}],
        "fonts": [str(file.path) for file in pen.files],
        "conditions": {},
        "wishes": {},
        "seconds": SECONDS,
        "take_any": True,
        "pictures": {name: _text(content) for name, content in pictures.items()},
        "variant": "pdf/a-3b",
        "identifier": hashlib.sha256(page.encode()).hexdigest()[:32],
    }
    return base64.b64decode(run_worker(job)["pdf"])


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
