"""Who stands in for whom: delegations as pages, other rooms and the auditor ask for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import SHANGHAI
from app.organization import periods
from app.organization.actors import Statement
from app.organization.models import Delegation, Person


@dataclass(frozen=True)
class Standing:
    """One delegation with the people of both sides."""

    id: int
    principal_id: int
    principal_login: str
    principal: str
    agent_id: int
    agent_login: str
    agent: str
    agent_department_id: int | None
    since: datetime
    until: datetime
    scope: str
    scope_value: str | None
    with_inbox: bool
    reason: str
    at: datetime
    ended_at: datetime | None

    @property
    def days(self) -> str:
        return periods.days(self.since, self.until)

    @property
    def authority(self) -> str:
        """The right of the agent in words, as it stands on each of his acts."""
        return f"受{self.principal}委托（{self.days}）"

    def state(self, at: datetime) -> str:
        if self.ended_at is not None and self.ended_at <= at:
            return "已提前结束"
        if self.until <= at:
            return "已到期"
        return "代办中" if self.since <= at else "未开始"

    def over(self, at: datetime) -> bool:
        return self.until <= at or (self.ended_at is not None and self.ended_at <= at)


def in_force(session: Session, principals: Collection[int], at: datetime) -> list[Standing]:
    """What these people have given and what holds at this moment; agents who are there, by id."""
    if not principals:
        return []
    return _standings(
        session,
        Delegation.principal_id.in_(principals),
        Delegation.since <= at,
        Delegation.until > at,
        sa.or_(Delegation.ended_at.is_(None), Delegation.ended_at > at),
        agents_active=True,
    )


def given(session: Session, person_id: int) -> list[Standing]:
    """All that somebody has ever given, the newest first."""
    return _standings(session, Delegation.principal_id == person_id, newest_first=True)


def received(session: Session, person_id: int) -> list[Standing]:
    """All that somebody has ever been asked to stand in for, the newest first."""
    return _standings(session, Delegation.agent_id == person_id, newest_first=True)


def on_day(session: Session, unit_id: int, day: date) -> Sequence[Standing]:
    """What was in force in a unit at any hour of a day: for the auditor."""
    begins = datetime.combine(day, time.min, SHANGHAI)
    ends = begins + timedelta(days=1)
    return _standings(
        session,
        Delegation.principal_id.in_(sa.select(Person.id).where(Person.unit_id == unit_id)),
        Delegation.since < ends,
        Delegation.until > begins,
        sa.or_(Delegation.ended_at.is_(None), Delegation.ended_at > begins),
    )


def _standings(
    session: Session,
    *conditions: sa.ColumnElement[bool],
    agents_active: bool = False,
    newest_first: bool = False,
) -> list[Standing]:
    principal, agent = aliased(Person), aliased(Person)
    query: Statement = (
        sa.select(
            Delegation.id,
            Delegation.principal_id,
            principal.login.label("principal_login"),
            principal.name.label("principal"),
            Delegation.agent_id,
            agent.login.label("agent_login"),
            agent.name.label("agent"),
            agent.department_id.label("agent_department_id"),
            Delegation.since,
            Delegation.until,
            Delegation.scope,
            Delegation.scope_value,
            Delegation.with_inbox,
            Delegation.reason,
            Delegation.at,
            Delegation.ended_at,
        )
        .join(principal, principal.id == Delegation.principal_id)
        .join(agent, agent.id == Delegation.agent_id)
        .where(*conditions)
        .order_by(Delegation.id.desc() if newest_first else Delegation.id)
    )
    if agents_active:
        query = query.where(agent.active)
    return [Standing(**row._mapping) for row in session.execute(query)]
