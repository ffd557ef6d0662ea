"""委托代办: somebody names an agent for a period and a scope (ORG-27). No chain, no circle.

Nobody delegates for somebody else (S12). Who is ill and has named nobody is helped by the process
administrators, and who leaves by 岗位交接.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid, NotFound
from app.organization import extents, names, periods, roles
from app.organization.actors import Actor
from app.organization.actors import actor as actor_of
from app.organization.candidates import named
from app.organization.errors import AlreadyThere, DelegationCircle, SeparationOfDuties
from app.organization.extents import Edge, Extent
from app.organization.models import Delegation, Person, Unit

LONGEST = timedelta(days=366)
SCOPES = ("all", "process", "kind")


@dataclass(frozen=True)
class Wanted:
    """What a principal asks for.

    agent        login of a colleague of the same unit
    since        from when; what lies in the past begins now
    until        the first moment at which the agent has no right any more
    scope_value  id of a route or 文种; the caller has checked that there is such a thing
    with_inbox   also what lay with the principal before ``since``
    """

    agent: str
    since: datetime
    until: datetime
    scope: str = "all"
    scope_value: str | None = None
    with_inbox: bool = False
    reason: str = ""


def delegate(session: Session, actor: Actor, at: datetime, wanted: Wanted) -> Delegation:
    """Let an agent act for the actor. The rooms above give him what fits.

    Raises Invalid at the field, SeparationOfDuties for an administrator of security,
    AlreadyThere for a second agent of the same matters, DelegationCircle.
    """
    if _watches(actor):
        raise SeparationOfDuties("系统管理员、安全管理员和安全审计员的职责不能委托他人。")
    since = max(wanted.since, at)
    _ensure_period(since, wanted.until, at)
    extent = _extent(wanted, since)
    agent_id = _agent(session, actor, wanted.agent)
    reason = names.words("reason", "委托原因", wanted.reason, longest=200)
    # the lock of the unit: of two that would close a circle together, the second sees the first
    session.execute(
        sa.select(Unit.id).where(Unit.id == actor.unit_id).with_for_update(key_share=True)
    )
    _ensure_alone(session, actor, extent)
    new = Edge(actor.person_id, agent_id, extent)
    if extents.comes_round(new, _edges(session, actor.unit_id, at)):
        raise DelegationCircle
    delegation = Delegation(
        principal_id=actor.person_id,
        agent_id=agent_id,
        since=since,
        until=wanted.until,
        scope=wanted.scope,
        scope_value=wanted.scope_value if wanted.scope != "all" else None,
        with_inbox=wanted.with_inbox,
        reason=reason,
        at=at,
        ended_at=None,
    )
    session.add(delegation)
    session.flush()
    _record(session, "delegation.given", actor.signature(), at, delegation)
    return delegation


def end_delegation(session: Session, actor: Actor, at: datetime, delegation_id: int) -> Delegation:
    """End one's own delegation before its time; one that is over already changes nothing.

    Raises NotFound for anybody but its principal.
    """
    found = session.scalars(
        sa.select(Delegation).where(Delegation.id == delegation_id).with_for_update(key_share=True)
    ).first()
    if found is None or found.principal_id != actor.person_id:
        raise NotFound("没有这项委托，或者不是您本人的委托。", hidden=found is not None)
    end_one(session, actor.signature(), at, found)
    return found


def end_all(
    session: Session, by: audit.Signature, at: datetime, person_id: int
) -> Sequence[Delegation]:
    """End what somebody has given and received, because his account closes; in order of id."""
    of_him = sa.or_(Delegation.principal_id == person_id, Delegation.agent_id == person_id)
    query = sa.select(Delegation).where(
        of_him, Delegation.ended_at.is_(None), Delegation.until > at
    )
    found = session.scalars(query.order_by(Delegation.id).with_for_update(key_share=True)).all()
    for each in found:
        end_one(session, by, at, each)
    return found


def end_one(session: Session, by: audit.Signature, at: datetime, delegation: Delegation) -> None:
    if delegation.ended_at is not None or delegation.until <= at:
        return
    delegation.ended_at = at
    session.flush()
    _record(session, "delegation.ended", by, at, delegation)


def in_force_at(delegation: Delegation, at: datetime) -> bool:
    begun = delegation.since <= at < delegation.until
    return begun and (delegation.ended_at is None or at < delegation.ended_at)


def _watches(actor: Actor) -> bool:
    return any(post.role in roles.ADMINISTRATORS for post in actor.posts)


def _ensure_period(since: datetime, until: datetime, at: datetime) -> None:
    if until <= at:
        raise Invalid.at("until", "委托的结束时间已经过去，请重新填写。")
    if until <= since:
        raise Invalid.at("until", "委托的结束时间应晚于开始时间。")
    if until - since > LONGEST:
        raise Invalid.at("until", "一次委托最长一年，请缩短期限，到期后再委托。")
    if since - at > LONGEST:
        raise Invalid.at("since", "委托最早可提前一年登记，请填写近一些的开始时间。")


def _extent(wanted: Wanted, since: datetime) -> Extent:
    if wanted.scope not in SCOPES:
        raise Invalid.at("scope", "委托范围应为全部公文、某一流程或某一文种。")
    if wanted.scope != "all" and not wanted.scope_value:
        raise Invalid.at("scope_value", "请选择委托哪一流程或文种。")
    return extents.of(wanted.scope, wanted.scope_value, since, wanted.until)


def _agent(session: Session, actor: Actor, login: str) -> int:
    if not login.strip():
        raise Invalid.at("agent", "请选择代办人。")
    try:
        person = named(session, [login], actor.unit_id).people[0]
    except Invalid as error:
        raise Invalid.at("agent", error.message) from None
    if person.person_id == actor.person_id:
        raise Invalid.at("agent", "不能委托本人，请选择其他人。")
    if _watches(actor_of(session, person.person_id)):
        raise Invalid.at("agent", f"{person.name}是系统、安全管理员或审计员，不能代办公文。")
    return person.person_id


def _ensure_alone(session: Session, actor: Actor, extent: Extent) -> None:
    query = (
        sa.select(Delegation, Person.name)
        .join(Person, Person.id == Delegation.agent_id)
        .where(Delegation.principal_id == actor.person_id, Delegation.ended_at.is_(None))
        .where(Delegation.until > extent.since)
        .order_by(Delegation.id)
    )
    for each, agent in session.execute(query):
        if extent_of(each).meet(extent) is not None:
            days = periods.days(each.since, each.until)
            raise AlreadyThere(
                f"您已委托{agent}代办（{days}），期限和范围与这一次重叠。请先结束那一项，或改期。"
            )


def _edges(session: Session, unit_id: int, at: datetime) -> list[Edge]:
    """Every delegation of a unit that is in force or to come; agents are of the same unit."""
    query = (
        sa.select(Delegation)
        .join(Person, Person.id == Delegation.principal_id)
        .where(Person.unit_id == unit_id, Delegation.ended_at.is_(None), Delegation.until > at)
    )
    return [
        Edge(each.principal_id, each.agent_id, extent_of(each)) for each in session.scalars(query)
    ]


def extent_of(delegation: Delegation) -> Extent:
    return extents.of(delegation.scope, delegation.scope_value, delegation.since, delegation.until)


def _record(
    session: Session, action: str, by: audit.Signature, at: datetime, delegation: Delegation
) -> None:
    people = {
        row.id: row.login
        for row in session.execute(
            sa.select(Person.id, Person.login).where(
                Person.id.in_((delegation.principal_id, delegation.agent_id))
            )
        )
    }
    audit.record(
        session,
        action,
        by,
        at=at,
        subject=("delegation", delegation.id),
        reason=delegation.reason,
        detail={
            "principal": people[delegation.principal_id],
            "agent": people[delegation.agent_id],
            "since": delegation.since.isoformat(),
            "until": delegation.until.isoformat(),
            "scope": delegation.scope,
            "scope_value": delegation.scope_value,
            "with_inbox": delegation.with_inbox,
        },
    )
