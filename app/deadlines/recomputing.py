"""An open limit once more, by calendar and policy of now, from the inputs that were kept with it.

Pure; the room that owns the subjects decides which are open and writes what comes out.
"""

from dataclasses import replace
from datetime import datetime

from app.deadlines import wording
from app.deadlines.arithmetic import due
from app.deadlines.limits import for_step
from app.deadlines.pauses import gone_on, pause_of, rule_of
from app.deadlines.queries import Limit
from app.deadlines.rules import ONE_WORKING_DAY, Deadline
from app.deadlines.workdays import WorkCalendar, local_date


def recomputed(
    limit: Limit, before: datetime, calendar: WorkCalendar, now: datetime
) -> Deadline | None:
    """The limit that ended at ``before`` by this calendar; None where its inputs were not kept.

    Counted from the arrival, or from the last time that it went on after a standstill with what
    was left then. A change never makes anybody late who was in time, nor later than he was: an
    end that would lie in the past is put off to the close of the next working day, at the latest
    to the end of before.
    """
    found = again(limit, calendar)
    if found is None or found.due_at > now or found.due_at >= before:
        return found
    end = before
    if end > now:
        end = min(end, due(now, ONE_WORKING_DAY, calendar).due_at)
    said = (
        f"按现行日历和规则应于{_dated(found.due_at, now)} 到期；此前已按"
        f"{_dated(before, now)} 安排，定于{_dated(end, now)} 到期。"
    )
    return replace(found, due_at=end, steps=(*found.steps, said))


def again(limit: Limit, calendar: WorkCalendar) -> Deadline | None:
    """The same sum with another calendar or policy, whatever the time is now."""
    if limit.started_at is None or limit.rule is None:
        return None
    rule = rule_of(limit)
    counted = for_step(
        calendar, limit.started_at, rule.urgency, rule.drawn, reviews=rule.reviews
    ) or due(limit.started_at, rule, calendar)
    pause = pause_of(limit)
    if pause is None:
        return counted
    if pause.seconds == 0:
        return replace(counted, due_at=limit.due_at, steps=(), pause=pause)
    return gone_on(replace(counted, pause=pause), pause, calendar)


def moved_from(limit: Limit, found: Deadline, before: datetime, now: datetime) -> str:
    """What the sum says besides when the end is another one than before."""
    what = "工作日历" if rule_of(limit) == found.rule else "时限规则"
    return f"{what}有变动，原定{_dated(before, now)} 到期，已重新计算。"


def _dated(at: datetime, now: datetime) -> str:
    return wording.dated(local_date(at), local_date(now)) + wording.clock_time(at)
