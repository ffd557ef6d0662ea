"""A second way to a limit, sharing nothing with the program: a list of working dates, and seconds.

The dates come from the tables of notices in ``test_workdays``, for 2027 from the statute, by hand.
Plain on purpose: working time is counted second by second, and minute by minute from a full one.
"""

import re
from bisect import bisect_right
from datetime import date, datetime, timedelta

from .test_workdays import NOTICES

STATUTORY_2027 = "01-01 02-05 02-08 04-05 06-09 09-15 10-01"
"""Weekdays off by statute alone; the others fall on a weekend."""
USUAL = "08:30-12:00 14:00-18:00"


def _dates() -> list[date]:
    off = {f"2027-{each}" for each in STATUTORY_2027.split()}
    worked = set()
    for year, (make_up, weekdays_off, _) in NOTICES.items():
        worked |= {f"{year}-{each}" for each in make_up.split()}
        off |= {f"{year}-{each}" for each in weekdays_off.split()}
    every = [date(2023, 12, 25) + timedelta(days=n) for n in range(1500)]
    return [
        day for day in every if str(day) in worked or (day.weekday() < 5 and str(day) not in off)
    ]


WORKED = _dates()


def _step(at: datetime) -> int:
    """Seconds until the next moment at which anything may begin or end."""
    return 1 if at.second else 60


class Reckoner:
    """``hours`` of a date as text; by default the usual ones."""

    def __init__(self, special: dict[str, str], since: tuple[str, str] = ("9999", "")) -> None:
        self.special = special
        self.since = since

    def hours(self, day: date) -> list[tuple[str, str]]:
        text = self.special.get(str(day)) or (self.since[1] if str(day) >= self.since[0] else USUAL)
        return [(part[:5], part[6:]) for part in text.split()] if day in WORKED else []

    def is_open(self, at: datetime) -> bool:
        clock = f"{at:%H:%M:%S}"
        return any(f"{a}:00" <= clock < f"{b}:00" for a, b in self.hours(at.date()))

    def close(self, day: date) -> datetime:
        return datetime.fromisoformat(f"{day} {self.hours(day)[-1][1]}")

    def nth(self, day: date, count: int) -> date:
        return WORKED[bisect_right(WORKED, day) + count - 1]

    def reckon(self, arrived: datetime, profile: str, limit: str, urgency: str) -> datetime:
        drawn = self._drawn(arrived, profile, limit)
        if urgency == "none":
            return drawn
        at_once = arrived + timedelta(minutes=30 if self.is_open(arrived) else 120)
        return at_once if limit.endswith("D") else min(at_once, drawn)

    def _drawn(self, arrived: datetime, profile: str, limit: str) -> datetime:
        amount = int(re.sub(r"\D", "", limit))
        if not limit.endswith("D"):
            return self._spend(arrived, amount * (3600 if limit.endswith("H") else 60))
        if profile == "elapsed":
            while not self.is_open(arrived):
                arrived += timedelta(seconds=_step(arrived))
            return datetime.combine(self.nth(arrived.date(), amount), arrived.time())
        if amount:
            return self.close(self.nth(arrived.date(), amount))
        day = arrived.date()
        late = day not in WORKED or arrived >= self.close(day)
        return self.close(self.nth(day, 1) if late else day)

    def _spend(self, at: datetime, seconds: int) -> datetime:
        while seconds > 0:
            step = _step(at)
            seconds -= step if self.is_open(at) else 0
            at += timedelta(seconds=step)
        return at
