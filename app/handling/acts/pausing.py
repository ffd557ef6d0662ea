"""暂停 and 恢复: a case stands still, its limits too; afterwards both go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import deadlines
from app.errors import Conflict
from app.handling.act import Act, ensure_running
from app.handling.models import Intervention, Task
from app.handling.stays import timers
from app.handling.stays.reposting import follow_case
from app.handling.supervision import pausing as supervisions
from app.workflow import operations as engine


def ensure_can_stop(act: Act) -> None:
    ensure_running(act.case)


def ensure_can_go_on(act: Act) -> None:
    if act.case.state != "suspended":
        raise Conflict("此件没有暂停，不需要恢复。", code="not_suspended")


def suspend(act: Act, stays: Sequence[Task]) -> dict[str, Any]:
    """Nobody acts until it goes on. Returns what its limits, timers and supervisions had left."""
    ensure_can_stop(act)
    engine.suspend(act.session, act.engine)
    act.case.state = "suspended"
    calendar = deadlines.load(act.session, act.case.unit_id)
    left = deadlines.stop_limits(act.session, "task", [task.id for task in stays], act.at, calendar)
    of_stays = {str(task_id): [each.seconds, each.by_clock] for task_id, each in left.items()}
    return {**of_stays, **timers.stop(act), **supervisions.stop(act)}


def resume(act: Act, stays: Sequence[Task]) -> None:
    """Go on: limits get what they had left, and posts that changed meanwhile count (ORG-08)."""
    ensure_can_go_on(act)
    stop = _last_stop(act)
    engine.resume(act.session, act.engine)
    act.case.state = "running"
    for task in stays:
        _go_on(act, task, stop.left, stop.decided_at or act.at)
    timers.go_on(act, stop.left, stop.decided_at or act.at)
    supervisions.go_on(act, stop.left)
    act.session.flush()
    follow_case(act, stays)


def _go_on(act: Act, task: Task, left: Mapping[str, Any], stopped_at: datetime) -> None:
    calendar = deadlines.load(act.session, act.case.unit_id)
    kept = left.get(str(task.id))
    if kept is not None:
        rest = deadlines.Left(*kept)
        end = deadlines.resume_limit(
            act.session, "task", task.id, rest, stopped_at, act.at, calendar
        )
        if end is not None and end.due_at != task.due_at:
            task.due_at = end.due_at
            task.limit_steps = [*task.limit_steps, *end.steps]
            task.limit_provisional = end.provisional
            task.calendar_version = end.version
    if act.document.urgency != "none" and task.opened_at is None:
        revision = deadlines.next_revision(act.session, "task", task.id)
        alarm = [(task.id, act.at)]
        deadlines.open_limits(act.session, "task", alarm, kind="alarm", revision=revision)


def _last_stop(act: Act) -> Intervention:
    query = (
        sa.select(Intervention)
        .where(
            Intervention.case_id == act.case.id,
            Intervention.kind == "suspend",
            Intervention.state == "done",
        )
        .order_by(Intervention.id.desc())
        .limit(1)
    )
    return act.session.scalars(query).one()
