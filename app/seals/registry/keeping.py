"""Which seal a person may put on what, now (SIG-03, SIG-04)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization import Person, absences
from app.seals.models import SEAL_KINDS, SEAL_STATES, Seal
from app.seals.registry.errors import ForeignSeal, SealNotActive

MOMENT = timedelta(seconds=1)


def usable(
    session: Session, unit_id: int, person_id: int, kind: str | None, at: datetime
) -> Sequence[Seal]:
    """Seals of the unit that this person could put on a document of the kind, in their order."""
    query = (
        sa.select(Seal)
        .where(
            Seal.unit_id == unit_id,
            Seal.state == "active",
            Seal.kind != "signature",
            sa.or_(Seal.keeper_id == person_id, Seal.deputy_id == person_id),
        )
        .order_by(Seal.id)
    )
    found = session.scalars(query).all()
    return [
        each for each in found if _permits(each, kind) and _has_it_now(session, each, person_id, at)
    ]


def ensure_usable(
    session: Session, seal: Seal, unit_id: int, person_id: int, kind: str | None, at: datetime
) -> None:
    """Raises ForeignSeal or SealNotActive with the reason."""
    ensure_in_use(seal, unit_id)
    if seal.kind == "signature":
        raise ForeignSeal(f"“{seal.wording}”是签名章，不能当作印章用。")
    if not _permits(seal, kind):
        allowed = "、".join(seal.kinds)
        raise ForeignSeal(f"“{seal.wording}”印章只用于{allowed}，不能用于{kind}。")
    if person_id not in (seal.keeper_id, seal.deputy_id):
        raise ForeignSeal(f"“{seal.wording}”印章不由您保管，不能用印。（SIG-04）")
    if _has_it_now(session, seal, person_id, at):
        return
    if person_id == seal.keeper_id:
        raise ForeignSeal("您已登记外出，外出期间不能用印；回来后请先结束外出，再用印。")
    keeper = session.get_one(Person, seal.keeper_id)
    raise ForeignSeal(f"保管人{keeper.name}在岗，由其用印；外出登记后您才能代管。")


def _has_it_now(session: Session, seal: Seal, person_id: int, at: datetime) -> bool:
    """A keeper who is away cannot seal: whoever does then in his name has his password."""
    away = keeper_away(session, seal, at)
    return person_id == (seal.deputy_id if away else seal.keeper_id)


def ensure_in_use(seal: Seal, unit_id: int) -> None:
    """Raises ForeignSeal for another unit's, SealNotActive for one suspended or retired."""
    if seal.unit_id != unit_id:
        raise ForeignSeal("只能使用本单位的印章。（SIG-04）")
    ensure_active(seal)


def in_use(session: Session, unit_id: int) -> Sequence[Seal]:
    """Every seal of the unit that may be used, in their order."""
    query = sa.select(Seal).where(Seal.unit_id == unit_id, Seal.state == "active")
    return session.scalars(query.order_by(Seal.id)).all()


def own_stamp(session: Session, unit_id: int, person_id: int, kind: str | None) -> Seal | None:
    """签名章 of a person that the unit has registered for documents of a kind; the newest.

    One that is suspended comes as well: :func:`ensure_active` says so.
    """
    query = sa.select(Seal).where(
        Seal.unit_id == unit_id,
        Seal.kind == "signature",
        Seal.owner_id == person_id,
        Seal.state != "retired",
    )
    found = session.scalars(query.order_by(Seal.id.desc())).all()
    return next((each for each in found if _permits(each, kind)), None)


def ensure_own_stamp(session: Session, stamp_id: int, person_id: int) -> None:
    """Raises ForeignSeal for a 签名章 of somebody else, SealNotActive."""
    stamp = session.get_one(Seal, stamp_id, populate_existing=True)
    if stamp.kind != "signature" or stamp.owner_id != person_id:
        raise ForeignSeal("只能使用自己的签名章。")
    ensure_active(stamp)


def ensure_active(seal: Seal) -> None:
    """Raises SealNotActive for one suspended or retired."""
    if seal.state != "active":
        named = SEAL_KINDS[seal.kind] if seal.kind == "signature" else "印章"
        raise SealNotActive(f"“{seal.wording}”{named}{SEAL_STATES[seal.state]}，不能用印。")


def keeper_away(session: Session, seal: Seal, at: datetime) -> bool:
    """Whether the keeper has entered that he is away now; only then the deputy keeps the seal."""
    keeper = session.get_one(Person, seal.keeper_id)
    return bool(absences.away(session, [keeper.login], at, at + MOMENT))


def holder(session: Session, seal: Seal, at: datetime) -> Person:
    """Who seals with it now: its keeper, or the deputy while he is away."""
    away = seal.deputy_id is not None and keeper_away(session, seal, at)
    return session.get_one(Person, seal.deputy_id if away else seal.keeper_id)


def _permits(seal: Seal, kind: str | None) -> bool:
    return not seal.kinds or kind is None or kind in seal.kinds
