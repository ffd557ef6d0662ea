"""The working calendar of a unit: which days are worked, and when. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from app.clock import SHANGHAI
from app.deadlines import hours as working_hours
from app.deadlines import statutory
from app.deadlines.errors import DeadlineRefused
from app.deadlines.hours import Hours
from app.deadlines.policy import DEFAULT, Policy

SEARCH_DAYS = 400
"""A calendar without a working day for so long is a mistake, not a holiday."""
MAKE_UP = "调休上班"


@dataclass(frozen=True)
class Day:
    """What the calendar says about a date.

    provisional  the year's notice is not known: weekends and statutory days were assumed
    source       where the answer comes from, in words
    name         the festival or the reason of an entry; empty on an ordinary day
    """

    date: date
    is_workday: bool
    provisional: bool
    source: str
    name: str = ""


@dataclass(frozen=True)
class Override:
    """An entry for one date; ``hours`` None means the usual ones."""

    is_workday: bool
    reason: str
    source: str
    hours: Hours | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of working time, aware UTC, from ``start`` up to, not including, ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class WorkCalendar:
    """Days and hours of one unit (DDL-34), and how it counts with them.

    version    names the state of all sources; kept with every limit computed from it
    overrides  entries by date, the unit's own already laid over those for every unit
    notices    years whose notice was entered and confirmed, with its name
    hours      (from this day on, intervals), newest first; before the oldest the default holds
    policy     what the unit has chosen about its limits, or inherits
    """

    version: str = statutory.LIBRARY
    overrides: Mapping[date, Override] = field(default_factory=dict)
    notices: Mapping[int, str] = field(default_factory=dict)
    hours: tuple[tuple[date, Hours], ...] = ()
    policy: Policy = DEFAULT
    _spans: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def day(self, of: date) -> Day:
        """An entry, else the library's notice, else the entered notice, else the statute."""
        entry = self.overrides.get(of)
        if entry:
            return Day(of, entry.is_workday, False, entry.source, entry.reason)
        if of.year in statutory.YEARS:
            return _by_library(of)
        weekday = of.weekday() < 5
        if of.year in self.notices:
            return Day(of, weekday, False, self.notices[of.year])
        festival = _statutory(of.year).get(of, "")
        return Day(of, weekday and not festival, True, "按周末和法定节日推算", festival)

    def is_workday(self, of: date) -> bool:
        return self.day(of).is_workday

    def days(self, first: date, last: date) -> list[Day]:
        """Every date from ``first`` to ``last``, both included."""
        return [self.day(first + timedelta(days=n)) for n in range((last - first).days + 1)]

    def spans(self, of: date) -> tuple[Span, ...]:
        """Working time of a date, first to last; empty on a day off."""
        known = self._spans.get(of)
        if known is None:
            known = self._spans[of] = self._read_spans(of)
        return known

    def _read_spans(self, of: date) -> tuple[Span, ...]:
        if not self.is_workday(of):
            return ()
        entry = self.overrides.get(of)
        intervals = (entry.hours if entry else None) or self.usual_hours(of)
        return tuple(
            Span(
                datetime.combine(of, start, SHANGHAI).astimezone(UTC),
                datetime.combine(of, end, SHANGHAI).astimezone(UTC),
            )
            for start, end in intervals
        )

    def usual_hours(self, of: date) -> Hours:
        """The hours a working day has at that time of the year, entries for the day aside."""
        return next(
            (intervals for since, intervals in self.hours if since <= of), working_hours.DEFAULT
        )

    def close(self, of: date) -> datetime:
        """Close of business (下班) of a working day, aware UTC."""
        return self.spans(of)[-1].end

    def is_open(self, at: datetime) -> bool:
        """Whether ``at`` lies in working time; the instant of closing is already outside."""
        return any(span.start <= at < span.end for span in self.spans(local_date(at)))

    def opening_after(self, at: datetime) -> datetime:
        """When working time begins next after ``at``, aware UTC; raises like workday_after."""
        today = local_date(at)
        for span in self.spans(today):
            if span.start > at:
                return span.start
        return self.spans(self.workday_after(today))[0].start

    def workday_after(self, of: date, count: int = 1) -> date:
        """The ``count``-th working day after a date.

        Raises DeadlineRefused when the calendar has none for more than a year.
        """
        for _ in range(count):
            of = self._workday(of, timedelta(days=1), "之前")
        return of

    def workday_before(self, of: date) -> date:
        """The last working day before a date; raises like :meth:`workday_after`."""
        return self._workday(of, timedelta(days=-1), "之后")

    def _workday(self, of: date, step: timedelta, side: str) -> date:
        for _ in range(SEARCH_DAYS):
            of += step
            if self.is_workday(of):
                return of
        raise DeadlineRefused(f"{of} {side}已连续 {SEARCH_DAYS} 天没有工作日，请核对工作日历。")

    def minutes_per_day(self, of: date) -> int:
        """Length of a usual working day, in minutes."""
        return sum(
            (end.hour - start.hour) * 60 + end.minute - start.minute
            for start, end in self.usual_hours(of)
        )


def local_date(at: datetime) -> date:
    """The date of an instant in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


def _by_library(of: date) -> Day:
    if of in statutory.MAKE_UP:
        return Day(of, True, False, statutory.LIBRARY, MAKE_UP)
    if of in statutory.OFF:
        return Day(of, False, False, statutory.LIBRARY, statutory.OFF[of])
    return Day(of, of.weekday() < 5, False, statutory.LIBRARY)


@lru_cache(maxsize=64)
def _statutory(year: int) -> Mapping[date, str]:
    return statutory.statutory(year)
