"""Seals for pages: what the unit has, who keeps them, and what has happened to each."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.errors import NotAllowed, NotFound
from app.organization import Actor, Department, Person
from app.seals.models import SEAL_KINDS, SEAL_STATES, SEAL_VERBS, Seal, SealChange
from app.seals.registry.rights import MAY_LOOK, manages


@dataclass(frozen=True)
class SealLine:
    """A seal in the list. ``mine``: the viewer keeps it, or keeps it in the keeper's absence."""

    id: int
    kind: str
    wording: str
    diameter: int
    drawn: bool
    department: str
    owner: str
    keeper: str
    keeper_login: str
    deputy: str
    deputy_login: str
    kinds: tuple[str, ...]
    state: str
    made_at: datetime
    mine: bool

    @property
    def kind_label(self) -> str:
        return SEAL_KINDS[self.kind]

    @property
    def state_label(self) -> str:
        return SEAL_STATES[self.state]


@dataclass(frozen=True)
class Change:
    verb: str
    reason: str
    person: str
    at: datetime

    @property
    def label(self) -> str:
        return SEAL_VERBS[self.verb]


def seals(session: Session, actor: Actor) -> list[SealLine]:
    """Those of the unit, in use first. Raises NotAllowed."""
    if not any(actor.holds(role, unit_id=actor.unit_id) for role in MAY_LOOK):
        raise NotAllowed("印章管理由办公室负责人、安全管理员和印章管理员办理，您不能查看。")
    found = _lines(session, actor, Seal.unit_id == actor.unit_id)
    return sorted(found, key=lambda each: (each.state == "retired", each.id))


def seal(session: Session, actor: Actor, seal_id: int) -> tuple[SealLine, list[Change]]:
    """One of them with its history, the latest first. Raises NotFound, NotAllowed."""
    found = next((each for each in seals(session, actor) if each.id == seal_id), None)
    if found is None:
        raise NotFound("没有这枚印章，或者不是本单位的。")
    query = (
        sa.select(SealChange.verb, SealChange.reason, Person.name, SealChange.at)
        .outerjoin(Person, Person.id == SealChange.by_id)
        .where(SealChange.seal_id == seal_id)
        .order_by(SealChange.id.desc())
    )
    changes = [
        Change(verb, reason, name or "自动", at)
        for verb, reason, name, at in session.execute(query)
    ]
    return found, changes


def may(actor: Actor, line: SealLine) -> list[str]:
    """The verbs that the actor may try on this seal now."""
    if line.state == "retired":
        return []
    verbs = ["keep", "permit", "resume" if line.state == "suspended" else "suspend", "retire"]
    if manages(actor):
        return verbs
    return ["suspend"] if line.mine and line.state == "active" else []


def _lines(session: Session, actor: Actor, *conditions: sa.ColumnElement[bool]) -> list[SealLine]:
    keeper, deputy, owner = aliased(Person), aliased(Person), aliased(Person)
    query = (
        sa.select(Seal, keeper.name, keeper.login, deputy.name, deputy.login)
        .add_columns(owner.name, Department.name)
        .join(keeper, keeper.id == Seal.keeper_id)
        .outerjoin(deputy, deputy.id == Seal.deputy_id)
        .outerjoin(owner, owner.id == Seal.owner_id)
        .outerjoin(Department, Department.id == Seal.department_id)
        .where(*conditions)
        .order_by(Seal.id)
    )
    return [
        SealLine(
            id=row.id,
            kind=row.kind,
            wording=row.wording,
            diameter=row.diameter,
            drawn=row.picture is None,
            department=department or "",
            owner=of or "",
            keeper=name,
            keeper_login=login,
            deputy=second or "",
            deputy_login=second_login or "",
            kinds=tuple(row.kinds),
            state=row.state,
            made_at=row.made_at,
            mine=actor.person_id in (row.keeper_id, row.deputy_id),
        )
        for row, name, login, second, second_login, of, department in session.execute(query)
    ]
