"""A story: one document, what happens to it, and when."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.handling.demo.days import Days
from app.handling.demo.ways import Acts


@dataclass(frozen=True)
class Story:
    """One document in the office with this key.

    begun, ended  points of its first and last act (see ``days``); the acts lie between them
    by_clock      the points are minutes from now instead, at whatever hour that is
    """

    unit: str
    begun: float
    ended: float
    acts: Acts
    by_clock: bool = False

    def times(self, days: Days, now: datetime) -> list[datetime]:
        """When each act happens, in their order."""
        points = _spread(self.begun, self.ended, len(self.acts))
        if self.by_clock:
            return [now + timedelta(minutes=minutes) for minutes in points]
        return [days.at(point) for point in points]


def _spread(begun: float, ended: float, count: int) -> list[float]:
    """As many points, first and last as given, unevenly apart but never out of order."""
    if count == 1:
        return [ended]
    apart = (ended - begun) / (count - 1)
    inner = [begun + apart * (n + 0.35 * math.sin(7.3 * n + begun)) for n in range(1, count - 1)]
    return [begun, *inner, ended]
