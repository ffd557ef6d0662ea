"""定时发送: an ordinary document that is ready at night goes out when working time begins (TRN-04).

The person has acted, and may take it back until then; the system only waits for him.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines, organization
from app.audit import signed_by_rule
from app.clock import SHANGHAI
from app.deadlines import DueRow, Result
from app.documents.models import Document
from app.errors import Conflict, DomainError, NotFound
from app.handling.act import Act, ensure_mine_and_open, hold_task
from app.handling.acts.completing import Completion, complete
from app.handling.errors import OutOfHours, PaperUnchecked
from app.handling.models import Case, SetSending, Task
from app.handling.recording import record_act
from app.handling.signing import waiting
from app.handling.stays.notices import tell
from app.handling.stays.reposting import NOBODY
from app.organization import Actor
from app.workflow.models import WorkflowCase

SUBJECT = "set_sending"
RULE = signed_by_rule("定时发送（TRN-04）")


def set_sending(session: Session, actor: Actor, task_id: int, form: Completion) -> SetSending:
    """Have the stay ended in the actor's name when working time begins next.

    Raises whatever :func:`complete` raises for this form; Conflict where it could be sent at
    once, or is set already.
    """
    opens_at = _rehearse(session, actor, task_id, form)
    act = hold_task(session, actor, task_id)
    ensure_mine_and_open(act, form.revision)
    if waiting_at(session, task_id) is not None:
        raise Conflict("此件已定时发送，请先取消再重新设定。", code="sending_set")
    found = SetSending(
        task_id=task_id,
        by_id=actor.person_id,
        form=_as_json(form),
        at=act.at,
        send_at=opens_at,
    )
    session.add(found)
    session.flush()
    deadlines.open_limits(session, SUBJECT, [(found.id, opens_at)], kind="timer")
    moment = f"{opens_at.astimezone(SHANGHAI):%m-%d %H:%M}"
    record_act(act, "task.sending_set", whom=moment, send_at=opens_at.isoformat())
    return found


def drop_sending(session: Session, actor: Actor, task_id: int) -> SetSending:
    """Whoever has the stay takes the setting back. Raises NotFound where nothing is set."""
    act = hold_task(session, actor, task_id)
    ensure_mine_and_open(act, act.stay.revision)
    found = waiting_at(session, task_id)
    if found is None:
        raise NotFound("此件没有定时发送。")
    _end(found, "dropped", act.at)
    deadlines.close_limits(session, SUBJECT, [found.id], act.at)
    record_act(act, "task.sending_dropped")
    return found


def waiting_at(session: Session, task_id: int) -> SetSending | None:
    """What is set at a stay and has not been sent."""
    return session.scalars(
        sa.select(SetSending).filter_by(task_id=task_id, state="waiting")
    ).first()


class SetSendings:
    """Effects of due rows whose subject is a set sending."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        """Under the locks of setting, case and stay, which nobody is waited for."""
        query = (
            sa.select(SetSending, Task, Case, WorkflowCase, Document)
            .join(Task, Task.id == SetSending.task_id)
            .join(Case, Case.id == Task.case_id)
            .join(WorkflowCase, WorkflowCase.id == Case.id)
            .join(Document, Document.id == Case.document_id)
            .where(SetSending.id == due.subject_id)
            .with_for_update(
                of=(WorkflowCase, Case, Document, Task, SetSending),
                key_share=True,
                skip_locked=True,
            )
            .execution_options(populate_existing=True)
        )
        held = session.execute(query).first()
        if held is None:
            return Result.BUSY
        found, task, case, run, document = held
        if found.state != "waiting":
            return Result.NOT_OPEN
        if task.state != "open":
            _end(found, "dropped", now)
        elif opens_at := _not_yet(session, case, now):
            _wait_on(session, found, due, opens_at)
        else:
            return _send(Act(session, NOBODY, now, case, run, document, task), found)
        return Result.DONE


def _not_yet(session: Session, case: Case, now: datetime) -> datetime | None:
    """Out of hours once more: after a standstill at night, or where the day became a holiday."""
    calendar = deadlines.load(session, case.unit_id)
    return None if calendar.is_open(now) else calendar.opening_after(now)


def _wait_on(session: Session, found: SetSending, due: DueRow, opens_at: datetime) -> None:
    found.send_at = opens_at
    revision = due.deadline_revision + 1
    ends = [(found.id, opens_at)]
    deadlines.open_limits(session, SUBJECT, ends, kind="timer", revision=revision)


def _send(act: Act, found: SetSending) -> Result:
    """A refusal is told to the person; the document stays where it is.

    BUSY while its paper is verified, which nobody waits for here.
    """
    task = act.stay
    form = replace(_of_json(found.form), revision=task.revision, set_at=found.at)
    try:
        with act.session.begin_nested():
            actor = organization.actor(act.session, found.by_id)
            complete(act.session, actor, task.id, form)
    except PaperUnchecked as unchecked:
        waiting.ask_for(unchecked.paper_id)
        return Result.BUSY
    except DomainError as refusal:
        _end(found, "failed", act.at, refusal.message)
        text = f"定时发送没有成功：{refusal.message}"
        tell(act.session, [found.by_id], "alarm", task.case_id, task.id, text, act.at)
        record_act(act, "task.sending_failed", by=RULE, reason=refusal.message)
        return Result.DONE
    _end(found, "done", act.at)
    return Result.DONE


def _rehearse(session: Session, actor: Actor, task_id: int, form: Completion) -> datetime:
    """When it can be sent; the act is tried and undone, so that nothing wrong is set."""
    try:
        with session.begin_nested():
            complete(session, actor, task_id, form)
            raise Conflict("现在是工作时间，可以直接提交。", code="in_hours")
    except OutOfHours as refusal:
        return refusal.opens_at


def _end(found: SetSending, state: str, at: datetime, reason: str = "") -> None:
    found.state, found.ended_at, found.reason = state, at, reason


def _as_json(form: Completion) -> dict[str, Any]:
    kept = asdict(form)
    return {name: kept[name] for name in KEPT}


def _of_json(kept: Mapping[str, Any]) -> Completion:
    return Completion(revision=0, **{name: kept[name] for name in KEPT})


KEPT = ("outcome", "opinion", "fields", "next", "explanations", "checked")
