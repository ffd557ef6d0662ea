"""After a change of calendar or policy open limits are counted again, both on record (DDL-34).

What is still to do stands in the database: open stays whose limit holds by another version of the
calendar than the present one. So whoever comes next goes on, and doing it twice changes nothing.
A case that stands still is left out: what its limits had left is counted when it goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines
from app.deadlines import Deadline, Limit, WorkCalendar
from app.deadlines.recomputing import moved_from, recomputed
from app.handling.models import Case, Task, TaskCandidate
from app.handling.stays.notices import tell

BATCH = 25
RULE = "工作日历或时限规则变动后重算时限（DDL-34）"
TASK = cast(sa.Table, Task.__table__)


@dataclass(frozen=True)
class Running:
    """An open limit with its inputs; ``revision`` is the highest of all its rows."""

    task: Task
    unit_id: int
    document_id: int
    limit: Limit | None
    revision: int


def recompute(session: Session, now: datetime) -> int:
    """One batch; how many stays it looked at, 0 when nothing is left or others hold the rest.

    Forms that were drawn before stay valid: what a person decides does not depend on the time.
    """
    version = deadlines.version(session)
    found = _outdated(session, version)
    stays: list[dict[str, Any]] = []
    for each in found:
        calendar = deadlines.load(session, each.unit_id)
        stays.append(_count_again(session, each, calendar, now))
    if stays:
        _write(session, stays)
        deadlines.stamp_limits(session, "task", [each.task.id for each in found], version)
    return len(found)


def still_to_do(session: Session) -> int:
    """Open stays whose limit does not hold by the present calendar yet."""
    query = sa.select(sa.func.count()).select_from(Task).join(Case, Case.id == Task.case_id)
    outdated = Task.calendar_version != deadlines.version(session)
    return session.scalar(query.where(*open_limits(), outdated)) or 0


def open_limits() -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions on a stay and its case: a limit that runs."""
    return Task.state == "open", Task.due_at.is_not(None), Case.state == "running"


def with_inputs(session: Session, rows: Sequence[Any]) -> list[Running]:
    """(task, unit, document) of stays, each with the latest row of its limit."""
    known = deadlines.limits_of(session, "task", [row[0].id for row in rows])
    latest = {each.subject_id: each for each in known if each.kind == "overdue"}
    revisions = {each.subject_id: each.deadline_revision for each in known}  # the last is highest
    return [
        Running(task, unit_id, document_id, latest.get(task.id), revisions.get(task.id, 0))
        for task, unit_id, document_id in rows
    ]


def _outdated(session: Session, version: str) -> list[Running]:
    """Case and stay under lock, those that somebody is working on left for the next time."""
    query = (
        sa.select(Task, Case.unit_id, Case.document_id)
        .join(Case, Case.id == Task.case_id)
        .where(*open_limits(), Task.calendar_version != version)
        .order_by(Task.id)
        .limit(BATCH)
        .with_for_update(of=(Task, Case), key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return with_inputs(session, session.execute(query).all())


def _count_again(
    session: Session, each: Running, calendar: WorkCalendar, now: datetime
) -> dict[str, Any]:
    """The stay's new values; a limit that moved is put in place of the old one and recorded."""
    task = each.task
    values = {
        "key": task.id,
        "due_at": task.due_at,
        "limit_steps": task.limit_steps,
        "limit_provisional": task.limit_provisional,
        "overdue_since": task.overdue_since,
        "calendar_version": calendar.version,
    }
    if each.limit is None or task.due_at is None:
        return values
    found = recomputed(each.limit, task.due_at, calendar, now)
    if found is None:
        return values
    said = moved_from(each.limit, found, task.due_at, now) if found.due_at != task.due_at else ""
    steps = _steps(task, found, said)
    values |= {"limit_provisional": found.provisional, "limit_steps": steps}
    if not said:
        return values
    lifted = task.overdue_since is not None and found.due_at > now
    if lifted or task.overdue_since is None:  # else it keeps its mark; what is in time waits anew
        _set_anew(session, each, found, calendar, now)
    sentence = f"“{task.step_name}”环节：{said}"
    _tell_and_record(session, each, found, sentence, lifted, now, steps)
    mark = None if lifted or task.overdue_since is None else found.due_at
    return {**values, "due_at": found.due_at, "overdue_since": mark}


def _steps(task: Task, found: Deadline, said: str) -> list[str]:
    """The new sum; after a standstill it goes on from the old one, which led there."""
    if found.pause is not None:
        return [*task.limit_steps, *found.steps] if said else list(task.limit_steps)
    return [*found.steps, said] if said else list(found.steps)


def _set_anew(
    session: Session, each: Running, found: Deadline, calendar: WorkCalendar, now: datetime
) -> None:
    """The limit and the word that it draws near; an alarm beside them goes on."""
    task = each.task
    amber = deadlines.amber_from(found.due_at, task.arrived_at, calendar)
    deadlines.move_limit(
        session,
        "task",
        task.id,
        found,
        revision=each.revision + 1,
        at=now,
        alone=True,
        reminder=amber if amber and amber > now else None,
    )


def _tell_and_record(
    session: Session,
    each: Running,
    found: Deadline,
    sentence: str,
    lifted: bool,
    now: datetime,
    steps: list[str],
) -> None:
    task = each.task
    people = sa.select(TaskCandidate.person_id).where(TaskCandidate.task_id == task.id)
    tell(session, session.scalars(people).all(), "moved", task.case_id, task.id, sentence, now)
    detail: Mapping[str, Any] = {
        "step_name": task.step_name,
        "from": task.due_at and task.due_at.isoformat(),
        "to": found.due_at.isoformat(),
        "old_calendar": task.calendar_version,
        "new_calendar": found.version,
        "provisional": found.provisional,
        "no_longer_overdue": lifted,
        "steps": steps,
    }
    audit.record(
        session,
        "task.limit_moved",
        audit.signed_by_rule(RULE),
        at=now,
        subject=("task", task.id),
        case_id=task.case_id,
        document_id=each.document_id,
        step=task.step,
        reason=sentence,
        detail=dict(detail),
    )


def _write(session: Session, stays: list[dict[str, Any]]) -> None:
    """Past the revision of the stays: this must not make somebody's form stale."""
    names = [name for name in stays[0] if name != "key"]
    update = sa.update(TASK).where(TASK.c.id == sa.bindparam("key"))
    session.connection().execute(
        update.values({name: sa.bindparam(f"new_{name}") for name in names}),
        [{"key": each["key"], **{f"new_{name}": each[name] for name in names}} for each in stays],
    )
    session.expire_all()
