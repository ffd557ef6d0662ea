"""A PDF read back by a library that had no part in writing it. Millimetres from the top left."""

import io
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pdfplumber

from app.documents.layout import FontBook
from app.documents.layout.fonts import FontFile

MM = 25.4 / 72
CELL = 156 / 28


@dataclass(frozen=True)
class Char:
    text: str
    face: str
    size: float
    left: float
    right: float
    baseline: float
    red: bool
    turned: bool = False


@dataclass(frozen=True)
class Piece:
    """Characters beside each other on one baseline."""

    page: int
    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        return "".join(char.text for char in self.chars)

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return self.chars[-1].right

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def baseline(self) -> float:
        return self.chars[0].baseline

    @property
    def size(self) -> float:
        return self.chars[0].size

    @property
    def face(self) -> str:
        return self.chars[0].face


@dataclass(frozen=True)
class Rule:
    """A filled rectangle."""

    left: float
    right: float
    top: float
    bottom: float
    red: bool

    @property
    def weight(self) -> float:
        return self.bottom - self.top


class ReadBack:
    """Lines and rules of every page; pages count from 1."""

    def __init__(self, pdf: bytes, fonts: FontBook) -> None:
        self._fonts = fonts
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            self.sizes = [(float(p.width) * MM, float(p.height) * MM) for p in document.pages]
            self._chars = [[_char(c, p) for c in p.chars] for p in document.pages]
            self.pictures = [
                [(i["x0"] * MM, i["top"] * MM, i["x1"] * MM, i["bottom"] * MM) for i in p.images]
                for p in document.pages
            ]
            self._strokes = [[_rule(line) for line in p.lines] for p in document.pages]
            self._rects = [[_rule(r) for r in p.rects] for p in document.pages]

    def turned(self, page: int) -> list[Char]:
        """Characters of the page that do not stand upright."""
        return [char for char in self._chars[page - 1] if char.turned]

    @property
    def pages(self) -> int:
        return len(self.sizes)

    @cached_property
    def lines(self) -> tuple[tuple[Piece, ...], ...]:
        """Of each page, from above."""
        return tuple(_lines(i, chars) for i, chars in enumerate(self._chars, start=1))

    def rules(self, page: int) -> list[Rule]:
        """From above. Borders are drawn as a frame around a white one; their strips are given."""
        return sorted(set(self._rects[page - 1]), key=lambda rule: (rule.top, rule.bottom))

    def grid(self, page: int) -> list[Rule]:
        """Rules of the tables, which are drawn as lines."""
        return self._strokes[page - 1]

    def find(
        self, text: str, page: int | None = None, *, size: float | None = None, last: bool = False
    ) -> Piece:
        """The first (or last) place where all of the text stands on one line, in that size."""
        found = [
            Piece(line.page, line.chars[at : at + len(text)])
            for number, lines in enumerate(self.lines, start=1)
            if page in (None, number)
            for line in lines
            if (at := line.text.find(text)) >= 0
            and (size is None or abs(line.chars[at].size - size) < 0.02)
            and (size is None or abs(line.chars[at].size - size) < 0.02)
        ]
        if not found:
            raise AssertionError(f"not on one line: {text}")
        return found[-1 if last else 0]

    def body(self, page: int) -> tuple[Piece, ...]:
        """The lines of the type area in the size of the text."""
        return tuple(
            line
            for line in self.lines[page - 1]
            if abs(line.size - CELL) < 0.02 and not line.chars[0].red
        )

    def top(self, piece: Piece, height: float) -> float:
        """Top of the line box; the page's own face, not that of the characters, sets it."""
        return piece.baseline - self._fonts.first("fangsong").baseline(piece.size, height)

    def ink(self, piece: Piece) -> tuple[float, float]:
        """Highest and lowest ink."""
        bounds = [self._file(char).ink(char.text) for char in piece.chars]
        low, high = min(b[0] for b in bounds), max(b[1] for b in bounds)
        return piece.baseline - high * piece.size, piece.baseline - low * piece.size

    def _file(self, char: Char) -> FontFile:
        file = self._fonts.pick(char.text, char.face)
        assert file is not None
        return file


def _char(found: dict[str, Any], page: Any) -> Char:
    return Char(
        text=found["text"],
        face=found["fontname"].split("+")[-1].split("-")[0],
        size=found["size"] * MM,
        left=found["x0"] * MM,
        right=found["x1"] * MM,
        baseline=(float(page.height) - found["matrix"][5]) * MM,
        red=found["non_stroking_color"] == (1.0, 0.0, 0.0),
        turned=not found["upright"],
    )


def _rule(found: dict[str, Any]) -> Rule:
    edges = (found[key] * MM for key in ("x0", "x1", "top", "bottom"))
    left, right, top, bottom = (round(edge, 3) for edge in edges)
    return Rule(left, right, top, bottom, found["non_stroking_color"] == (1.0, 0.0, 0.0))


def _lines(page: int, chars: list[Char]) -> tuple[Piece, ...]:
    rows: dict[float, list[Char]] = defaultdict(list)
    for char in chars:
        if char.text.strip() and not char.turned:
            rows[round(char.baseline, 1)].append(char)
    pieces = [
        Piece(page, tuple(sorted(row, key=lambda char: char.left)))
        for _, row in sorted(rows.items())
    ]
    return tuple(sorted(pieces, key=lambda piece: piece.baseline))
