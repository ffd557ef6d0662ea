"""Many stays with a limit, and whether each limit took effect exactly once."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import AuditEntry
from app.database import reading
from app.deadlines import open_limits
from app.deadlines.models import Due, Effect
from app.handling.models import Notice, Task, TaskCandidate
from tests.world import World

CASES = 20
"""Real cases, so that many stays cost seconds; the others are copies of their stays."""
CHUNK = 2_000


def stays(session: Session, ends: list[datetime]) -> list[int]:
    """Ids of new open stays that run out at these times, each with people to be told."""
    world = World(session)
    first = [world.open(world.register().case)[0] for _ in range(min(CASES, len(ends)))]
    columns = [each.name for each in Task.__table__.columns if each.name != "id"]
    kept = {task.id: {each: getattr(task, each) for each in columns} for task in first}
    people = {task.id: session.execute(_people(task.id)).mappings().all() for task in first}
    models = [task.id for task in first]
    session.execute(sa.delete(Due).where(Due.subject_id.in_(models)))
    session.execute(sa.update(Task).where(Task.id.in_(models)).values(due_at=None))
    ids: list[int] = []
    for start in range(0, len(ends), CHUNK):
        part = ends[start : start + CHUNK]
        copied = [models[number % len(models)] for number in range(len(part))]
        rows = [
            {**kept[model], "token": str(uuid4()), "due_at": end}
            for model, end in zip(copied, part, strict=True)
        ]
        adding = sa.insert(Task).returning(Task.id, sort_by_parameter_order=True)
        new = list(session.scalars(adding, rows))
        told = [
            {**row, "task_id": task}
            for task, model in zip(new, copied, strict=True)
            for row in people[model]
        ]
        session.execute(sa.insert(TaskCandidate), told)
        open_limits(session, "task", list(zip(new, part, strict=True)))
        ids += new
    session.commit()
    return ids


def _people(task_id: int) -> sa.Select[Any]:
    return sa.select(TaskCandidate.__table__).where(TaskCandidate.task_id == task_id)


def handled(session: Session) -> int:
    """Asked without waiting for the writer, so that what strikes strikes while it writes."""
    with reading():
        done = session.scalar(sa.select(sa.func.count()).where(Due.state == "done"))
        session.rollback()
    return done or 0


def broken(session: Session, ids: list[int]) -> Mapping[str, Any]:
    """What did not take effect exactly once, everywhere, for these stays and for no other."""
    wanted = set(ids)
    mine = Task.id.in_(sa.select(Due.subject_id))
    stays = session.execute(sa.select(Task.id, Task.due_at, Task.overdue_since).where(mine)).all()
    marked = {row.id for row in stays if row.overdue_since == row.due_at}
    query = sa.select(AuditEntry.body).where(AuditEntry.action == "task.overdue")
    entries = Counter(json.loads(body)["subject"][1] for body in session.scalars(query))
    effects = Counter(session.scalars(sa.select(Due.subject_id).join(Effect)))
    done = Counter(session.scalars(sa.select(Due.subject_id).where(Due.state == "done")))
    told = set(session.scalars(sa.select(Notice.task_id).where(Notice.kind == "overdue")))
    early = session.scalars(
        sa.select(Due.subject_id).join(Effect).where(Effect.at < Due.due_at)
    ).all()
    verified = audit.verify(session)
    once = Counter(wanted)
    figures = {
        "marks": marked ^ wanted,
        "entries": _differ(entries, once),
        "effects": _differ(effects, once),
        "rows": _differ(done, once),
        "notices": told ^ wanted,
        "early": early,
        "record": [] if verified.ok else [verified.reason],
    }
    session.rollback()
    return {name: found for name, found in figures.items() if found}


def _differ(found: Counter[Any], wanted: Counter[Any]) -> dict[Any, int]:
    return {key: found[key] - wanted[key] for key in found | wanted if found[key] != wanted[key]}


def ago(**amount: float) -> datetime:
    return datetime.now().astimezone() - timedelta(**amount)
