"""个人去向: who is away, until when and where (ORG-28). It is shown to senders and binds nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid, NotFound
from app.organization import names, periods
from app.organization.actors import Actor
from app.organization.errors import AlreadyThere
from app.organization.models import Absence, Person

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Away:
    """An absence as pages show it; ``until`` is the moment of coming back."""

    id: int
    person_id: int
    login: str
    name: str
    since: datetime
    until: datetime
    words: str
    travelling: bool = False

    @property
    def days(self) -> str:
        return periods.days(self.since, self.until)


def set_absence(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    since: datetime,
    until: datetime,
    words: str,
    travelling: bool = False,
) -> Absence:
    """Record that one is away; what has begun already begins now. Raises Invalid, AlreadyThere.

    travelling  出差: he is told by SMS what arrives meanwhile (DDL-16)
    """
    begins = max(since, at)
    if until <= at:
        raise Invalid.at("until", "外出的结束时间已经过去，请重新填写。")
    if until <= begins:
        raise Invalid.at("until", "外出的结束时间应晚于开始时间。")
    if until - begins > LONGEST:
        raise Invalid.at("until", "一次登记最长一年，请缩短期限。")
    if begins - at > LONGEST:
        raise Invalid.at("since", "外出最早可提前一年登记，请填写近一些的开始时间。")
    where = names.words("words", "去向", words, longest=200)
    session.execute(
        sa.select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True)
    )
    for each in away(session, [actor.login], begins, until):
        raise AlreadyThere(f"您已登记{each.days}外出（{each.words}）。请先结束那一项，或改期。")
    absence = Absence(
        person_id=actor.person_id,
        since=begins,
        until=until,
        words=where,
        travelling=travelling,
        ended_at=None,
    )
    session.add(absence)
    session.flush()
    _record(session, "absence.set", actor, at, absence)
    return absence


def end_absence(session: Session, actor: Actor, at: datetime, absence_id: int) -> Absence:
    """One is back, or does not go. Raises NotFound for somebody else's."""
    found = session.get(Absence, absence_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound("没有这项外出登记，或者不是您本人的登记。", hidden=found is not None)
    if found.ended_at is None and found.until > at:
        found.ended_at = at
        session.flush()
        _record(session, "absence.ended", actor, at, found)
    return found


def away(session: Session, logins: Collection[str], since: datetime, until: datetime) -> list[Away]:
    """Who of these people is away at some moment of a period, by when it begins; one statement."""
    if not logins:
        return []
    return _found(session, Person.login.in_(logins), Absence.since < until, Absence.until > since)


def own(session: Session, person_id: int, at: datetime) -> list[Away]:
    """What somebody has entered and what is not over."""
    return _found(session, Absence.person_id == person_id, Absence.until > at)


def _found(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Away]:
    query = (
        sa.select(
            Absence.id,
            Absence.person_id,
            Person.login,
            Person.name,
            Absence.since,
            Absence.until,
            Absence.words,
            Absence.travelling,
        )
        .join(Person, Person.id == Absence.person_id)
        .where(Absence.ended_at.is_(None), *conditions)
        .order_by(Absence.since, Absence.id)
    )
    return [Away(*row) for row in session.execute(query)]


def _record(session: Session, action: str, actor: Actor, at: datetime, absence: Absence) -> None:
    audit.record(
        session,
        action,
        actor.signature(),
        at=at,
        subject=("absence", absence.id),
        reason=absence.words,
        detail={
            "since": absence.since.isoformat(),
            "until": absence.until.isoformat(),
            **({"travelling": True} if absence.travelling else {}),
        },
    )
