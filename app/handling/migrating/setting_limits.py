"""Limits of open stays follow the version, and follow it back. The caller holds the case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from app import deadlines
from app.deadlines import Deadline, Limit
from app.handling import noting
from app.handling.act import Act
from app.handling.migrating import limits
from app.handling.migrating.limits import Moved, Stay
from app.handling.models import Task
from app.workflow.definitions import Definition

TASK = cast(sa.Table, Task.__table__)
KEPT = ("due_at", "limit_steps", "limit_provisional", "calendar_version", "overdue_since")
MOMENTS = ("due_at", "overdue_since")


def of_version(act: Act, stays: Sequence[Task], old: Definition, new: Definition) -> list[Moved]:
    """What the version sets otherwise for these stays."""
    differing = [
        task
        for task in stays
        if task.step in old.by_id and limits.differs(old.step(task.step), new.step(task.step))
    ]
    known = _latest(act, [task.id for task in differing])
    calendar = deadlines.load(act.session, act.case.unit_id)
    found = [
        limits.moved(_stay(act, task), known.get(task.id), new.step(task.step), calendar, act.at)
        for task in differing
    ]
    return [each for each in found if each is not None]


def follow(act: Act, stays: Sequence[Task], moved: Sequence[Moved]) -> None:
    """Put them in place of the old ones. Forms that were drawn before stay valid."""
    tasks = {task.id: task for task in stays}
    for each in moved:
        task = tasks[each.task_id]
        if each.deadline is None:
            deadlines.drop_limit(act.session, "task", task.id, act.at)
            _write(act, task.id, dict.fromkeys(KEPT) | {"limit_steps": [], "limit_provisional": 0})
            continue
        lifted = task.overdue_since is not None and each.deadline.due_at > act.at
        if lifted or task.overdue_since is None:  # else it keeps its mark
            _set(act, task, each.deadline)
        mark = None if lifted or task.overdue_since is None else each.deadline.due_at
        _write(
            act,
            task.id,
            {
                "due_at": each.deadline.due_at,
                "limit_steps": list(each.deadline.steps),
                "limit_provisional": each.deadline.provisional,
                "calendar_version": each.deadline.version,
                "overdue_since": mark,
            },
        )


def kept(stays: Sequence[Task], moved: Sequence[Moved]) -> dict[str, Any]:
    """The limits of before, by the id of their stay, in JSON."""
    ids = {each.task_id for each in moved}
    return {
        str(task.id): {name: _plain(getattr(task, name)) for name in KEPT}
        for task in stays
        if task.id in ids
    }


def go_back(act: Act, stays: Sequence[Task], kept: dict[str, Any]) -> None:
    """The ends of before, with the inputs that they were counted from."""
    tasks = {str(task.id): task for task in stays}
    for ident, values in kept.items():
        task = tasks[ident]
        found = {
            name: datetime.fromisoformat(value) if value and name in MOMENTS else value
            for name, value in values.items()
        }
        if found["due_at"] is None:
            deadlines.drop_limit(act.session, "task", task.id, act.at)
        else:
            _set(act, task, _again(act, task.id, found["due_at"]))
        _write(act, task.id, found)


def _again(act: Act, task_id: int, due_at: datetime) -> Deadline | datetime:
    """The limit that ended then, from the row that still has its inputs."""
    rows = deadlines.limits_of(act.session, "task", [task_id])
    row = next(each for each in reversed(rows) if each.kind == "overdue" and each.due_at == due_at)
    return deadlines.as_it_was(row)


def _set(act: Act, task: Task, end: Deadline | datetime) -> None:
    calendar = deadlines.load(act.session, act.case.unit_id)
    due_at = end.due_at if isinstance(end, Deadline) else end
    amber = deadlines.amber_from(due_at, task.arrived_at, calendar)
    deadlines.move_limit(
        act.session,
        "task",
        task.id,
        end,
        revision=deadlines.next_revision(act.session, "task", task.id),
        at=act.at,
        alone=True,
        reminder=amber if amber and amber > act.at else None,
    )


def _latest(act: Act, task_ids: Sequence[int]) -> dict[int, Limit]:
    rows = deadlines.limits_of(act.session, "task", task_ids)
    return {each.subject_id: each for each in rows if each.kind == "overdue"}


def _stay(act: Act, task: Task) -> Stay:
    return Stay(
        task.id, task.step, task.step_name, act.document.urgency, task.arrived_at, task.due_at
    )


def _write(act: Act, task_id: int, values: dict[str, Any]) -> None:
    """Past the revision of the stay: this must not make somebody's form stale."""
    act.session.connection().execute(sa.update(TASK).where(TASK.c.id == task_id).values(**values))
    noting.rewritten(act.session, act.session.get_one(Task, task_id))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
