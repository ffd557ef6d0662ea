"""A plan in sentences, as both administrators read it and as it stays on record."""

from datetime import datetime

from app.clock import SHANGHAI
from app.handling.migrating.limits import Moved
from app.handling.migrating.outlooks import Outlook
from app.handling.stays.timers import Changed


def foreseen(each: Outlook) -> list[str]:
    """What the version means for one case; what it is called on the page of the rehearsal."""
    seen = each.foreseen
    found = []
    if seen.more:
        found.append(f"多办：{'、'.join(name for _, name in seen.more)}")
    if seen.fewer:
        found.append(f"少办：{'、'.join(name for _, name in seen.fewer)}")
    found += [one.sentence for one in each.people]
    found += [limit(one) for one in each.limits]
    if seen.gained:
        found.append(f"增加规则：{'、'.join(seen.gained)}")
    if seen.lost:
        found.append(f"减少规则：{'、'.join(seen.lost)}")
    found += each.retimed
    if seen.renewed:
        found.append(f"定时器重新起算：{'、'.join(seen.renewed)}")
    if seen.untimed:
        found.append(f"定时器不再计时：{'、'.join(seen.untimed)}")
    return found or ["照常"]


def limit(each: Moved) -> str:
    return f"“{each.step_name}”时限：{_moment(each.before)} → {_moment(each.after)}"


def timer(each: Changed) -> str:
    return f"定时器“{each.name}”：{_moment(each.before)} → {_moment(each.after)}"


def obstacles(each: Outlook) -> str:
    return "；".join(each.obstacles)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else "没有时限"
