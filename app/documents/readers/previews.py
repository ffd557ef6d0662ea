"""What a browser may show of a file: words and tables, or a page of it as a picture.

    {"form": "pdf"}                                  the file itself, found inert once more
    {"form": "picture", "pages": 3, "media_type": "image/png", "picture": base64 of page 2}
    {"form": "text", "items": [{"type": "line", "text": "一、总体要求"},
                               {"type": "table", "head": 1, "rows": [[{"text": "项目", …}]]}],
     "cut": false}                                   cut: there is more than is shown

Everything is read anew by the reader that let the file in; a table of Excel is not shown, because
without its formats a date would be a number.
"""

from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO

from .refused import Refused

EDGE = 2000
"""Pixels of the longer edge of a picture, enough to read a scanned page of A4."""

CHARACTERS = 200_000
ITEMS = 3000
"""Most that is shown of a text: characters, and lines or rows of tables."""

Items = Iterable[dict[str, Any]]


def preview(file: BinaryIO, extension: str, page: int) -> dict[str, Any]:
    """See above; ``page`` counts from 1, with 0 only the pages are counted. Raises Refused."""
    from . import read

    read(file, extension)
    file.seek(0)
    if extension == "pdf":
        return {"form": "pdf"}
    if extension == "txt":
        text = file.read().decode("utf-8-sig")
        return _shown({"type": "line", "text": line} for line in text.splitlines())
    if extension == "docx":
        from .word import read_words

        return _shown(map(_of_word, read_words(file, extension)["items"]))
    if extension == "pptx":
        from .slides import read_slides

        return _shown(read_slides(file))
    if extension == "xlsx":
        raise Refused("type", "Excel 表格不能预览。")
    return _page(file, page)


def _of_word(item: dict[str, Any]) -> dict[str, Any]:
    if item["kind"] == "table":
        return {"type": "table", "head": item["head"], "rows": item["rows"]}
    if item["kind"] == "picture":
        return {"type": "line", "text": f"［图片：{item.get('alt') or '未命名'}］"}
    return {"type": "line", "text": item.get("text", "")}


def _shown(items: Items) -> dict[str, Any]:
    """As many items as a page can hold."""
    found: list[dict[str, Any]] = []
    left, rows = CHARACTERS, ITEMS
    for item in items:
        words, lines = _size(item)
        if item["type"] == "line" and words > left > 0:
            found.append({"type": "line", "text": item["text"][:left]})
        if words > left or lines > rows:
            return {"form": "text", "items": found, "cut": True}
        left, rows = left - words, rows - lines
        found.append(item)
    return {"form": "text", "items": found, "cut": False}


def _size(item: dict[str, Any]) -> tuple[int, int]:
    """Characters and lines of an item; an empty cell of a table takes room, too."""
    if item["type"] == "line":
        return len(item["text"]), 1
    cells = [cell for row in item["rows"] for cell in row]
    return sum(len(cell["text"]) + 10 for cell in cells), len(item["rows"])


def _page(file: BinaryIO, page: int) -> dict[str, Any]:
    """A page of a scan, or the one picture, drawn anew without anything else that lies in it."""
    from PIL import Image, ImageOps

    with Image.open(file, formats=("PNG", "JPEG", "TIFF")) as picture:
        pages = getattr(picture, "n_frames", 1)
        if not 1 <= page <= pages:
            return {"form": "picture", "pages": pages}
        form = "JPEG" if picture.format == "JPEG" else "PNG"
        try:
            picture.seek(page - 1)
            picture.thumbnail((EDGE, EDGE))
            drawn = ImageOps.exif_transpose(picture).convert("RGBA" if form == "PNG" else "RGB")
        except Exception:  # whatever a reader raises on hostile bytes, the page cannot be shown
            raise Refused("unreadable", "这一页已损坏，不能预览。") from None
    clean = Image.new("RGB", drawn.size, "white")
    clean.paste(drawn, mask=drawn if drawn.mode == "RGBA" else None)
    out = BytesIO()
    clean.save(out, form)
    return {
        "form": "picture",
        "pages": pages,
        "media_type": f"image/{form.lower()}",
        "picture": b64encode(out.getvalue()).decode(),
    }
