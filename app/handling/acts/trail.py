"""The way that led to a stay, without the laps that were given up by a return."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.handling.act import Act
from app.handling.models import Task
from app.handling.stays.coming_back import had_by
from app.organization import Person


@dataclass(frozen=True)
class Past:
    """A stay that has ended; ``at`` is when.

    person  had it, also where an agent ended it; None where an administrator closed it
    """

    id: int
    step: str
    step_name: str
    sent_from_id: int | None
    instead_of_id: int | None
    person_id: int | None
    person: str | None
    at: datetime


def trail(act: Act) -> Iterator[Past]:
    """The stays that led to the one in hand, nearest first.

    A stay that repeats another was led to by what led to that one, so a step done in a lap that
    was given up is not on the trail.
    """
    stays = _stays(act)
    before = act.stay.instead_of_id or act.stay.sent_from_id
    repeats = act.stay.instead_of_id is not None
    while before is not None:
        stay = stays[before]
        if not repeats:
            yield stay
        before = stay.instead_of_id or stay.sent_from_id
        repeats = stay.instead_of_id is not None


def past(task: Task) -> Past:
    """A stay that has ended, as the trail tells it."""
    return Past(
        id=task.id,
        step=task.step,
        step_name=task.step_name,
        sent_from_id=task.sent_from_id,
        instead_of_id=task.instead_of_id,
        person_id=had_by(task),
        person=None,
        at=task.done_at or task.arrived_at,
    )


HAD_BY = sa.case(
    (
        Task.state.not_in(("removed", "closed")),
        sa.func.coalesce(Task.done_for_id, Task.done_by_id),
    )
)
"""Whose a stay was, in SQL; one that others ended was nobody's who could get it back."""


def began_with(act: Act, stay_id: int) -> bool:
    """Whether this stay, or the one that it repeats, is where the case began."""
    stays = _stays(act)
    stay = stays[stay_id]
    while stay.instead_of_id is not None:
        stay = stays[stay.instead_of_id]
    return stay.sent_from_id is None


def _stays(act: Act) -> dict[int, Past]:
    query = (
        sa.select(
            Task.id,
            Task.step,
            Task.step_name,
            Task.sent_from_id,
            Task.instead_of_id,
            HAD_BY,
            Person.name,
            sa.func.coalesce(Task.done_at, Task.arrived_at),
        )
        .outerjoin(Person, Person.id == HAD_BY)
        .where(Task.case_id == act.case.id)
    )
    return {row[0]: Past(*row) for row in act.session.execute(query)}
