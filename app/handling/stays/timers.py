"""定时器 drawn on a route: each has a due row of kind ``timer``, which the sweep fires.

The rows follow the engine within the act that opens, closes or stops a timer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import deadlines
from app.errors import DomainError
from app.handling.act import Act
from app.workflow.errors import EngineFault
from app.workflow.models import WorkflowTimer
from app.workflow.moves import Move

SUBJECT = "workflow_timer"
KIND = "timer"


def follow(act: Act, moves: Sequence[Move]) -> None:
    """Open and close due rows as these moves did with timers; no statement where they did not.

    Raises EngineFault for a time that a field of the document has left unreadable.
    """
    closed = [token for move in moves for token in move.timers_closed]
    if closed:
        mine = sa.select(WorkflowTimer.id).where(WorkflowTimer.token.in_(closed))
        deadlines.close_limits(act.session, SUBJECT, act.session.scalars(mine).all(), act.at)
    opened = [timer.token for move in moves for timer in move.timers_opened]
    if opened:
        calendar = deadlines.load(act.session, act.case.unit_id)
        ends = [(each.id, _end(calendar, act.at, each.text)) for each in _open(act, opened)]
        deadlines.open_limits(act.session, SUBJECT, ends, kind=KIND)


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


def _open(act: Act, tokens: Sequence[str] | None = None) -> Sequence[sa.Row[int, str]]:
    """Id and text of the timers of the case that still wait, or of those with these tokens."""
    query = sa.select(WorkflowTimer.id, WorkflowTimer.text).where(
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
