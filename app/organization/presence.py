"""When people are away: 外出 they have registered, or somebody standing in for all they do."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization.models import Absence, Delegation

Times: TypeAlias = tuple[datetime, datetime]
"""From the first moment to the one that is outside."""


def away_between(
    session: Session, people: Collection[int], since: datetime, until: datetime
) -> dict[int, list[Times]]:
    """By person when he is away at some moment of a period, earliest first; two statements."""
    found: dict[int, list[Times]] = {}
    for table, person in ((Absence, Absence.person_id), (Delegation, Delegation.principal_id)):
        ends = sa.func.coalesce(table.ended_at, table.until)
        query = sa.select(person, table.since, table.until, table.ended_at).where(
            person.in_(people), table.since < until, ends > since, ends > table.since
        )
        if table is Delegation:
            query = query.where(Delegation.scope == "all")
        for of, begins, ends_at, ended_at in session.execute(query):
            found.setdefault(of, []).append((begins, min(ends_at, ended_at or ends_at)))
    return {of: sorted(times) for of, times in found.items()}
