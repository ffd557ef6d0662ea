"""A person opens a stay, or reads what it is about, and writes on his opinion."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.errors import Conflict
from app.handling import remarks
from app.handling.act import Act, hold_task, look_at_task
from app.handling.errors import NotYourTask
from app.handling.models import OpinionDraft, Task, TaskCandidate
from app.handling.recording import record_act
from app.organization import Actor


def open_task(session: Session, actor: Actor, task_id: int) -> Act:
    """A stay for the page that shows it; the first look of who may act there is noted.

    From then on it cannot be taken back (OUT-18) and is not announced again. Anybody else who
    may see the case looks without leaving a mark, and nobody waits for a lock to look.
    """
    act = look_at_task(session, actor, task_id)
    if not _is_first_look(act):
        return act
    act = hold_task(session, actor, task_id)
    if _is_first_look(act):
        _note(act)
    return act


def note_reading(session: Session, actor: Actor, case_id: int) -> None:
    """Whoever reads the document itself has opened the stay that lies with him (OUT-18)."""
    unopened = sa.select(Task.id).join(TaskCandidate, TaskCandidate.task_id == Task.id)
    unopened = unopened.where(
        Task.case_id == case_id,
        Task.state == "open",
        Task.opened_at.is_(None),
        Task.blocked.is_(None),
        TaskCandidate.person_id == actor.person_id,
    )
    for task_id in session.scalars(unopened).all():
        open_task(session, actor, task_id)


def _is_first_look(act: Act) -> bool:
    task = act.stay
    waiting = task.state == "open" and task.opened_at is None and task.blocked is None
    return act.candidate is not None and waiting


def _note(act: Act) -> None:
    # past the revision: seeing a stay does not make the form stale that shows it
    act.session.execute(
        sa.update(Task)
        .where(Task.id == act.stay.id)
        .values(opened_at=act.at, opened_by_id=act.actor.person_id)
    )
    record_act(act, "task.opened")


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
