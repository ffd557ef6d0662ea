"""Whose processes a process administrator may change: every door of 流程管理 asks here.

The right follows the post: it reaches the unit of the post and the units below it. What holds
for the whole office takes a post in a topmost unit, one without a unit above it (decision 25).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.errors import NotAllowed
from app.organization import Actor, roles
from app.organization.choices import upwards
from app.organization.models import Appointment, Unit

NAMED = 3
"""How many people a refusal names."""


class OutOfReach(NotAllowed):
    """Processes of a unit, or of the whole office, that the actor does not administer."""

    code = "out_of_reach"


@dataclass(frozen=True)
class Reach:
    """Ids of the units whose processes somebody administers; ``office``: the whole office's too."""

    units: frozenset[int] = frozenset()
    office: bool = False

    def over(self, unit_id: int | None) -> bool:
        """``unit_id`` None for the whole office."""
        return self.office if unit_id is None else unit_id in self.units


def reach(session: Session, actor: Actor) -> Reach:
    """What the actor administers by the posts of now; one query."""
    return _reach(
        session, {post.unit_id for post in actor.posts if post.role == roles.PROCESS_ADMIN}
    )


def administers(session: Session, actor: Actor, unit_id: int | None) -> bool:
    """Whether processes of this unit, or of the whole office (None), are the actor's to change."""
    return reach(session, actor).over(unit_id)


def administered_then(session: Session, person_id: int, unit_id: int | None, at: datetime) -> bool:
    """Whether they were this person's to change at that moment, whatever posts ended since."""
    held = sa.select(Appointment.unit_id).where(
        Appointment.person_id == person_id,
        Appointment.role_key == roles.PROCESS_ADMIN,
        Appointment.since <= at,
        sa.or_(Appointment.until.is_(None), Appointment.until > at),
    )
    return _reach(session, set(session.scalars(held))).over(unit_id)


def ensure_administers(
    session: Session, actor: Actor, unit_id: int | None, what: str = "流程"
) -> None:
    """Raises OutOfReach with the unit and who could do it; ``what`` would be changed."""
    if administers(session, actor, unit_id):
        return
    me = f"{actor.name}（{actor.login}）"
    if unit_id is None:
        tops = list(session.scalars(sa.select(Unit).where(Unit.parent_id.is_(None))))
        names = "、".join(each.name for each in tops)
        raise OutOfReach(
            f"全机关的{what}由{names}的流程管理员管理，{me}不能改动。{_whom(session, tops)}"
        )
    line = _line(session, unit_id)
    place = line[0].name if line else "该单位"
    raise OutOfReach(
        f"{me}不是{place}及其上级单位的流程管理员，不能改动{place}的{what}。{_whom(session, line)}"
    )


def _whom(session: Session, units: Sequence[Unit]) -> str:
    """The first of these units that has process administrators, with their names."""
    for unit in units:
        people = organization.process_administrators(session, unit.id).people
        if people:
            names = "、".join(each.name for each in people[:NAMED])
            return f"请联系{unit.name}流程管理员{names}办理。"
    first = units[0].name if units else "该单位"
    return f"{first}还没有流程管理员，请先任命。"


def _line(session: Session, unit_id: int) -> list[Unit]:
    """The unit and those above it, nearest first."""
    every = {each.id: each for each in session.scalars(sa.select(Unit))}
    return [every[each] for each in upwards(every, unit_id)]


def _reach(session: Session, held: Collection[int]) -> Reach:
    if not held:
        return Reach()
    rows = {row.id: row for row in session.execute(sa.select(Unit.id, Unit.parent_id))}
    below = (each for each in rows if not set(upwards(rows, each)).isdisjoint(held))
    office = any(each in rows and rows[each].parent_id is None for each in held)
    return Reach(frozenset(below), office)
