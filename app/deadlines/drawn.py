"""When a timer drawn on a route runs out: a limit, a length of time, or a moment."""

import re
from datetime import date, datetime, time, timedelta

from app.clock import SHANGHAI
from app.deadlines.arithmetic import due
from app.deadlines.errors import DeadlineRefused, LimitUnreadable
from app.deadlines.limits import read
from app.deadlines.rules import MAX_DAYS, Count, Deadline, Rule
from app.deadlines.workdays import WorkCalendar

_PARTS = (("years", "Y"), ("months", "M"), ("weeks", "W"), ("days", "D"))
_TIMES = (("hours", "H"), ("minutes", "M"), ("seconds", "S"))
_LENGTH = re.compile(
    "P{}(?:T{})?".format(
        *(
            "".join(rf"(?:(?P<{name}>\d{{1,7}}){sign})?" for name, sign in parts)
            for parts in (_PARTS, _TIMES)
        )
    )
)


def runs_out(calendar: WorkCalendar, at: datetime, text: str) -> Deadline | datetime:
    """The end of a timer that begins at ``at``.

    text  ``P3D`` and ``PT2H`` are counted like the property ``limit``: working days, working time.
          Every other length (``P1W``, ``P1M``, ``P1DT12H``, ``PT90S``) runs by the clock, day and
          night, up to the full minute. A day is its beginning; a moment without an offset is
          Shanghai's.
    Raises LimitUnreadable for another text, DeadlineRefused for more than 1,000 days.
    """
    try:
        rule = read(text)
    except LimitUnreadable:
        length = _LENGTH.fullmatch(text)
        return due(at, _by_the_clock(at, length), calendar) if length else _moment(text)
    return due(at, rule, calendar)


def _by_the_clock(at: datetime, length: re.Match[str]) -> Rule:
    amount = {name: int(value) for name, value in length.groupdict("0").items()}
    months = amount.pop("months") + 12 * amount.pop("years")
    if months * 28 + timedelta(**amount).days > MAX_DAYS:
        raise DeadlineRefused(f"定时器最长 {MAX_DAYS} 天。")
    here = at.astimezone(SHANGHAI)
    month = here.month - 1 + months
    end = _same_day(here, here.year + month // 12, month % 12 + 1) + timedelta(**amount)
    return Rule(Count.CLOCK_TIME, -(-(end - here) // timedelta(minutes=1)), id="DDL-20")


def _same_day(at: datetime, year: int, month: int) -> datetime:
    """That day of another month, or its last one: 31 January and a month is 28 February."""
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return at.replace(year=year, month=month, day=min(at.day, last))


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"定时器的时间“{text}”无法识别，应写成 P3D、PT2H 或 2026-12-01 这样的形式。"
        raise LimitUnreadable(message) from None
    if len(text) == len("2026-12-01"):
        found = datetime.combine(found.date(), time())
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
