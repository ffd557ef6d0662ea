"""How times, urgency and lamps read on a page."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.clock import SHANGHAI
from app.deadlines.wording import WEEKDAYS

URGENCY = {"none": "", "urgent": "加急", "extra_urgent": "特急"}
DIGITS = "零一二三四五六七八九"
DIRECTION = {
    "upward": "上行文",
    "downward": "下行文",
    "parallel": "平行文",
    "incoming": "收文",
    "internal": "内部",
}


def moment(at: datetime | None, now: datetime | None = None) -> str:
    """``今天 08:50``, ``昨天 17:40``, else ``11-16 11:40``; with the year when it is another."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    today = (now or datetime.now(SHANGHAI)).astimezone(SHANGHAI).date()
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"昨天 {local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


def until(at: datetime, now: datetime) -> str:
    """``今天 17:40 前``, else the day alone: ``11-26 前``; with the year when it is another."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    if local.date() == today:
        return f"今天 {local:%H:%M} 前"
    return f"{local:%m-%d} 前" if local.year == today.year else f"{local:%Y-%m-%d} 前"


def full(at: datetime | None) -> str:
    """Date and time in full, for title attributes and the record."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""


def day(at: datetime | None) -> str:
    """``2026年11月23日`` as official documents write it."""
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def dated(of: date) -> str:
    """``2027-02-06 周六``."""
    return f"{of} 周{WEEKDAYS[of.weekday()]}"


def span(minutes: int | None) -> str:
    """Working time in words: ``2 小时 5 分``."""
    if minutes is None:
        return ""
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return f"{rest} 分"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


def file_size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def people(names: Sequence[str], most: int = 5) -> str:
    """``张三、李四``; beyond ``most`` the first ones and how many there are in all."""
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown}等 {len(names)} 人"


def place(number: int) -> str:
    """``第一位`` to ``第九十九位``, for people who get a document one after another."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return f"第{ten}{DIGITS[ones] if ones else ''}位"
