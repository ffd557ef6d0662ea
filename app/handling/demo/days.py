"""When things happened: points on the working days before now, as the calendar has them.

A point is a number of working days counted from this morning: 0.5 is halfway through what has
passed of today, -0.5 yesterday at noon, -3.0 the opening of the third working day before today.
At night, on a day off or right after the opening, the last working day stands for today and for
yesterday both: what came the day before it is overdue by then, and not everything should be.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.deadlines import WorkCalendar
from app.deadlines.workdays import Span, local_date

HARDLY_BEGUN = timedelta(minutes=10)
"""A day no older than this leaves no room for what is to have happened on it."""


@dataclass(frozen=True)
class Days:
    """Working time of the last days, today first; today's ends now.

    over  the first of them is over: it stands for two
    """

    spans: tuple[tuple[Span, ...], ...]
    over: bool = False

    def at(self, point: float) -> datetime:
        """The instant of a point, to the millisecond. Raises IndexError before the oldest day."""
        if self.over:
            point = (point + 1) / 2 if point > -1 else point + 1
        day = math.floor(point)
        if day > 0 or -day >= len(self.spans):
            raise IndexError(f"no working day at {point}")
        spans = self.spans[-day]
        passed = sum((span.end - span.start for span in spans), timedelta()) * (point - day)
        for span in spans:
            length = span.end - span.start
            if passed <= length:
                break
            passed -= length
        at = span.start + passed
        return at.replace(microsecond=at.microsecond // 1000 * 1000)


def before(now: datetime, calendar: WorkCalendar, count: int) -> Days:
    """The ``count`` working days up to ``now``, which may be at night or on a holiday."""
    found: list[tuple[Span, ...]] = []
    day = local_date(now)
    while len(found) < count:
        spans = tuple(
            Span(span.start, min(span.end, now)) for span in calendar.spans(day) if span.start < now
        )
        worked = sum((span.end - span.start for span in spans), timedelta())
        if worked > HARDLY_BEGUN:
            found.append(spans)
        day -= timedelta(days=1)
    return Days(tuple(found), over=now >= calendar.close(local_date(found[0][0].start)))
