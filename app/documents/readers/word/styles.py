"""What a paragraph has by its style: name, place, size, list."""

from collections.abc import Iterator
from typing import Any

from .xml import WORD, is_on, value, whole

MOST_ABOVE = 20
"""Styles that a style may be based on, one on the other."""

NORMAL = 10.5
"""Points of type where a file says nothing."""


class Styles:
    """The styles of one file, each with those that it is based on."""

    def __init__(self, root: Any) -> None:
        self._by_id = {each.get(WORD + "styleId", ""): each for each in root.iter(WORD + "style")}
        defaults = root.find(f"{WORD}docDefaults/{WORD}rPrDefault")
        size = None if defaults is None else value(defaults, "rPr/sz")
        self._size = whole(size) / 2 if size else NORMAL
        ids = (each for each in self._by_id.values() if each.get(WORD + "default") == "1")
        paragraphs = (each for each in ids if each.get(WORD + "type") == "paragraph")
        self._default = next((each.get(WORD + "styleId", "") for each in paragraphs), "")

    def name(self, style: str | None) -> str:
        found = self._by_id.get(style or self._default)
        return "" if found is None else value(found, "name") or ""

    def align(self, style: str | None) -> str | None:
        places = (value(each, "pPr/jc") for each in self._chain(style))
        return next((place for place in places if place), None)

    def size(self, style: str | None) -> float:
        sizes = (value(each, "rPr/sz") for each in self._chain(style))
        return next((whole(size) / 2 for size in sizes if size), self._size)

    def breaks_before(self, style: str | None) -> bool:
        return any(is_on(each, "pPr/pageBreakBefore") for each in self._chain(style))

    def list_of(self, style: str | None) -> tuple[str, str | None, str] | None:
        """(list, level, style that says so); the level may be left to the list."""
        for each in self._chain(style):
            number = value(each, "pPr/numPr/numId")
            if number:
                own = each.get(WORD + "styleId", "")
                return number, value(each, "pPr/numPr/ilvl"), own
        return None

    def _chain(self, style: str | None) -> Iterator[Any]:
        found = self._by_id.get(style or self._default)
        for _ in range(MOST_ABOVE):
            if found is None:
                return
            yield found
            found = self._by_id.get(value(found, "basedOn") or "-")
