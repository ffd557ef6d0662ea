"""Pictures in a text: their bytes, their width on the paper, and what they show."""

import base64
import hashlib
from io import BytesIO
from typing import Any

from PIL import Image

from ..pictures import PIXELS
from .xml import RELATED, name

EMU = 36_000
"""English metric units in a millimetre."""

NARROWEST, WIDEST = 5, 156
MOST_BYTES = 20 << 20
"""Of all pictures of a file together: they go to the program as text."""

_READ = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
_KEPT = ("PNG", "JPEG")
_SIZES = {"pt": 25.4 / 72, "in": 25.4, "cm": 10.0, "mm": 1.0, "px": 25.4 / 96}


class Pictures:
    """The pictures of one part by their hash; others than PNG and JPEG are made PNG."""

    def __init__(self, part: Any) -> None:
        self._part = part
        self._bytes = 0
        self.found: dict[str, bytes] = {}

    def of(self, drawing: Any) -> dict[str, Any] | str | None:
        """The picture of a drawing; a sentence why it is left out; None when it has none."""
        for each in drawing.iter():
            found = name(each)
            if found == "blip" and each.get(f"{RELATED}link"):
                return "图片不在文件里，只是一个链接"
            if found in ("blip", "imagedata"):
                key = each.get(f"{RELATED}embed") or each.get(f"{RELATED}id")
                return self._taken(key or "", drawing)
        return None

    def encoded(self) -> dict[str, str]:
        return {key: base64.b64encode(value).decode() for key, value in self.found.items()}

    def _taken(self, key: str, drawing: Any) -> dict[str, Any] | str:
        relationship = self._part.rels.get(key)
        if relationship is None or relationship.is_external:
            return "图片不在文件里，只是一个链接"
        content = self._readable(relationship.target_part.blob)
        if content is None:
            return "图片格式不能识别，请另存为 PNG 或 JPEG 再插入"
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self.found:
            self._bytes += len(content)
            if self._bytes > MOST_BYTES:
                return "图片合计超过 20 MB"
            self.found[digest] = content
        return {"sha256": digest, "width": _width(drawing), "alt": _words(drawing)}

    @staticmethod
    def _readable(content: bytes) -> bytes | None:
        """The bytes as they are, or made PNG; None of what cannot be opened, such as EMF."""
        Image.MAX_IMAGE_PIXELS = None  # counted here
        try:
            with Image.open(BytesIO(content), formats=_READ) as picture:
                if picture.width * picture.height > PIXELS:
                    return None
                picture.load()
                if picture.format in _KEPT:
                    return content
                out = BytesIO()
                picture.convert("RGBA").save(out, "PNG")
                return out.getvalue()
        except Exception:  # whatever a reader raises on hostile bytes, it is no picture
            return None


def _width(drawing: Any) -> int:
    """Whole millimetres on the paper, within what a text may hold."""
    for each in drawing.iter():
        if name(each) == "extent" and (each.get("cx") or "").isdigit():
            return _fitting(int(each.get("cx")) / EMU)
        style = each.get("style") if name(each) == "shape" else None
        for rule in (style or "").split(";"):
            key, _, size = rule.strip().partition(":")
            if key == "width" and size[-2:] in _SIZES:
                try:
                    return _fitting(float(size[:-2]) * _SIZES[size[-2:]])
                except ValueError:
                    break
    return WIDEST


def _fitting(width: float) -> int:
    return min(max(round(width), NARROWEST), WIDEST)


def _words(drawing: Any) -> str:
    for each in drawing.iter():
        if name(each) == "docPr":
            words = each.get("descr") or each.get("title") or ""
            return " ".join(words.split())[:200]
        if name(each) == "shape" and each.get("alt"):
            return " ".join(each.get("alt").split())[:200]
    return ""
