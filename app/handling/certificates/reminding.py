"""到期提醒: 60, 30 and 7 days before a certificate or a list runs out, each said once."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.clock import SHANGHAI
from app.messages import Message, queue
from app.organization import Unit, choices, people_of_role, roles
from app.seals.certificates import policy
from app.seals.models import CERTIFICATE_ROLES, Certificate, RevocationList, Seal

DAYS = (60, 30, 7)
UNATTENDED = timedelta(days=2)
"""A list that is renewed daily and has not been for so long: its process does not run."""
_FIRST = timedelta(days=max(DAYS))


def remind(session: Session, now: datetime) -> int:
    """Tell whoever has to see to it (SIG-13, SIG-37); how many messages are new."""
    told = sum(_remind_of(session, each, now) for each in _ending(session, now))
    return told + sum(_remind_of_list(session, each, now) for each in _newest_lists(session))


def _ending(session: Session, now: datetime) -> list[Certificate]:
    """Certificates in force that run out soon and have no successor yet."""
    newer = aliased(Certificate)
    succeeded = sa.exists().where(
        newer.role == Certificate.role,
        newer.issuer_id == Certificate.issuer_id,
        newer.person_id.is_(None),
        newer.seal_id.is_(None),
        newer.not_after > Certificate.not_after,
    )
    holders = Certificate.role.in_(("person", "seal"))
    query = sa.select(Certificate).where(
        Certificate.state == "valid",
        Certificate.unit_id.is_not(None),
        Certificate.not_after > now,
        Certificate.not_after <= now + _FIRST,
        sa.or_(holders, ~succeeded),
    )
    return list(session.scalars(query.order_by(Certificate.id)))


def _remind_of(session: Session, row: Certificate, now: datetime) -> int:
    days = _threshold(row.not_after - now)
    until = f"{row.not_after.astimezone(SHANGHAI):%Y年%-m月%-d日}"
    name = _holder(session, row)
    ours = row.role in ("person", "seal")
    what = (
        "请在到期前办理更新或者延期，到期后须重新申请。" if ours else "请更换，否则不能签名和验证。"
    )
    message = Message(
        key=f"certificate:{row.id}:{days}",
        kind="certificate",
        subject=f"{name}将于{until}到期",
        body=f"{name}将于{until}到期。{what}",
        path=f"/certificates/{row.id}" if ours else "/certificates/",
    )
    return queue(session, message, _responsible(session, row), now)


def _holder(session: Session, row: Certificate) -> str:
    if row.seal_id:
        return f"印章“{session.get_one(Seal, row.seal_id).wording}”的证书"
    return CERTIFICATE_ROLES[row.role] if row.role != "person" else "您或本单位人员的个人证书"


def _responsible(session: Session, row: Certificate) -> Collection[int]:
    """The holder or keeper, and the office that renews for this unit (SIG-13)."""
    people = set(_office(session, row.unit_id))
    if row.person_id:
        people.add(row.person_id)
    if row.seal_id:
        people.add(session.get_one(Seal, row.seal_id).keeper_id)
    if row.role not in ("person", "seal"):
        people |= _of_role(session, roles.SYSTEM_ADMIN, row.unit_id)
    return people


def _office(session: Session, unit_id: int | None) -> set[int]:
    """Officers of the unit itself, or of the highest one above it: as the unit has chosen."""
    rows = session.execute(sa.select(Unit.id, Unit.parent_id))
    line = choices.upwards({row.id: row for row in rows}, unit_id)
    if policy.in_force(session, unit_id)["renewal"] == "office":
        line.reverse()
    for each in line:
        if found := _of_role(session, roles.CERTIFICATE_OFFICER, each):
            return found
    return set()


def _of_role(session: Session, role: str, unit_id: int | None) -> set[int]:
    if unit_id is None:
        return set()
    return {each.id for each in people_of_role(session, role, unit_id)}


def _newest_lists(session: Session) -> list[tuple[RevocationList, Certificate]]:
    newest = (
        sa.select(RevocationList.issuer_id, sa.func.max(RevocationList.number).label("number"))
        .group_by(RevocationList.issuer_id)
        .subquery()
    )
    query = (
        sa.select(RevocationList, Certificate)
        .join(
            newest,
            sa.and_(
                newest.c.issuer_id == RevocationList.issuer_id,
                newest.c.number == RevocationList.number,
            ),
        )
        .join(Certificate, Certificate.id == RevocationList.issuer_id)
        .where(Certificate.state == "valid")
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _remind_of_list(
    session: Session, pair: tuple[RevocationList, Certificate], now: datetime
) -> int:
    """The root's list by its date; the daily one when nobody has renewed it for two days."""
    found, issuer = pair
    left = found.next_update - now
    daily = found.next_update - found.this_update < _FIRST
    if issuer.not_after <= now or (
        now - found.this_update < UNATTENDED if daily else left > _FIRST
    ):
        return 0
    until = f"{found.next_update.astimezone(SHANGHAI):%Y年%-m月%-d日}"
    name = f"{CERTIFICATE_ROLES[issuer.role]}的撤销清单"
    act = "证书服务没有按日更新它，请检查 gongwen authority 是否在运行"
    if not daily:
        act = "请两位根密钥保管人运行 gongwen authority lists --offline 更新"
    message = Message(
        key=f"revocation-list:{found.id}:{0 if daily else _threshold(left)}",
        kind="certificate",
        subject=f"{name}将于{until}过期",
        body=f"{name}将于{until}过期，过期后不能签名和用印。{act}。",
        path="/certificates/",
    )
    people = _of_role(session, roles.SYSTEM_ADMIN, issuer.unit_id)
    return queue(session, message, people | _office(session, issuer.unit_id), now)


def _threshold(left: timedelta) -> int:
    """The smallest number of days that is not yet over."""
    return min(days for days in DAYS if left <= timedelta(days=days)) if left <= _FIRST else 0
