"""Whom check-ins concern, from when on, and when they need not come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines import Policy
from app.deadlines.checkins import FOREVER, Known, Spell, Visited
from app.deadlines.policy import Checked
from app.handling.acts.starting import MAY_REGISTER
from app.handling.checkins.models import CheckWatch, MissedCheck, Visit
from app.handling.models import Case, Task, TaskCandidate
from app.organization import Actor, Person, presence, roles
from app.organization.models import Appointment

Spells = Mapping[int, Sequence[Spell]]
"""By person, each list in the order of time and without overlaps."""


def may_concern(actor: Actor, policy: Policy) -> bool:
    """Whether visits of this person are kept at all; told without a statement."""
    if policy.checkin_who is Checked.RECEIVERS:
        return any(post.role in MAY_REGISTER for post in actor.posts)
    return any(post.role not in roles.ADMINISTRATORS for post in actor.posts)


def known(
    session: Session,
    watch: CheckWatch,
    policy: Policy,
    until: datetime,
    only: int | None = None,
) -> dict[int, Known]:
    """What is known of each person whom it concerns, or of one of them."""
    spells = _spells(session, watch, policy, only)
    visits = {
        each.person_id: Visited(each.at, each.counted_at, each.visits)
        for each in session.scalars(sa.select(Visit).where(Visit.person_id.in_(spells)))
    }
    gaps = _last_missed(session, spells)
    away = _away(session, spells, visits, watch, until)
    found = {}
    for person_id, concerned in spells.items():
        visited = visits.get(person_id)
        moments = [watch.begun_at, gaps.get(person_id), visited.at if visited else None]
        found[person_id] = Known(
            settled=watch.swept_at,
            visited=visited,
            since=max(each for each in moments if each is not None),
            spells=concerned,
            away=away.get(person_id, ()),
        )
    return found


def _spells(session: Session, watch: CheckWatch, policy: Policy, only: int | None) -> Spells:
    if policy.checkin_who is Checked.HOLDERS:
        return _with_something_to_do(session, watch, only)
    wanted = Appointment.role_key.not_in(roles.ADMINISTRATORS)
    if policy.checkin_who is Checked.RECEIVERS:
        wanted = Appointment.role_key.in_(MAY_REGISTER)
    query = (
        sa.select(Appointment.person_id, sa.func.min(Appointment.since))
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.unit_id == watch.unit_id,
            Person.unit_id == watch.unit_id,
            Appointment.until.is_(None),
            Person.active,
            wanted,
            *([] if only is None else [Person.id == only]),
        )
        .group_by(Appointment.person_id)
        .order_by(Appointment.person_id)
    )
    return {
        person_id: [Spell(max(since, watch.begun_at))]
        for person_id, since in session.execute(query)
    }


def _with_something_to_do(session: Session, watch: CheckWatch, only: int | None) -> Spells:
    """Stays that lay with somebody after the last look, joined where one follows another."""
    query = (
        sa.select(TaskCandidate.person_id, Task.arrived_at, Task.done_at)
        .join(Task, Task.id == TaskCandidate.task_id)
        .join(Case, Case.id == Task.case_id)
        .join(Person, Person.id == TaskCandidate.person_id)
        .where(
            Person.unit_id == watch.unit_id,
            Case.state != "suspended",
            Person.active,
            sa.or_(Task.done_at.is_(None), Task.done_at > watch.swept_at),
            *([] if only is None else [Person.id == only]),
        )
        .order_by(TaskCandidate.person_id, Task.arrived_at)
    )
    found: dict[int, list[Spell]] = {}
    for person_id, arrived, done in session.execute(query):
        since, until = max(arrived, watch.begun_at), done or FOREVER
        spells = found.setdefault(person_id, [])
        if spells and since <= spells[-1].until:
            since, until = spells[-1].since, max(until, spells.pop().until)
        spells.append(Spell(since, until))
    return found


def _last_missed(session: Session, people: Collection[int]) -> dict[int, datetime]:
    query = (
        sa.select(MissedCheck.person_id, sa.func.max(MissedCheck.closes_at).label("closes_at"))
        .where(MissedCheck.person_id.in_(people))
        .group_by(MissedCheck.person_id)
    )
    return {row.person_id: row.closes_at for row in session.execute(query)}


def _away(
    session: Session,
    people: Collection[int],
    visits: Mapping[int, Visited],
    watch: CheckWatch,
    until: datetime,
) -> Spells:
    """From the last visits on: a gap may have begun before the last look."""
    since = min([watch.swept_at, *(each.at for each in visits.values())])
    found = presence.away_between(session, people, since, max(until, since))
    return {of: [Spell(*times) for times in each] for of, each in found.items()}
