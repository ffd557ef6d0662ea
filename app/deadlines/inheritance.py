"""From which unit above a unit inherits what it has not chosen itself about its limits."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.deadlines.changes import Change
from app.deadlines.models import UnitPolicy
from app.deadlines.policy_keys import Chosen
from app.organization import choices


def chain(
    session: Session,
    unit_id: int | None,
    supposed: Change | None = None,
    at: datetime | None = None,
) -> list[Chosen]:
    """What each unit from the topmost one down to this one has chosen, in one statement.

    supposed  a change that is taken as made
    at        as it was then, what was chosen in that very moment included
    """
    if unit_id is None:
        return []
    links = choices.links(session, UnitPolicy, at and at + timedelta(microseconds=1))
    found: list[Chosen] = []
    for each in choices.upwards(links, unit_id):
        own = links[each].own
        if supposed is not None and supposed.policy is not None and supposed.unit_id == each:
            own = dict(supposed.policy)
        found.append((links[each].name, own))
    return found[::-1]


def concerned(session: Session, change: Change) -> set[int] | None:
    """Units whose limits a change may move; None for every unit."""
    if change.unit_id is None or change.policy is None:
        return None if change.unit_id is None else {change.unit_id}
    links = choices.links(session, UnitPolicy)
    return {each for each in links if change.unit_id in choices.upwards(links, each)}
