"""到时: a timer drawn on the route runs out, and the document goes on as the diagram says.

It is an act of the rule and of nobody: without an opinion, on record with the name of the timer.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines
from app.audit import signed_by_rule
from app.deadlines import DueRow, Result
from app.documents import marks
from app.documents.models import Document
from app.handling.act import Act
from app.handling.errors import PaperUnchecked
from app.handling.models import Case, Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.signing import waiting
from app.handling.stays import timers
from app.handling.stays.notices import tell
from app.handling.stays.reposting import NOBODY
from app.handling.stays.skipping import go_on
from app.handling.stays.succession import Sending, close_others, open_stays
from app.workflow import operations as engine
from app.workflow.errors import EngineFault
from app.workflow.models import WorkflowCase, WorkflowTimer
from app.workflow.moves import Move


class TimerFailed(Exception):
    """The route cannot go on from a timer; the due row is tried again and ends as an incident."""


class DrawnTimers:
    """Effects of due rows whose subject is a timer of the engine."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        """Under the locks of the case and its stays, which nobody is waited for."""
        held = _hold(session, due.subject_id)
        if held is None:
            return Result.BUSY
        timer, act = held
        if timer.closed_at is not None or act.case.state != "running":
            return Result.NOT_OPEN
        if deadlines.next_revision(session, timers.SUBJECT, timer.id) > due.deadline_revision + 1:
            return Result.NOT_OPEN  # it has another end since the sweep took the row of before
        try:
            return Result.DONE if _fire(act, timer, due.due_at) else Result.NOT_OPEN
        except PaperUnchecked as unchecked:
            waiting.ask_for(unchecked.paper_id)
            return Result.BUSY


def _hold(session: Session, timer_id: int) -> tuple[WorkflowTimer, Act] | None:
    """None when somebody holds the case, or one of its open stays: another sweep marks that."""
    query = (
        sa.select(WorkflowTimer, Case, WorkflowCase, Document)
        .join(WorkflowCase, WorkflowCase.id == WorkflowTimer.case_id)
        .join(Case, Case.id == WorkflowTimer.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(WorkflowTimer.id == timer_id)
        .with_for_update(
            of=(WorkflowCase, Case, Document, WorkflowTimer), key_share=True, skip_locked=True
        )
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    timer, case, run, document = row
    stays = sa.select(Task).where(Task.case_id == case.id, Task.state == "open")
    locked = stays.with_for_update(key_share=True, skip_locked=True)
    held = session.scalars(locked.execution_options(populate_existing=True)).all()
    count = session.scalar(sa.select(sa.func.count()).select_from(stays.subquery()))
    if len(held) != count:
        return None
    return timer, Act(session, NOBODY, clock.now(session), case, run, document)


def _fire(act: Act, timer: WorkflowTimer, due_at: datetime) -> bool:
    """False when the engine has left the step of the timer."""
    try:
        move = engine.fire_timer(act.session, act.engine, timer.token, act)
        if move is None:
            return False
        taken = _stays_with(act, move.closed)
        act = replace(act, task=taken[0] if taken else _last_ended(act))
        move = go_on(act, move)
        timers.follow(act, [move])
    except EngineFault as fault:
        raise TimerFailed(fault.detail) from fault
    _pass_on(act, move, timer, due_at)
    return True


def _pass_on(act: Act, move: Move, timer: WorkflowTimer, due_at: datetime) -> None:
    """Stays end and open as after any move; whoever loses or keeps one is told."""
    name = act.definition.element(timer.element).name or timer.element
    closed = close_others(replace(act, task=None), move, "closed")
    for task in closed:
        task.outcome_label = f"“{name}”到时，自动结束"
    opened = open_stays(act, move, Sending())
    marks.mark_moving(act.document)
    _tell(act, timer, name, closed)
    record_act(
        act,
        "timer.fired",
        by=signed_by_rule(f"流程图定时器“{name}”"),
        opened=opened,
        closed=closed,
        reason=f"定时器“{name}”到时。",
        timer=timer.element,
        due_at=due_at.isoformat(),
    )


def _stays_with(act: Act, tokens: Sequence[str]) -> Sequence[Task]:
    query = sa.select(Task).where(Task.token.in_(tokens), Task.state == "open")
    return act.session.scalars(query.order_by(Task.id)).all()


def _last_ended(act: Act) -> Task | None:
    """The stay from which the document came to a timer between two steps."""
    query = sa.select(Task).where(Task.case_id == act.case.id, Task.state == "done")
    return act.session.scalars(query.order_by(Task.done_at.desc(), Task.id.desc())).first()


def _tell(act: Act, timer: WorkflowTimer, name: str, closed: Sequence[Task]) -> None:
    """A timer beside a step reminds its people; any other one takes the stay from them."""
    for task in closed:
        text = f"“{task.step_name}”环节定时器“{name}”到时，已自动转出，不用再办。"
        tell(act.session, _holders(act, task), "moved", act.case.id, task.id, text, act.at)
    host = act.definition.element(timer.element).attached_to
    if closed or host is None:
        return
    steps = act.definition.within(host)
    query = sa.select(Task).where(Task.case_id == act.case.id, Task.state == "open")
    for task in act.session.scalars(query.where(Task.step.in_(steps)).order_by(Task.id)):
        text = f"“{task.step_name}”环节定时提醒：{name}，请抓紧办理。"
        tell(act.session, _holders(act, task), "alarm", act.case.id, task.id, text, act.at)


def _holders(act: Act, task: Task) -> Sequence[int]:
    query = sa.select(TaskCandidate.person_id).where(TaskCandidate.task_id == task.id)
    return act.session.scalars(query.order_by(TaskCandidate.person_id)).all()
