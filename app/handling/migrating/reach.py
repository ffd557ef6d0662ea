"""Where a version holds, or would: a unit with a version of its own follows that one.

What is put in force for the whole office changes nothing in a unit that has chosen for itself, nor
in those below it; see :mod:`app.workflow.terms`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization.choices import upwards
from app.organization.models import Unit
from app.workflow.models import ProcessTerm, TermState

Place = int | None
"""Id of a unit; None for the whole office."""
OFFICE: frozenset[Place] = frozenset({None})
PRESENT = (TermState.PROPOSED, TermState.SCHEDULED, TermState.IN_FORCE)
HOLDS_THERE = sa.or_(
    ~ProcessTerm.follows, ProcessTerm.state.in_((TermState.PROPOSED, TermState.SCHEDULED))
)
"""Condition: a unit that follows the one above has what holds there, not what held at the time."""


@dataclass(frozen=True)
class Apart:
    """Cases of a unit that the version does not reach.

    follows  name of the unit whose own version holds there; "" where the version is for others
    """

    unit: str
    follows: str
    count: int

    @property
    def why(self) -> str:
        if self.follows:
            whose = "本单位" if self.follows == self.unit else self.follows
            return f"{whose}启用了自己的版本"
        return "不在这一版的启用范围"


class Units:
    """All units as they stand to one another, with the versions that some have for themselves."""

    def __init__(self, session: Session) -> None:
        query = sa.select(Unit.id, Unit.name, Unit.parent_id)
        self._units = {row.id: row for row in session.execute(query)}
        terms = sa.select(ProcessTerm.process_id, ProcessTerm.unit_id).where(
            ProcessTerm.state == TermState.IN_FORCE,
            ProcessTerm.unit_id.is_not(None),
            ~ProcessTerm.follows,
        )
        self._own = {(row.process_id, row.unit_id) for row in session.execute(terms)}

    def reached(self, process_id: str, places: Collection[Place]) -> frozenset[int]:
        """Ids of the units in which it holds what is put in force at these places."""
        return frozenset(each for each in self._units if self._holds(process_id, each, places))

    def apart(self, process_id: str, counts: Mapping[int, int]) -> list[Apart]:
        """Why units are not reached, in words; ``counts``: cases by the unit that they are of."""
        found = []
        for ident, count in sorted(counts.items()):
            nearest = self._nearest(process_id, ident)
            follows = self._units[nearest].name if nearest is not None else ""
            found.append(Apart(self._units[ident].name, follows, count))
        return found

    def name(self, unit_id: int) -> str:
        found: str = self._units[unit_id].name
        return found

    def _holds(self, process_id: str, unit_id: int, places: Collection[Place]) -> bool:
        chain: list[Place] = [*upwards(self._units, unit_id), None]
        up_to = chain.index(self._nearest(process_id, unit_id))
        return not set(places).isdisjoint(chain[: up_to + 1])

    def _nearest(self, process_id: str, unit_id: int) -> Place:
        chain: Sequence[int] = upwards(self._units, unit_id)
        return next((each for each in chain if (process_id, each) in self._own), None)


def places(session: Session, sha256: str) -> frozenset[Place]:
    """Where a version is in force or proposed; else where it was; else the whole office."""
    query = sa.select(ProcessTerm.unit_id, ProcessTerm.state)
    rows = session.execute(query.where(ProcessTerm.sha256 == sha256, HOLDS_THERE)).all()
    present = frozenset(row.unit_id for row in rows if row.state in PRESENT)
    return present or frozenset(row.unit_id for row in rows) or OFFICE
