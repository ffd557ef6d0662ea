"""How the values of 时限规则 are written, read and said: one maker for each kind of value. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.deadlines import hours
from app.deadlines.errors import CalendarRefused

FURTHEST = 60
"""Working days before or after a date that a ladder may reach."""
MOST_HOURS = 6
"""Times or stretches of a day that a unit may fix."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Key:
    """One value that a unit may choose.

    read     the value from text; raises ValueError
    say      the value in words
    wanted   what the text should be, said when it is not
    options  (text, words) where there is a fixed choice
    """

    name: str
    label: str
    read: Callable[[str], Any]
    say: Callable[[Any], str]
    wanted: str
    options: tuple[tuple[str, str], ...] = ()

    def text(self, value: Any) -> str:
        """What ``read`` takes."""
        return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def choice(name: str, label: str, kind: type[StrEnum], words: Mapping[str, str]) -> Key:
    wanted = f"请从{'、'.join(words.values())}中选择。"
    return Key(name, label, kind, lambda value: words[value], wanted, tuple(words.items()))


def number(name: str, label: str, unit: str, most: int) -> Key:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return Key(name, label, read, lambda value: f"{value} {unit}", f"应为 1 至 {most} {unit}。")


def days(name: str, label: str, wanted: str, fits: Callable[[tuple[int, ...]], bool]) -> Key:
    def read(text: str) -> tuple[int, ...]:
        if not (text.isascii() and text.replace(" ", "").isdigit()):
            raise ValueError(text)
        days = tuple(int(each) for each in text.split())
        if not fits(days) or max(days) > FURTHEST:
            raise ValueError(text)
        return days

    def say(days: tuple[int, ...]) -> str:
        return f"{'、'.join(map(str, days))} 个工作日"

    return Key(name, label, read, say, wanted)


def stretches(name: str, label: str, wanted: str) -> Key:
    """Hours of the day from and until, such as ``08:00-08:30 16:00-16:30``."""

    def read(text: str) -> tuple[str, ...]:
        try:
            found = hours.read(text)
        except CalendarRefused:
            raise ValueError(text) from None
        return _few(hours.write(found).split())

    return Key(name, label, read, "、".join, wanted)


def times(name: str, label: str, wanted: str) -> Key:
    """Times of the day, such as ``10:00 15:30``."""

    def read(text: str) -> tuple[str, ...]:
        found = _few(text.split())
        if not all(map(_TIME.fullmatch, found)) or any(b <= a for a, b in pairwise(found)):
            raise ValueError(text)
        return found

    return Key(name, label, read, "、".join, wanted)


def _few(found: list[str]) -> tuple[str, ...]:
    if not 1 <= len(found) <= MOST_HOURS:
        raise ValueError(found)
    return tuple(found)
