"""告警: what the security administrator of a unit is told at once and has to look into.

A row, so that it is there whoever raised it, the process of the keys too; the rooms above may
carry it further by the listener that create_app names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict, NotAllowed
from app.organization import names, roles
from app.organization.actors import Actor
from app.organization.models import AccountAlarm, Person

KINDS = {
    "locked": "连续输错，账号锁定",
    "certificate": "证书登录被拒绝",
    "signing": "签名或用印被拒绝",
}
LONGEST = 200
"""Characters of what was found."""
_ONCE_IN = timedelta(minutes=10)


@dataclass(frozen=True)
class Alarm:
    """What has happened to whose account."""

    id: int
    kind: str
    unit_id: int
    login: str
    name: str


@dataclass(frozen=True)
class ListedAlarm:
    """``seen_by`` None: nobody has looked into it yet."""

    id: int
    kind: str
    login: str
    name: str
    address: str | None
    at: datetime
    seen_by: str | None
    seen_at: datetime | None
    finding: str


Listener = Callable[[Session, Alarm, datetime], None]
"""Called in the transaction that raises the alarm."""

_listeners: list[Listener] = []


def tell(*listeners: Listener) -> None:
    """Replace the listeners. Called by create_app."""
    _listeners[:] = listeners


def sound(session: Session, kind: str, person_id: int, address: str | None, at: datetime) -> None:
    """Raise an alarm, but for one of the same kind about the same person of just now."""
    again = sa.select(AccountAlarm.id).where(
        AccountAlarm.person_id == person_id,
        AccountAlarm.kind == kind,
        AccountAlarm.at > at - _ONCE_IN,
    )
    if session.scalar(again.limit(1)) is not None:
        return
    person = session.get_one(Person, person_id)
    row = AccountAlarm(
        person_id=person_id, unit_id=person.unit_id, kind=kind, address=address, at=at, finding=""
    )
    session.add(row)
    session.flush()
    alarm = Alarm(row.id, kind, person.unit_id, person.login, person.name)
    for listener in _listeners:
        listener(session, alarm, at)


def listed(session: Session, unit_id: int, most: int = 100) -> list[ListedAlarm]:
    """The alarms of a unit, those that nobody has looked into first, then the newest."""
    seer = sa.orm.aliased(Person)
    query = (
        sa.select(AccountAlarm.id, AccountAlarm.kind, Person.login, Person.name)
        .add_columns(AccountAlarm.address, AccountAlarm.at, seer.name.label("seer"))
        .add_columns(AccountAlarm.seen_at, AccountAlarm.finding)
        .join(Person, Person.id == AccountAlarm.person_id)
        .outerjoin(seer, seer.id == AccountAlarm.seen_by)
        .where(AccountAlarm.unit_id == unit_id)
        .order_by(AccountAlarm.seen_at.is_not(None), AccountAlarm.id.desc())
        .limit(most)
    )
    return [ListedAlarm(*row) for row in session.execute(query)]


def waiting(session: Session, unit_id: int) -> int:
    """How many alarms of a unit nobody has looked into."""
    unseen = sa.and_(AccountAlarm.unit_id == unit_id, AccountAlarm.seen_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).where(unseen)) or 0


def settle(session: Session, by: Actor, alarm_id: int, finding: str, at: datetime) -> None:
    """Say what was found. Raises NotAllowed, Invalid, and Conflict for one that is settled."""
    row = session.get(AccountAlarm, alarm_id, with_for_update=True, populate_existing=True)
    if row is None or not by.holds(roles.SECURITY_ADMIN, unit_id=row.unit_id):
        raise NotAllowed("告警由本单位安全管理员处理。")
    found = names.words("finding", "处理情况", finding, longest=LONGEST)
    if row.seen_at is not None:
        raise Conflict("这条告警已处理，请刷新页面。", code="alarm_settled")
    row.seen_by, row.seen_at, row.finding = by.person_id, at, found
    session.flush()
    audit.record(
        session,
        "alarm.settled",
        by.signature(),
        at=at,
        subject=("person", row.person_id),
        reason=found,
        detail={"alarm": row.id, "kind": row.kind},
    )
