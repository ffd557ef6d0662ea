"""From which unit above a unit inherits what it has not chosen itself about its limits."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines.changes import Change
from app.deadlines.models import UnitPolicy
from app.deadlines.policy_keys import Chosen
from app.organization import Unit


@dataclass(frozen=True)
class _Link:
    parent_id: int | None
    name: str
    own: dict[str, Any]


def chain(session: Session, unit_id: int | None, supposed: Change | None = None) -> list[Chosen]:
    """What each unit from the topmost one down to this one has chosen, in one statement.

    supposed  a change that is taken as made
    """
    if unit_id is None:
        return []
    links = _links(session)
    found: list[Chosen] = []
    for each in _upwards(links, unit_id):
        own = links[each].own
        if supposed is not None and supposed.policy is not None and supposed.unit_id == each:
            own = dict(supposed.policy)
        found.append((links[each].name, own))
    return found[::-1]


def concerned(session: Session, change: Change) -> set[int] | None:
    """Units whose limits a change may move; None for every unit."""
    if change.unit_id is None or change.policy is None:
        return None if change.unit_id is None else {change.unit_id}
    links = _links(session)
    return {each for each in links if change.unit_id in _upwards(links, each)}


def _links(session: Session) -> dict[int, _Link]:
    query = sa.select(Unit.id, Unit.parent_id, Unit.name, UnitPolicy.own).outerjoin(
        UnitPolicy,
        sa.and_(UnitPolicy.unit_id == Unit.id, UnitPolicy.superseded_at.is_(None)),
    )
    return {row.id: _Link(row.parent_id, row.name, row.own or {}) for row in session.execute(query)}


def _upwards(links: dict[int, _Link], unit_id: int | None) -> list[int]:
    found: list[int] = []
    while unit_id is not None and unit_id in links and unit_id not in found:
        found.append(unit_id)
        unit_id = links[unit_id].parent_id
    return found
