"""Where seals go and the room that they ask for (7.3.5.1). Millimetres unless it says em."""

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

from app.documents.layout.composer import CELLS
from app.documents.layout.sheet import Box, Sheet

SEAL_LOWER = 0.12  # the pair 署名 and date has its middle this part of d below the seal's centre
SEALS_APART = 4.0  # between two seals, which neither touch nor overlap
NAMES_APART = 1.0  # em
DATE_CLEAR = 4.0  # em clear to the right of the date
STAMP_LINES = 2  # blank ones before a 签名章
CELL = 156 / CELLS

Item = TypeVar("Item")


def blank_lines_before_unit(sheet: Sheet, pitch: float) -> int:
    """Fewest blank lines that keep the seal off the text; its top is then within one line."""
    if sheet.posts:
        return STAMP_LINES
    if not sheet.sealed:
        return 1
    lines = 1
    while lines * pitch < seal_rise(sheet.seal_diameter, pitch):
        lines += 1
    return lines


def blank_lines_between_units(sheet: Sheet, pitch: float) -> int:
    """Fewest blank lines from one row of names to the next that keep their seals apart."""
    return math.ceil((sheet.seal_diameter + SEALS_APART) / pitch) - 1


def seal_rise(diameter: float, pitch: float) -> float:
    """By how much the seal stands above the line of the 署名."""
    return diameter * (0.5 + SEAL_LOWER) - pitch


def seal_drop(diameter: float, pitch: float) -> float:
    """By how much the seal hangs below the line of the date."""
    return diameter * (0.5 - SEAL_LOWER) - pitch


def columns(names: Sequence[float], day: float, diameter: float) -> list[float]:
    """Em from the left edge to the middle of each column of seals, from the left.

    names   em of each 署名; day: em of the date, which stands under the last one
    returns as many columns as the line holds, at least one; the last is where the date is
    """
    widest, across = max(names), diameter / CELL
    half = max(widest, across) / 2
    last = min(CELLS - DATE_CLEAR - day / 2, CELLS - half)
    apart = max(across + SEALS_APART / CELL, widest + NAMES_APART)
    count = 1 + max(0, int((last - half) / apart))
    return [last - i * apart for i in reversed(range(min(count, len(names))))]


def rows(items: Sequence[Item], across: int) -> list[Sequence[Item]]:
    """Rows of at most ``across``, none with more than the one before."""
    return [items[i : i + across] for i in range(0, len(items), across)]


def seal_box(unit: Box, day: Box, diameter: float) -> Box:
    """Where the seal goes: over 署名 and date, its centre a little above theirs."""
    x = (day.left + day.right) / 2
    y = (unit.top + day.bottom) / 2 - SEAL_LOWER * diameter
    return _around(day.page, x, y, diameter)


def seal_boxes(sheet: Sheet, places: Mapping[str, Box]) -> dict[str, Box]:
    """``seal``, of the lead agency where there are several, and then ``seal-1`` … as well.

    The seals of one row stand at one height, whether over a name alone or over the date too.
    """
    if not sheet.sealed or sheet.posts or not {"unit", "date"} <= places.keys():
        return {}
    units = [places[key] for i in range(len(sheet.issuers)) if (key := f"unit-{i + 1}") in places]
    if not units:
        return {"seal": seal_box(places["unit"], places["date"], sheet.seal_diameter)}
    d, day = sheet.seal_diameter, places["date"]
    boxes = {}
    for i, unit in enumerate(units, start=1):
        over = day if i == len(units) else unit
        pitch = unit.bottom - unit.top
        middle = unit.top + pitch - SEAL_LOWER * d
        boxes[f"seal-{i}"] = _around(unit.page, (over.left + over.right) / 2, middle, d)
    return {"seal": boxes["seal-1"], **boxes}


def _around(page: int, x: float, y: float, diameter: float) -> Box:
    half = diameter / 2
    return Box(page, x - half, y - half, x + half, y + half)
