"""Automatic numbers of paragraphs, counted as Word counts them."""

import re
from typing import Any

from .numerals import FORMATS, numeral
from .xml import WORD, is_on, value, whole

LEVELS = 9
BULLET = "·"
"""Stands for the signs of lists, which are drawn in fonts of their own."""


class Numbering:
    """Counters of one file; each paragraph is asked for once, in order.

    root  the numbering part; None of a file without one
    """

    def __init__(self, root: Any | None) -> None:
        self._abstract: dict[str, Any] = {}
        self._numbers: dict[str, Any] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()
        self.unknown: set[str] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        for each in root.iterfind(WORD + "abstractNum"):
            self._abstract[each.get(WORD + "abstractNumId", "")] = each
        linked = {value(each, "styleLink"): key for key, each in self._abstract.items()}
        for key, each in self._abstract.items():
            target = linked.get(value(each, "numStyleLink") or "-")
            if target:
                self._abstract[key] = self._abstract[target]
        for each in root.iterfind(WORD + "num"):
            self._numbers[each.get(WORD + "numId", "")] = each

    def level_of_style(self, number: str, style: str) -> int:
        """The level that the list ``number`` gives to a style; 0 when it names none."""
        abstract = self._abstract_of(number)
        for level in () if abstract is None else abstract.iterfind(WORD + "lvl"):
            if value(level, "pStyle") == style:
                return whole(level.get(WORD + "ilvl"))
        return 0

    def label(self, number: str, level: int) -> str:
        """The label of the next paragraph of the list ``number``; "" when there is no such list.

        What parts it from the words is in it: a blank after 第一条, nothing after 一、.
        """
        abstract = self._abstract_of(number)
        if abstract is None or not 0 <= level < LEVELS:
            return ""
        form = self._form(number, abstract, level)
        if form is None:
            return ""
        self._count(number, abstract, level)
        if value(form, "numFmt") == "bullet":
            return BULLET
        legal = is_on(form, "isLgl")
        pattern = value(form, "lvlText") or ""
        text = re.sub(
            "%([1-9])",
            lambda found: self._shown(number, abstract, int(found[1]) - 1, legal),
            pattern,
        )
        return text + _gap(text, value(form, "suff") or "tab")

    def _abstract_of(self, number: str) -> Any | None:
        found = self._numbers.get(number)
        return None if found is None else self._abstract.get(value(found, "abstractNumId") or "")

    def _form(self, number: str, abstract: Any, level: int) -> Any | None:
        for override in self._numbers[number].iterfind(WORD + "lvlOverride"):
            own = override.find(WORD + "lvl")
            if own is not None and whole(override.get(WORD + "ilvl"), -1) == level:
                return own
        levels = abstract.iterfind(WORD + "lvl")
        return next((each for each in levels if whole(each.get(WORD + "ilvl")) == level), None)

    def _count(self, number: str, abstract: Any, level: int) -> None:
        """Lists of one kind go on counting together, unless one of them begins anew."""
        counters = self._counters.setdefault(self._key(abstract), [None] * LEVELS)
        for override in self._numbers[number].iterfind(WORD + "lvlOverride"):
            place = whole(override.get(WORD + "ilvl"), -1)
            begins = value(override, "startOverride") is not None
            if begins and 0 <= place <= level and (number, place) not in self._begun:
                self._begun.add((number, place))
                counters[place] = None
        for above in range(level):
            if counters[above] is None:
                counters[above] = self._start(number, abstract, above)
        present = counters[level]
        counters[level] = self._start(number, abstract, level) if present is None else present + 1
        for below in range(level + 1, LEVELS):
            if self._restarts(number, abstract, below, level):
                counters[below] = None

    def _start(self, number: str, abstract: Any, level: int) -> int:
        for override in self._numbers[number].iterfind(WORD + "lvlOverride"):
            if whole(override.get(WORD + "ilvl"), -1) == level:
                own = value(override, "startOverride")
                if own is not None:
                    return whole(own, 1)
        form = self._form(number, abstract, level)
        return 1 if form is None else whole(value(form, "start"), 1)

    def _restarts(self, number: str, abstract: Any, below: int, level: int) -> bool:
        form = self._form(number, abstract, below)
        after = None if form is None else value(form, "lvlRestart")
        return after is None or level < whole(after)

    def _shown(self, number: str, abstract: Any, level: int, legal: bool) -> str:
        form = self._form(number, abstract, level)
        counted = self._counters[self._key(abstract)][level]
        if counted is None:
            counted = self._start(number, abstract, level)
        name = "decimal" if legal or form is None else value(form, "numFmt") or "decimal"
        if name not in FORMATS and name != "bullet":
            self.unknown.add(name)
        return numeral(counted, name)

    @staticmethod
    def _key(abstract: Any) -> str:
        return str(abstract.get(WORD + "abstractNumId", ""))


def _gap(text: str, suffix: str) -> str:
    """Word puts a tab there, which a line of 公文 does not have."""
    if suffix == "nothing" or not text:
        return ""
    if re.search("[章节条编款]$", text):
        return "\u3000"
    return " " if re.search(r"[0-9A-Za-z]$", text) else ""
