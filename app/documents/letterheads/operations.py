"""Making, revising, withdrawing templates. Only the dispatcher of the unit may (DRF-06)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.database import insert_once
from app.documents import seal_sizes
from app.documents.errors import Stale, WrongState
from app.documents.letterheads.fields import LetterheadFields
from app.documents.letterheads.models import Letterhead, LetterheadVersion
from app.errors import Invalid, NotAllowed, NotFound
from app.organization import Actor, roles

KEPT = tuple(name for name in LetterheadFields.model_fields if name != "name")
"""What a version keeps; the name is the template's."""


def create(session: Session, by: Actor, at: datetime, given: LetterheadFields) -> Letterhead:
    """A new template of the actor's unit. Raises NotAllowed, Invalid for a name that is taken."""
    ensure_dispatcher(by)
    _ensure_seal_fits(session, by, given)
    values = {"unit_id": by.unit_id, "name": given.name}
    if not insert_once(session, Letterhead, values):
        raise Invalid.at("name", "本单位已有这个名称的红头模板，请换一个名称。")
    letterhead = session.scalars(
        sa.select(Letterhead).where(Letterhead.unit_id == by.unit_id, Letterhead.name == given.name)
    ).one()
    _save(session, letterhead, 1, by, at, {**_kept(given), "offered": True})
    _record(session, "letterhead.made", letterhead, by, at, version=1, **given.model_dump())
    return letterhead


def revise(
    session: Session,
    letterhead_id: int,
    by: Actor,
    at: datetime,
    given: LetterheadFields,
    seen: int,
) -> LetterheadVersion:
    """A new version of a template; its name stays. ``seen`` is the version that was changed.

    Documents that are signed keep the version of their sign-off. Raises NotAllowed, NotFound,
    Stale after somebody else's save.
    """
    letterhead = _hold(session, letterhead_id, by)
    newest = _newest(session, letterhead)
    if seen != newest.number:
        raise Stale(f"{newest.author_name}已经保存了新的一版，您的修改没有保存。请对照后重新修改。")
    if given.name != letterhead.name:
        raise Invalid.at("name", "模板的名称不能改；要用别的名称，请另建一个模板并停用这一个。")
    same = all(getattr(newest, key) == value for key, value in _kept(given).items())
    if same:
        return newest
    _ensure_seal_fits(session, by, given)
    number = newest.number + 1
    saved = _save(session, letterhead, number, by, at, {**_kept(given), "offered": newest.offered})
    _record(session, "letterhead.revised", letterhead, by, at, version=number, **_kept(given))
    return saved


def withdraw(session: Session, letterhead_id: int, by: Actor, at: datetime) -> None:
    """Offer it no longer. Raises NotAllowed, NotFound, WrongState when it is withdrawn already."""
    _offer(session, letterhead_id, by, at, offered=False)


def restore(session: Session, letterhead_id: int, by: Actor, at: datetime) -> None:
    """Offer it again. Raises NotAllowed, NotFound, WrongState when it is offered already."""
    _offer(session, letterhead_id, by, at, offered=True)


def _offer(session: Session, letterhead_id: int, by: Actor, at: datetime, *, offered: bool) -> None:
    """A version that says nothing but this: what was signed before keeps the one before."""
    letterhead = _hold(session, letterhead_id, by)
    newest = _newest(session, letterhead)
    if newest.offered == offered:
        already = "这个红头模板正在使用，无需恢复。" if offered else "这个红头模板已经停用。"
        raise WrongState(already)
    number = newest.number + 1
    same = {name: getattr(newest, name) for name in KEPT}
    _save(session, letterhead, number, by, at, {**same, "offered": offered})
    action = "letterhead.restored" if offered else "letterhead.withdrawn"
    _record(session, action, letterhead, by, at, version=number)


def may_make(by: Actor) -> bool:
    return by.holds(roles.DISPATCHER, unit_id=by.unit_id)


def ensure_dispatcher(by: Actor) -> None:
    """DRF-06: 只有本单位的收发员才能制作红头模板."""
    if not may_make(by):
        raise NotAllowed("红头模板由本单位的收发员制作，您可以使用，不能改动。（DRF-06）")


def _ensure_seal_fits(session: Session, by: Actor, given: LetterheadFields) -> None:
    """国发〔1999〕25号: no wider than the rank of the unit allows."""
    rank = organization.unit(session, by.unit_id).rank
    if given.seal_diameter > seal_sizes.largest(rank):
        raise Invalid.at("seal_diameter", f"印章{seal_sizes.too_wide(rank)}")


def _hold(session: Session, letterhead_id: int, by: Actor) -> Letterhead:
    ensure_dispatcher(by)
    query = sa.select(Letterhead).where(
        Letterhead.id == letterhead_id, Letterhead.unit_id == by.unit_id
    )
    found = session.scalars(query.with_for_update(key_share=True)).first()
    if found is None:
        raise NotFound
    return found


def _newest(session: Session, letterhead: Letterhead) -> LetterheadVersion:
    version = LetterheadVersion
    query = sa.select(version).where(version.letterhead_id == letterhead.id)
    return session.scalars(query.order_by(version.number.desc()).limit(1)).one()


def _kept(given: LetterheadFields) -> dict[str, Any]:
    return given.model_dump(include=set(KEPT))


def _save(
    session: Session,
    letterhead: Letterhead,
    number: int,
    by: Actor,
    at: datetime,
    values: Mapping[str, Any],
) -> LetterheadVersion:
    version = LetterheadVersion(
        letterhead_id=letterhead.id,
        number=number,
        author_id=by.person_id,
        author_name=by.name,
        at=at,
        **values,
    )
    session.add(version)
    session.flush()
    return version


def _record(
    session: Session, action: str, letterhead: Letterhead, by: Actor, at: datetime, **detail: Any
) -> None:
    audit.record(
        session,
        action,
        by.signature(),
        at=at,
        subject=("letterhead", letterhead.id),
        detail={"unit": letterhead.unit_id, "name": letterhead.name, **detail},
    )
