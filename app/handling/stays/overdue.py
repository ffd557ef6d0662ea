"""What time does to a stay: alarms while something urgent lies unopened, a reminder, the mark."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines, organization
from app.deadlines import DueRow, Result
from app.handling.models import Case, Task, TaskCandidate
from app.handling.stays.notices import tell
from app.handling.stays.reminding import remind
from app.organization import Scope

RULE = "时限届满规则（DDL-01 至 DDL-03）"


class TaskLimits:
    """Effects of due rows whose subject is a stay."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        """Under the lock of the stay, unless it has ended: mark it, announce it, remind of it."""
        task = session.scalars(
            sa.select(Task)
            .where(Task.id == due.subject_id)
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if task is None:
            exists = session.scalar(sa.select(sa.exists().where(Task.id == due.subject_id)))
            return Result.BUSY if exists else Result.NOT_OPEN
        case = session.get_one(Case, task.case_id)
        if task.state != "open" or case.state != "running":
            return Result.NOT_OPEN
        if due.kind == "alarm":
            return _announce(session, task, case, due, now)
        if due.kind == "remind":
            people = _holders(session, task)
            remind(session, "amber", due.effect_key, task, people, now, since=due.due_at)
            return Result.DONE
        if task.due_at != due.due_at:
            return Result.NOT_OPEN  # moved while the sweep held the row of before
        _mark(session, task, case, due, now)
        return Result.DONE


def _announce(session: Session, task: Task, case: Case, due: DueRow, now: datetime) -> Result:
    """Again after the interval that the unit has chosen, until somebody opens it (DDL-02)."""
    if task.opened_at is not None:
        return Result.NOT_OPEN
    text = f"紧急公文等候您立即办理（第 {due.occurrence} 次提醒）。"
    holders = _holders(session, task)
    tell(session, holders, "alarm", task.case_id, task.id, text, now)
    remind(session, "alarm", due.effect_key, task, holders, now)
    every = timedelta(minutes=deadlines.load(session, case.unit_id).policy.alarm_every)
    deadlines.open_next(session, due, max(due.due_at + every, now))
    return Result.DONE


def _mark(session: Session, task: Task, case: Case, due: DueRow, now: datetime) -> None:
    """Once per stay, on record, shown to its people and to the office head."""
    # past the revision: the mark must not make somebody's form stale
    session.execute(sa.update(Task).where(Task.id == task.id).values(overdue_since=due.due_at))
    audit.record(
        session,
        "task.overdue",
        audit.signed_by_rule(RULE),
        at=now,
        subject=("task", task.id),
        case_id=case.id,
        document_id=case.document_id,
        step=task.step,
        detail={"step_name": task.step_name, "due_at": due.due_at.isoformat()},
    )
    heads = organization.candidates(session, ["office-head"], Scope(case.unit_id)).people
    told = sorted({*_holders(session, task), *(head.person_id for head in heads)})
    text = f"在“{task.step_name}”环节已超过时限，请抓紧办理。"
    tell(session, told, "overdue", case.id, task.id, text, now)
    remind(session, "overdue", due.effect_key, task, told, now, since=due.due_at)


def _holders(session: Session, task: Task) -> list[int]:
    query = sa.select(TaskCandidate.person_id).where(TaskCandidate.task_id == task.id)
    return list(session.scalars(query))
