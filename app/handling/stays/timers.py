"""定时器 drawn on a route: each has a due row of kind ``timer``, which the sweep fires.

The rows follow the engine within the act that opens, closes or stops a timer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import deadlines
from app.deadlines.pauses import pause_of
from app.deadlines.rules import ONE_WORKING_DAY
from app.errors import Conflict, DomainError
from app.handling import noting
from app.handling.act import Act
from app.handling.models import Task
from app.workflow.errors import EngineFault
from app.workflow.models import WorkflowTimer
from app.workflow.moves import Move

SUBJECT = "workflow_timer"
KIND = "timer"


@dataclass(frozen=True)
class Changed:
    """A timer with another end than before."""

    timer_id: int
    name: str
    before: datetime
    after: datetime


def follow(act: Act, moves: Sequence[Move]) -> None:
    """Open and close due rows as these moves did with timers; no statement where they did not.

    Raises EngineFault for a time that a field of the document has left unreadable.
    """
    closed = [token for move in moves for token in move.timers_closed]
    if closed:
        query = sa.select(WorkflowTimer.id).where(WorkflowTimer.token.in_(closed))
        mine = act.session.scalars(query).all()
        deadlines.close_limits(act.session, SUBJECT, mine, act.at)
        noting.timers_closed(act.session, act.case.id, mine)
    opened = [timer.token for move in moves for timer in move.timers_opened]
    if opened:
        calendar = deadlines.load(act.session, act.case.unit_id)
        ends = [(each.id, _end(calendar, act.at, each.text)) for each in _open(act, opened)]
        deadlines.open_limits(act.session, SUBJECT, ends, kind=KIND)


def change(act: Act, move: Move) -> list[Changed]:
    """Give timers that wait on the end that another version draws for them; what changed.

    Counted from when the timer began, or went on last. As after a change of the calendar none
    runs out by it that had not: then it does at the close of the next working day at the latest.
    Raises Conflict for one whose end is being mended by an administrator.
    """
    wanted = [timer.token for timer in move.timers_changed]
    if not wanted:
        return []
    act.session.flush()
    calendar = deadlines.load(act.session, act.case.unit_id)
    waiting = _open(act, wanted)
    latest = {row.subject_id: row for row in _rows(act, [each.id for each in waiting])}
    found = []
    for timer in waiting:
        before = latest[timer.id]
        if before.state == "incident":
            message = "此件的定时器到时未能办理，正等待处理，请先在“故障”中处理后再迁移。"
            raise Conflict(message, code="cannot_migrate")
        end = _end(calendar, _since(act, timer, before), timer.text)
        end = _not_yet_over(calendar, end, before.due_at, act.at)
        _move(act, timer.id, end)
        found.append(Changed(timer.id, _label(act, timer.element), before.due_at, _at(end)))
    return found


def change_back(act: Act, kept: Mapping[str, str]) -> None:
    """The ends of before, by the id of their timer; one that has passed takes effect at once."""
    ids = [int(each) for each in kept]
    rows = _rows(act, ids)
    for ident in ids:
        due_at = datetime.fromisoformat(kept[str(ident)])
        row = next(r for r in reversed(rows) if (r.subject_id, r.due_at) == (ident, due_at))
        _move(act, ident, deadlines.as_it_was(row))


def _move(act: Act, timer_id: int, end: deadlines.Deadline | datetime) -> None:
    revision = deadlines.next_revision(act.session, SUBJECT, timer_id)
    deadlines.move_limit(
        act.session, SUBJECT, timer_id, end, revision=revision, at=act.at, kind=KIND
    )


def _rows(act: Act, ids: Sequence[int]) -> list[deadlines.Limit]:
    return [each for each in deadlines.limits_of(act.session, SUBJECT, ids) if each.kind == KIND]


def _since(act: Act, timer: sa.Row[int, str, str], before: deadlines.Limit) -> datetime:
    """When it began: of one that waits for a moment, when its step did."""
    pause = pause_of(before)
    if pause is not None or before.started_at is not None:
        return pause.resumed_at if pause else before.started_at or act.at
    host = act.definition.element(timer.element).attached_to
    steps = act.definition.within(host) if host else ()
    arrived = sa.select(sa.func.min(Task.arrived_at)).where(
        Task.case_id == act.case.id, Task.state == "open", Task.step.in_(steps)
    )
    return act.session.scalar(arrived) or act.at


def _not_yet_over(
    calendar: deadlines.WorkCalendar,
    end: deadlines.Deadline | datetime,
    before: datetime,
    now: datetime,
) -> deadlines.Deadline | datetime:
    if _at(end) > now or before <= now:
        return end
    last = min(before, deadlines.due(now, ONE_WORKING_DAY, calendar).due_at)
    return replace(end, due_at=last) if isinstance(end, deadlines.Deadline) else last


def _at(end: deadlines.Deadline | datetime) -> datetime:
    return end.due_at if isinstance(end, deadlines.Deadline) else end


def _label(act: Act, element: str) -> str:
    return act.definition.element(element).label


def stop(act: Act) -> dict[str, list[Any]]:
    """暂停: what each timer of the case had left, as ``Intervention.left`` keeps it."""
    waiting = [each.id for each in _open(act)]
    calendar = deadlines.load(act.session, act.case.unit_id)
    left = deadlines.stop_limits(act.session, SUBJECT, waiting, act.at, calendar, kind=KIND)
    return {f"timer-{ident}": [each.seconds, each.by_clock] for ident, each in left.items()}


def go_on(act: Act, left: Mapping[str, Any], stopped_at: datetime) -> None:
    """恢复: a length of time goes on with what it had left; a moment is still the same moment."""
    session, calendar = act.session, deadlines.load(act.session, act.case.unit_id)
    for timer in _open(act):
        kept = left.get(f"timer-{timer.id}")
        if kept is None:
            continue
        end = deadlines.resume_limit(
            session, SUBJECT, timer.id, deadlines.Left(*kept), stopped_at, act.at, calendar,
            kind=KIND,
        )  # fmt: skip
        if end is None:
            moment = [(timer.id, _end(calendar, act.at, timer.text))]
            revision = deadlines.next_revision(session, SUBJECT, timer.id)
            deadlines.open_limits(session, SUBJECT, moment, kind=KIND, revision=revision)


def _open(act: Act, tokens: Sequence[str] | None = None) -> Sequence[sa.Row[int, str, str]]:
    """Id, text and element of the case's timers that wait, or of those with these tokens."""
    query = sa.select(WorkflowTimer.id, WorkflowTimer.text, WorkflowTimer.element).where(
        WorkflowTimer.case_id == act.case.id, WorkflowTimer.closed_at.is_(None)
    )
    if tokens is not None:
        query = query.where(WorkflowTimer.token.in_(tokens))
    return act.session.execute(query.order_by(WorkflowTimer.id)).all()


def _end(
    calendar: deadlines.WorkCalendar, at: datetime, text: str
) -> deadlines.Deadline | datetime:
    try:
        return deadlines.runs_out(calendar, at, text)
    except DomainError as error:
        raise EngineFault(error.message) from error
