"""Working hours written as text: ``08:30-12:00 14:00-18:00``, Asia/Shanghai (decision 4)."""

import re
from datetime import time
from itertools import pairwise

from app.deadlines.errors import CalendarRefused

Hours = tuple[tuple[time, time], ...]
"""Intervals of one day, first to last, each from its start up to, not including, its end."""

_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def read(text: str) -> Hours:
    """Intervals from text; raises CalendarRefused when they are empty, overlap or run backwards."""
    found = []
    for part in text.split():
        match = _INTERVAL.fullmatch(part)
        if not match:
            raise CalendarRefused(f"工作时间“{text}”无法识别，应写成“08:30-12:00 14:00-18:00”。")
        first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
        found.append((time(first_hour, first_minute), time(last_hour, last_minute)))
    ends = [at for interval in found for at in interval]
    if not ends or any(later <= earlier for earlier, later in pairwise(ends)):
        raise CalendarRefused(f"工作时间“{text}”应由早到晚、互不重叠，且至少有一段。")
    return tuple(found)


def write(hours: Hours) -> str:
    """The text that ``read`` takes."""
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in hours)


DEFAULT = read("08:30-12:00 14:00-18:00")
"""Where a unit has not set its own."""
