"""Terms (启用) in lines: which version, where, from when to when, who asked and who agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization import Actor
from app.organization.models import Person, Unit
from app.workflow import rights
from app.workflow.models import DefinitionRow, DraftState, ProcessDraft, ProcessTerm, TermState

OFFICE = "全机关"
OPEN = (TermState.PROPOSED, TermState.SCHEDULED)
WORDS: Mapping[str, str] = {
    "proposed": "待启用",
    "scheduled": "已定启用日",
    "in_force": "启用中",
    "ended": "已停用",
    "refused": "未启用",
    "submitted": "未启用",
    "retired": "已停用",
}
FOLLOWING: Mapping[str, str] = {
    "proposed": "待改为跟随上级",
    "scheduled": "已定跟随上级",
    "in_force": "跟随上级",
    "ended": "曾跟随上级",
    "refused": "未改为跟随上级",
}


@dataclass(frozen=True)
class TermLine:
    """One term of a version, in words. ``may_decide``: the reader is the second person it wants.

    unit     key; None for the whole office
    follows  the unit follows the one above, where the version held when that was proposed
    """

    id: int
    sha256: str
    version: int
    where: str
    unit: str | None
    follows: bool
    state: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    in_force_from: date | None
    decided_by: str
    decided_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    answer: str
    mine: bool
    may_decide: bool

    @property
    def open(self) -> bool:
        """Not begun, and neither refused."""
        return self.state in OPEN

    @property
    def words(self) -> str:
        return (FOLLOWING if self.follows else WORDS)[self.state]


def of_versions(
    session: Session, actor: Actor, versions: Mapping[str, int]
) -> dict[str, list[TermLine]]:
    """Terms by the version that they are about, the newest first; versions: number by sha256."""
    places, keys = units(session), _keys(session)
    names, reach = people(session), rights.reach(session, actor)
    query = sa.select(ProcessTerm).where(ProcessTerm.sha256.in_(versions))
    found: dict[str, list[TermLine]] = {}
    for term in session.scalars(query.order_by(ProcessTerm.id.desc())):
        mine = term.proposed_by == actor.person_id
        other = not mine or term.state == TermState.SCHEDULED
        line = TermLine(
            id=term.id,
            sha256=term.sha256,
            version=versions[term.sha256],
            where=places.get(term.unit_id, OFFICE),
            unit=keys.get(term.unit_id),
            follows=term.follows,
            state=term.state,
            reason=term.reason,
            proposed_by=names.get(term.proposed_by, "随程序安装"),
            proposed_at=term.proposed_at,
            in_force_from=term.in_force_from,
            decided_by=names.get(term.decided_by, ""),
            decided_at=term.decided_at,
            started_at=term.started_at,
            ended_at=term.ended_at,
            answer=term.answer or "",
            mine=mine,
            may_decide=term.state in OPEN and other and reach.over(term.unit_id),
        )
        found.setdefault(term.sha256, []).append(line)
    return found


def people(session: Session) -> dict[int | None, str]:
    """Names of those who had a hand in any version or draft."""
    hands = sa.union(
        sa.select(DefinitionRow.submitted_by),
        sa.select(ProcessTerm.proposed_by),
        sa.select(ProcessTerm.decided_by),
        sa.select(ProcessDraft.updated_by).where(ProcessDraft.state == DraftState.OPEN),
    ).subquery()
    query = sa.select(Person.id, Person.name).where(Person.id.in_(sa.select(hands.c[0])))
    return {row.id: row.name for row in session.execute(query)}


def units(session: Session) -> dict[int | None, str]:
    """Names of all units by id."""
    return {row.id: row.name for row in session.execute(sa.select(Unit.id, Unit.name))}


def _keys(session: Session) -> dict[int | None, str]:
    return {row.id: row.key for row in session.execute(sa.select(Unit.id, Unit.key))}
