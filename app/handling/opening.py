"""A person opens a stay, writes on its opinion, or an administrator names somebody for it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.database import insert_once
from app.errors import Conflict, Invalid
from app.handling import remarks
from app.handling.acts import Act, hold_task
from app.handling.errors import NotYourTask
from app.handling.models import OpinionDraft, Task, TaskCandidate
from app.organization import Actor


def open_task(session: Session, actor: Actor, task_id: int) -> Act:
    """Note that a candidate has seen the stay; from then on it cannot be taken back (OUT-18).

    Anybody else who may see the case looks without leaving a mark on the stay.
    """
    act = hold_task(session, actor, task_id)
    task = act.stay
    first = act.candidate is not None and task.state == "open" and task.opened_at is None
    if first and task.sent_by_id != actor.person_id:
        # past the revision: seeing a stay does not make the form stale that shows it
        session.execute(
            sa.update(Task)
            .where(Task.id == task.id)
            .values(opened_at=act.at, opened_by_id=actor.person_id)
        )
        audit.record(
            session,
            "task.opened",
            actor.signature(),
            at=act.at,
            subject=("task", task.id),
            case_id=act.case.id,
            document_id=act.document.id,
            step=task.step,
            detail={"step_name": task.step_name},
        )
    return act


def keep_draft(session: Session, actor: Actor, task_id: int, text: str) -> datetime:
    """Save the opinion as it stands, and when; private, and gone when the stay ends or is empty."""
    act = hold_task(session, actor, task_id)
    if act.candidate is None:
        raise NotYourTask(act.stay.step_name, [])
    if act.stay.state != "open":
        raise Conflict("此件已经办理，草稿不再保存。", code="already_done")
    remarks.read("opinion", "意见", text)
    key = {"task_id": task_id, "person_id": actor.person_id}
    if not text.strip():
        session.execute(sa.delete(OpinionDraft).filter_by(**key))
        return act.at
    values = {"text": text, "saved_at": act.at}
    if not insert_once(session, OpinionDraft, {**key, **values}):
        session.execute(sa.update(OpinionDraft).filter_by(**key).values(**values))
    return act.at


def assign(session: Session, actor: Actor, task_id: int, login: str, reason: str) -> Task:
    """Name somebody for a stay that stopped because nobody could act (process administrator)."""
    act = hold_task(session, actor, task_id)
    task = act.stay
    if task.blocked is None or task.state != "open":
        raise Conflict("此环节没有停下，不需要指定办理人。", code="not_blocked")
    if act.candidate is None:
        raise NotYourTask(task.step_name, [])
    written = remarks.read("reason", "原因", reason)
    if not written:
        raise Invalid.at("reason", "指定办理人须写明原因。")
    person = organization.named(session, [login], act.case.unit_id).people[0]
    session.execute(sa.delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
    session.add(
        TaskCandidate(
            task_id=task.id,
            person_id=person.person_id,
            reason=f"由流程管理员{actor.name}指定",
            authority=person.authority,
        )
    )
    task.blocked = None
    audit.record(
        session,
        "task.assigned",
        actor.signature(),
        at=act.at,
        subject=("task", task.id),
        case_id=act.case.id,
        document_id=act.document.id,
        step=task.step,
        reason=written,
        detail={"step_name": task.step_name, "to": login},
    )
    return task
