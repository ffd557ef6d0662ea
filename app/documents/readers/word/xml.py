"""Looking into the XML of a Word file."""

from collections.abc import Iterator
from typing import Any

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

AROUND = ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple")
"""Elements that only stand around others."""

GONE = ("del", "moveFrom")
"""What tracked changes have taken off."""


def name(element: Any) -> str:
    """The name without its namespace; "" of comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Any, path: str, attribute: str = "val") -> str | None:
    """Attribute of the first element at ``path``, such as ``pPr/jc``; None without one."""
    found = element.find("/".join(WORD + step for step in path.split("/")))
    return None if found is None else found.get(WORD + attribute)


def is_on(element: Any, path: str) -> bool:
    """Whether a switch such as ``rPr/vanish`` stands there and is not off."""
    found = element.find("/".join(WORD + step for step in path.split("/")))
    return found is not None and found.get(WORD + "val", "1") not in ("0", "false", "off")


def whole(text: str | None, otherwise: int = 0) -> int:
    """A whole number as attributes hold it."""
    try:
        return int(float(text or ""))
    except (ValueError, OverflowError):
        return otherwise


def within(element: Any, *names: str) -> Iterator[Any]:
    """Children of these names, also those that stand inside of what is only around them."""
    for child in element:
        found = name(child)
        if found in names:
            yield child
        elif found in AROUND:
            yield from within(child, *names)
