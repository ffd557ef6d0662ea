"""工作日历 of a case file: each version that a limit was counted by, with the days it ran over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.deadlines import Calendars, Limit, WorkCalendar
from app.handling.models import Case
from app.handling.replaying.moments import Stay

MOST_DAYS = 800
"""So many days of one version at most, from the first that a limit needs."""

Span = tuple[datetime, datetime]


def used(
    session: Session, case: Case, stays: Sequence[Stay], limits: Sequence[Limit], until: datetime
) -> list[dict[str, Any]]:
    """The versions that stays and limits name, as they were then, by their number.

    until  moment of the checkpoint: what holds then goes along too, for stays that are still open
    A version whose holidays came with an earlier program is named with ``known`` false.
    """
    past = Calendars(session)
    now = past.at(case.unit_id, until)
    spans = _spans(case, stays, limits)
    arrivals = [each.arrived_at for each in stays if each.arrived_at]
    spans.setdefault(now.version, []).append((min(arrivals, default=case.started_at), until))
    found = []
    for version in sorted(spans, key=_number):
        calendar = past.of(case.unit_id, version)
        days = _dates(spans[version])
        known = {"version": version, "known": calendar is not None}
        found.append(known if calendar is None else {**known, **_said(calendar, days)})
    return found


def _spans(case: Case, stays: Iterable[Stay], limits: Iterable[Limit]) -> dict[str, list[Span]]:
    """From when to when each version was counted with."""
    found: dict[str, list[Span]] = {}
    for each in limits:
        if each.calendar_version:
            begin = each.started_at or case.started_at
            found.setdefault(each.calendar_version, []).append((begin, each.due_at))
    for stay in stays:
        if stay.calendar_version and stay.due_at:
            span = (stay.arrived_at or case.started_at, stay.due_at)
            found.setdefault(stay.calendar_version, []).append(span)
    return found


def _said(calendar: WorkCalendar, days: Sequence[date]) -> dict[str, Any]:
    policy = {name: str(each) for name, each in vars(calendar.policy).items()}
    return {"policy": policy, "days": [_day(calendar, each) for each in days]}


def _dates(spans: Sequence[Span]) -> list[date]:
    begin, end = min(each[0] for each in spans), max(each[1] for each in spans)
    first, last = (each.astimezone(SHANGHAI).date() for each in (begin, end))
    count = max(1, min((last - first).days + 1, MOST_DAYS))
    return [first + timedelta(days=each) for each in range(count)]


def _day(calendar: WorkCalendar, of: date) -> dict[str, Any]:
    day = calendar.day(of)
    spans = [
        f"{each.start.astimezone(SHANGHAI):%H:%M}-{each.end.astimezone(SHANGHAI):%H:%M}"
        for each in calendar.spans(of)
    ]
    words = {"provisional": day.provisional, "source": day.source, "name": day.name}
    return {"day": of.isoformat(), "hours": spans, **words}


def _number(version: str) -> tuple[int, str]:
    number = version.partition("/")[0]
    return int(number) if number.isdecimal() else 0, version
