"""Bars drawn by the server: geometry only; the table beside them says the same in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.handling.figures.tables import Figures
from app.web import words

ROOM, ROW = 300, 46
"""Pixels: for bars, as wide as a phone shows, and the height of a line with its words above."""
NAME = 8
"""Characters of a name that fit."""


@dataclass(frozen=True)
class Part:
    """A piece of a bar; ``kind`` is the class that gives its colour."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    label: str
    y: int
    parts: Sequence[Part]
    said: str


@dataclass(frozen=True)
class Chart:
    """``width`` and ``height`` in pixels; it is not scaled, so that its words stay legible."""

    bars: Sequence[Bar]
    width: int
    height: int


def of_lateness(lines: Sequence[Figures]) -> Chart:
    """Items on time, late, and not handled, one behind the other."""
    values = []
    for each in lines:
        parts = [("green", each.on_time), ("red", each.late), ("amber", each.waiting or 0)]
        values.append((parts, _lateness(each)))
    return _chart([each.label for each in lines], values)


def of_handling_time(lines: Sequence[Figures]) -> Chart:
    """Average working time of an item."""
    values = [([("link", each.average)], f"平均 {words.span(each.average)}") for each in lines]
    return _chart([each.label for each in lines], values)


def _lateness(each: Figures) -> str:
    waiting = f" · 未办 {each.waiting}" if each.waiting else ""
    return f"按时 {each.on_time} · 超时 {each.late}{waiting}"


def _chart(labels: Sequence[str], values: Sequence[tuple[list[tuple[str, int]], str]]) -> Chart:
    most = max((sum(amount for _, amount in parts) for parts, _ in values), default=0) or 1
    bars = []
    for place, (label, (parts, said)) in enumerate(zip(labels, values, strict=True)):
        x, drawn = 0.0, []
        for kind, amount in parts:
            width = round(ROOM * amount / most, 1)
            if amount:
                drawn.append(Part(kind, round(x, 1), width))
            x += width
        name = label if len(label) <= NAME else f"{label[: NAME - 1]}…"
        bars.append(Bar(name, place * ROW, drawn, said))
    return Chart(bars, ROOM, max(len(bars), 1) * ROW)
