"""How a period reads: ``11月23日至27日``, and the moment at which it ends."""

from datetime import datetime, timedelta

from app.clock import SHANGHAI


def days(since: datetime, until: datetime) -> str:
    """First and last day; ``until`` itself is outside, so midnight belongs to the day before."""
    first = since.astimezone(SHANGHAI).date()
    last = (until.astimezone(SHANGHAI) - timedelta(microseconds=1)).date()
    begin = f"{first.month}月{first.day}日"
    if first == last:
        return begin
    if first.year != last.year:
        return f"{first.year}年{begin}至{last.year}年{last.month}月{last.day}日"
    return f"{begin}至{'' if first.month == last.month else f'{last.month}月'}{last.day}日"


def moment(at: datetime) -> str:
    """``11月28日``, with the time of day unless it is midnight."""
    local = at.astimezone(SHANGHAI)
    day = f"{local.month}月{local.day}日"
    midnight = local.time() == datetime.min.time()
    return day if midnight else f"{day} {local:%H:%M}"
