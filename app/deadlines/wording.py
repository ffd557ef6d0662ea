"""How times, spans and days off are said in Chinese."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.clock import SHANGHAI
from app.deadlines.workdays import MAKE_UP, Day, local_date

WEEKDAYS = "一二三四五六日"
LISTED_BREAKS = 6
"""More stretches of days off than this are counted instead of listed."""


def weekday(of: date) -> str:
    return f"周{WEEKDAYS[of.weekday()]}"


def clock_time(at: datetime) -> str:
    """``16:00``; with seconds when there are any."""
    local = at.astimezone(SHANGHAI)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def moment(at: datetime) -> str:
    """``周五 16:00``."""
    return f"{weekday(local_date(at))} {clock_time(at)}"


def dated(of: date, near: date) -> str:
    """``周一（11-23）``; with the year when it is another one than that of ``near``."""
    return f"{weekday(of)}（{of:%m-%d}）" if of.year == near.year else f"{weekday(of)}（{of}）"


def point(at: datetime, near: datetime) -> str:
    """`` 18:00`` on the day of ``near``, else ``周一（11-23）16:00``; follows a Chinese word."""
    day, first = local_date(at), local_date(near)
    return f" {clock_time(at)}" if day == first else f"{dated(day, first)}{clock_time(at)}"


def near(at: datetime, now: datetime) -> str:
    """``昨天 17:40``, ``今天 18:00``, ``11-16 11:40``; with the year when it is another one."""
    day, today = local_date(at), local_date(now)
    named = {-1: "昨天", 0: "今天", 1: "明天"}.get((day - today).days)
    if named is None:
        named = f" {day:%m-%d}" if day.year == today.year else f" {day}"
    return f"{named} {clock_time(at)}"


def span(minutes: int, per_day: int) -> str:
    """`` 3 天 3 小时``, `` 15 分``, ``不到 1 分``; days of ``per_day`` minutes, rounded down.

    Follows a Chinese word, hence the space before a figure.
    """
    if minutes < 1:
        return "不到 1 分"
    days, rest = divmod(minutes, per_day)
    hours, rest = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (0 if days else rest, "分")]
    return "".join(f" {number} {unit}" for number, unit in parts if number)


def amount(minutes: int) -> str:
    """``2 小时``, ``30 分钟``, ``1 小时 30 分钟``."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "小时"), (rest, "分钟")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def skipped(days: Sequence[Day]) -> tuple[str, ...]:
    """Which of these days are not counted, and which weekend days are."""
    sentences = []
    breaks = _breaks([day for day in days if not day.is_workday])
    if len(breaks) > LISTED_BREAKS:
        sentences.append(f"其间休息、放假 {sum(map(len, breaks))} 天，不计。")
    elif breaks:
        sentences.append(f"{'；'.join(map(_break, breaks))}，不计。")
    made_up = [f"{day.date:%m-%d}" for day in days if day.is_workday and day.name == MAKE_UP]
    if made_up:
        sentences.append(f"{'、'.join(made_up)} 调休上班，计为工作日。")
    return tuple(sentences)


def guessed(days: Sequence[Day]) -> tuple[str, ...]:
    """One sentence for each year whose notice is not known."""
    years = sorted({day.date.year for day in days if day.provisional})
    return tuple(f"{year} 年放假安排未录入，按周末推算。" for year in years)


def _breaks(days: Sequence[Day]) -> list[list[Day]]:
    """Days off in stretches of consecutive dates."""
    stretches: list[list[Day]] = []
    for day in days:
        if stretches and day.date - stretches[-1][-1].date == timedelta(days=1):
            stretches[-1].append(day)
        else:
            stretches.append([day])
    return stretches


def _break(days: Sequence[Day]) -> str:
    names = "、".join(dict.fromkeys(day.name for day in days if day.name))
    first, last = (f"{day.date:%m-%d}" for day in (days[0], days[-1]))
    dates = first if first == last else f"{first} 至 {last}"
    return f"{dates} {names}放假" if names else f"{dates} 休息"
