"""催办 as both sides see it: at the stay and on the page of the case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.handling.models import Task, Urge
from app.organization import Person


@dataclass(frozen=True)
class Urging:
    """Who urged a stay, when and why."""

    person: str
    at: datetime
    reason: str


def urges(session: Session, task_ids: Collection[int]) -> dict[int, list[Urging]]:
    """By the id of the stay, the latest first; those of stays that it goes on from count too.

    A stay that is handed over keeps the engine's token: what was urged then is still wanted.
    """
    if not task_ids:
        return {}
    earlier = aliased(Task)
    query = (
        sa.select(Task.id, Person.name, Urge.at, Urge.reason)
        .join(earlier, sa.and_(earlier.token == Task.token, earlier.case_id == Task.case_id))
        .join(Urge, Urge.task_id == earlier.id)
        .join(Person, Person.id == Urge.person_id)
        .where(Task.id.in_(task_ids))
        .order_by(Urge.id.desc())
    )
    found: dict[int, list[Urging]] = {}
    for task_id, name, at, reason in session.execute(query):
        found.setdefault(task_id, []).append(Urging(name, at, reason))
    return found
