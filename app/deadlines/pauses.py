"""暂停: limits stop with their subject, and what they had left goes on afterwards.

What was left is kept in working time, so that it stays the same whatever the calendar becomes
meanwhile; what is urgent runs by the clock and stops by the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines import wording
from app.deadlines.arithmetic import after, working_time
from app.deadlines.lamps import amber_from
from app.deadlines.models import Due
from app.deadlines.operations import close_limits, move_limit
from app.deadlines.queries import Limit, limits_of
from app.deadlines.rules import Count, Deadline, Pause, Rule
from app.deadlines.workdays import WorkCalendar, local_date

BY_THE_CLOCK = (Count.URGENT, Count.CLOCK_TIME)


@dataclass(frozen=True)
class Left:
    """What a limit had left when it stopped.

    seconds   0 when it had run out already
    by_clock  of the clock; else of working time
    """

    seconds: int
    by_clock: bool


def stop_limits(
    session: Session,
    subject_type: str,
    subject_ids: Sequence[int],
    at: datetime,
    calendar: WorkCalendar,
    *,
    kind: str = "overdue",
) -> dict[int, Left]:
    """Cancel what waits for these subjects, so that the sweep passes them by.

    kind  of the rows that go on afterwards: limits, or timers drawn on a route
    Returns what each had left; a limit that took effect before has nothing to go on with.
    """
    found = limits_of(session, subject_type, subject_ids)
    running = {
        each.subject_id: each for each in found if each.kind == kind and each.state == "pending"
    }
    close_limits(session, subject_type, subject_ids, at)
    return {subject: _left(limit, at, calendar) for subject, limit in running.items()}


def _left(limit: Limit, at: datetime, calendar: WorkCalendar) -> Left:
    by_clock = limit.rule is not None and Count(limit.rule["count"]) in BY_THE_CLOCK
    rest = limit.due_at - at if by_clock else working_time(at, limit.due_at, calendar)
    return Left(max(0, int(rest.total_seconds())), by_clock)


def resume_limit(
    session: Session,
    subject_type: str,
    subject_id: int,
    left: Left,
    stopped_at: datetime,
    at: datetime,
    calendar: WorkCalendar,
    *,
    kind: str = "overdue",
) -> Deadline | None:
    """Let the limit of a subject go on with what was left; None when it never had one.

    What had run out before it stopped keeps its end and takes effect now. The inputs of the first
    computation stay with the new row; its revision is raised, so that rows of before are void.
    """
    known = limits_of(session, subject_type, [subject_id])
    before = next((each for each in reversed(known) if each.kind == kind), None)
    if before is None or before.started_at is None or before.rule is None:
        return None
    end = _gone_on(before, left, stopped_at, at, calendar)
    revision = max(each.deadline_revision for each in known) + 1
    warned = amber_from(end.due_at, at, calendar) if kind == "overdue" else None
    move_limit(
        session,
        subject_type,
        subject_id,
        end,
        revision=revision,
        at=at,
        kind=kind,
        reminder=warned,
    )
    return end


def _gone_on(
    before: Limit, left: Left, stopped_at: datetime, at: datetime, calendar: WorkCalendar
) -> Deadline:
    pause = Pause(stopped_at, at, left.seconds, left.by_clock)
    rule = rule_of(before)
    kept = Deadline(
        due_at=before.due_at,
        steps=(),
        provisional=before.provisional,
        version=before.calendar_version or calendar.version,
        arrived_at=before.started_at or stopped_at,
        rule=rule,
        rule_id=rule.id,
        pause=pause,
    )
    if pause.seconds == 0:
        return kept
    end = gone_on(kept, pause, calendar)
    return replace(end, provisional=before.provisional or end.provisional)


def gone_on(kept: Deadline, pause: Pause, calendar: WorkCalendar) -> Deadline:
    """The limit with the end that what was left leads to by this calendar."""
    at, rest = pause.resumed_at, timedelta(seconds=pause.seconds)
    due_at = at + rest if pause.by_clock else after(at, rest, calendar)
    days = calendar.days(local_date(at), local_date(due_at))
    guesses = wording.guessed(days)
    return replace(
        kept,
        due_at=due_at,
        steps=(_sentence(pause, due_at), *wording.skipped(days[1:]), *guesses),
        provisional=bool(guesses),
        version=calendar.version,
    )


def rule_of(limit: Limit) -> Rule:
    """The rule that a limit was computed with, as its row keeps it."""
    kept = limit.rule or {}
    return Rule(**{**kept, "count": Count(kept["count"])})


def pause_of(limit: Limit) -> Pause | None:
    """When a limit stood still last, as its row keeps it."""
    if limit.pause is None:
        return None
    stopped, resumed = (
        datetime.fromisoformat(limit.pause[name]) for name in ("stopped_at", "resumed_at")
    )
    return Pause(stopped, resumed, limit.pause["seconds"], limit.pause["by_clock"])


def as_it_was(limit: Limit) -> Deadline | datetime:
    """The end that a row had, with the inputs that it was counted from as far as it has them."""
    if limit.started_at is None or limit.rule is None:
        return limit.due_at
    rule = rule_of(limit)
    return Deadline(
        due_at=limit.due_at,
        steps=(),
        provisional=limit.provisional,
        version=limit.calendar_version or "",
        arrived_at=limit.started_at,
        rule=rule,
        rule_id=rule.id,
        pause=pause_of(limit),
    )


def _sentence(pause: Pause, due_at: datetime) -> str:
    at, stopped_at = pause.resumed_at, pause.stopped_at
    stopped = wording.dated(local_date(stopped_at), at) + wording.clock_time(stopped_at)
    resumed = wording.dated(local_date(at), at) + wording.clock_time(at)
    minutes = max(1, pause.seconds // 60)
    kind = "" if pause.by_clock else "工作时间 "
    rest = f"{kind}{wording.amount(minutes)}"
    until = wording.dated(local_date(due_at), at) + wording.clock_time(due_at)
    return f"{stopped} 暂停，{resumed} 恢复，其间不计时限；余下{rest}，于{until} 到期。"


def next_revision(session: Session, subject_type: str, subject_id: int) -> int:
    """The revision for a limit that is set anew."""
    query = sa.select(sa.func.max(Due.deadline_revision)).where(
        Due.subject_type == subject_type, Due.subject_id == subject_id
    )
    return (session.scalar(query) or 0) + 1
