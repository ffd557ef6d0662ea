"""The words and tables of PowerPoint slides, in the order in which they are shown."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from .office import BROKEN
from .refused import Refused

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_REFERS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def read_slides(file: BinaryIO) -> list[dict[str, Any]]:
    """Items as ``previews`` has them; a line with the number before each slide. Raises Refused."""
    found: list[dict[str, Any]] = []
    try:
        with zipfile.ZipFile(file) as archive:
            for number, name in enumerate(_in_order(archive), start=1):
                found.append({"type": "line", "text": f"— 第 {number} 张 —"})
                found += _items(etree.fromstring(archive.read(name), _PARSER))
    except (etree.XMLSyntaxError, KeyError, ValueError, RecursionError):
        raise Refused("unreadable", BROKEN) from None
    return found


def _in_order(archive: zipfile.ZipFile) -> Iterator[str]:
    """Names of the parts that hold the slides."""
    show = etree.fromstring(archive.read("ppt/presentation.xml"), _PARSER)
    wanted = [each.get(_REFERS) for each in show.iter(f"{_SLIDES}sldId")]
    if not wanted:
        return
    links = etree.fromstring(archive.read("ppt/_rels/presentation.xml.rels"), _PARSER)
    targets = {each.get("Id"): str(each.get("Target", "")) for each in links}
    for each in wanted:
        yield posixpath.normpath(posixpath.join("/ppt", targets[each])).lstrip("/")


def _items(slide: Any) -> Iterator[dict[str, Any]]:
    for each in slide.iter(f"{_DRAWING}p", f"{_DRAWING}tbl"):
        if each.tag == f"{_DRAWING}tbl":
            rows = [_row(row) for row in each.iterchildren(f"{_DRAWING}tr")]
            yield {"type": "table", "head": 0, "rows": rows}
        elif next(each.iterancestors(f"{_DRAWING}tbl"), None) is None and _words(each).strip():
            yield {"type": "line", "text": _words(each).strip()}


def _row(row: Any) -> list[dict[str, Any]]:
    return [
        {
            "text": "\n".join(_words(each) for each in cell.iter(f"{_DRAWING}p")),
            "across": 1,
            "down": 1,
            "align": "left",
        }
        for cell in row.iterchildren(f"{_DRAWING}tc")
    ]


def _words(paragraph: Any) -> str:
    return "".join(paragraph.itertext(f"{_DRAWING}t"))
