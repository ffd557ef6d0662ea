"""What happens to a seal: made, handed to another keeper, permitted, suspended, retired.

Each verb has a reason, a row of ``seal_change`` and an audit entry; nothing is ever erased.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.audit import Signature
from app.documents import grounds, kinds, seal_sizes
from app.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound
from app.organization import Actor, Department, Person, names, roles
from app.seals.models import SEAL_KINDS, SEAL_STATES, Seal, SealChange
from app.seals.registry import rights
from app.seals.registry.errors import SealNotActive

SMALLEST, LARGEST = 10, 60
"""Millimetres across; 国发〔1999〕25号 allows 60 at most, signature seals are smaller."""

WAITING = "上传的印模待第二人确认"


@dataclass(frozen=True)
class Making:
    """A seal as it is wanted; it is drawn, unless a picture is brought for it afterwards.

    diameter  millimetres; None for what is usual for the rank of the unit (国发〔1999〕25号)
    keeper, deputy, owner  logins; the owner is whose signature seal it is
    department  key of the department of an inner seal
    kinds       文种 that it may be put on; empty for all
    """

    kind: str
    wording: str
    diameter: int | None
    keeper: str
    reason: str
    deputy: str = ""
    owner: str = ""
    department: str = ""
    kinds: Sequence[str] = ()


def make(session: Session, by: Actor, at: datetime, wanted: Making) -> Seal:
    """制发: drawn with a star, never with the national emblem; see :func:`bring_picture`.

    Raises Invalid naming every field that is wrong: no keeper (SIG-02), one who is no 印章管理员
    (SIG-04); Conflict where the unit has such a seal already; NotAllowed.
    """
    rights.ensure_manages(by)
    wording = names.words("wording", "印文", wanted.wording, longest=40)
    diameter = _diameter(session, by.unit_id, wanted)
    errors = [
        *_misfits(wanted),
        *_too_wide(session, by.unit_id, wanted.kind, diameter),
        *grounds.unwritten("reason", "原因", wanted.reason),
    ]
    if errors:
        raise Invalid(errors[0].message, errors)
    _ensure_new(session, by.unit_id, wanted.kind, wording)
    keeper, deputy = _keepers(session, by.unit_id, wanted.keeper, wanted.deputy)
    seal = Seal(
        unit_id=by.unit_id,
        department_id=_department(session, by.unit_id, wanted),
        kind=wanted.kind,
        wording=wording,
        diameter=diameter,
        owner_id=_owner(session, by.unit_id, wanted),
        keeper_id=keeper.id,
        deputy_id=deputy.id if deputy else None,
        kinds=list(wanted.kinds),
        made_at=at,
    )
    session.add(seal)
    session.flush()
    _note(session, seal, "make", by.signature(), at, wanted.reason)
    return seal


def bring_picture(session: Session, by: Actor, at: datetime, seal_id: int, sha256: str) -> Seal:
    """The picture of an existing seal (印模) in place of the drawn one, such as one with 国徽.

    Until a second person has looked at it and resumed the seal, nobody seals with it.
    sha256  of the checked picture in the store
    """
    seal = _hold(session, by, seal_id, WAITING)
    seal.picture, seal.state = sha256, "suspended"
    _note(session, seal, "suspend", by.signature(), at, WAITING, picture=sha256)
    return seal


def hand_over(
    session: Session, by: Actor, at: datetime, seal_id: int, keeper: str, deputy: str, reason: str
) -> Seal:
    """交接保管: from now on these two keep it. Raises like :func:`make`."""
    seal = _hold(session, by, seal_id, reason)
    before = {"keeper": seal.keeper_id, "deputy": seal.deputy_id}
    new, second = _keepers(session, seal.unit_id, keeper, deputy)
    seal.keeper_id, seal.deputy_id = new.id, second.id if second else None
    after = {"keeper": seal.keeper_id, "deputy": seal.deputy_id}
    if before == after:
        raise Invalid("保管人没有变化，不需要交接。")
    _note(session, seal, "keep", by.signature(), at, reason, before=before, after=after)
    return seal


def permit(
    session: Session, by: Actor, at: datetime, seal_id: int, wanted: Sequence[str], reason: str
) -> Seal:
    """调整用印范围: the 文种 that it may be put on; none for all."""
    seal = _hold(session, by, seal_id, reason)
    errors = _unknown_kinds(wanted)
    if errors:
        raise Invalid(errors[0].message, errors)
    before, after = list(seal.kinds), list(dict.fromkeys(wanted))
    if before == after:
        raise Invalid("用印范围没有变化。")
    seal.kinds = after
    _note(session, seal, "permit", by.signature(), at, reason, before=before, after=after)
    return seal


def suspend(session: Session, by: Actor, at: datetime, seal_id: int, reason: str) -> Seal:
    """停用, at once. Its keeper may do it himself: he is the first to know that it is lost."""
    seal = find(session, by, seal_id)
    if by.person_id not in (seal.keeper_id, seal.deputy_id):
        rights.ensure_manages(by)
    _ensure_reason(reason)
    _lock(session, seal)
    if seal.state != "active":
        raise SealNotActive(f"此印章{SEAL_STATES[seal.state]}，不能再停用。")
    seal.state = "suspended"
    _note(session, seal, "suspend", by.signature(), at, reason)
    return seal


def suspend_all(session: Session, unit_id: int, by: Signature, at: datetime, reason: str) -> int:
    """Every seal of a unit that was renamed or abolished, at once (SIG-15); how many there were."""
    query = sa.select(Seal).where(Seal.unit_id == unit_id, Seal.state == "active")
    seals = session.scalars(query.with_for_update(key_share=True)).all()
    for seal in seals:
        seal.state = "suspended"
        _note(session, seal, "suspend", by, at, reason)
    return len(seals)


def resume(session: Session, by: Actor, at: datetime, seal_id: int, reason: str) -> Seal:
    """恢复, by somebody else than who suspended it or brought its picture.

    Raises NotAllowed for the same person, SealNotActive for one that is not suspended.
    """
    seal = _hold(session, by, seal_id, reason)
    if seal.state != "suspended":
        raise SealNotActive(f"此印章{SEAL_STATES[seal.state]}，不需要恢复。")
    last = _last(session, seal, "suspend")
    if last is not None and last.by_id == by.person_id:
        raise NotAllowed("停用或者上传印模的人不能自己恢复，请由另一人核对后恢复。")
    seal.state = "active"
    _note(session, seal, "resume", by.signature(), at, reason)
    return seal


def retire(session: Session, by: Actor, at: datetime, seal_id: int, reason: str) -> Seal:
    """缴销, for good: a seal that is used no more, with its unit renamed or abolished (SIG-15)."""
    seal = _hold(session, by, seal_id, reason)
    seal.state = "retired"
    _note(session, seal, "retire", by.signature(), at, reason)
    return seal


def find(session: Session, actor: Actor, seal_id: int) -> Seal:
    """A seal of the actor's unit. Raises NotFound."""
    seal = session.get(Seal, seal_id)
    if seal is None or seal.unit_id != actor.unit_id:
        raise NotFound("没有这枚印章，或者不是本单位的。", hidden=seal is not None)
    return seal


def _hold(session: Session, by: Actor, seal_id: int, reason: str) -> Seal:
    """The seal under its lock, for somebody who manages seals and says why."""
    rights.ensure_manages(by)
    _ensure_reason(reason)
    seal = find(session, by, seal_id)
    _lock(session, seal)
    if seal.state == "retired":
        raise SealNotActive("此印章已销毁，不能再改动。")
    return seal


def _lock(session: Session, seal: Seal) -> None:
    session.flush()
    session.refresh(seal, with_for_update={"key_share": True})


def _ensure_reason(reason: str) -> None:
    errors = grounds.unwritten("reason", "原因", reason)
    if errors:
        raise Invalid(errors[0].message, errors)


def _misfits(wanted: Making) -> list[FieldError]:
    errors = _unknown_kinds(wanted.kinds)
    if wanted.kind not in SEAL_KINDS:
        errors.append(FieldError("kind", f"请选择印章种类：{'、'.join(SEAL_KINDS.values())}。"))
    if wanted.diameter is not None and not SMALLEST <= wanted.diameter <= LARGEST:
        sentence = f"直径应为 {SMALLEST} 至 {LARGEST} 毫米的整数。"
        errors.append(FieldError("diameter", sentence))
    if not wanted.keeper.strip():
        errors.append(FieldError("keeper", "请指定保管人：没有专人保管的印章不能制发。（SIG-02）"))
    if (wanted.kind == "signature") != bool(wanted.owner):
        words = "签名章须写明是谁的。" if not wanted.owner else "只有签名章写明是谁的。"
        errors.append(FieldError("owner", words))
    if (wanted.kind == "department") != bool(wanted.department):
        words = "请选择内设机构。" if not wanted.department else "只有内设机构印章选择部门。"
        errors.append(FieldError("department", words))
    return errors


def _diameter(session: Session, unit_id: int, wanted: Making) -> int:
    if wanted.diameter is not None:
        return wanted.diameter
    if wanted.kind == "signature":
        return seal_sizes.OF_PERSON
    unit = organization.unit(session, unit_id)
    own = wanted.kind == "unit"
    return seal_sizes.usual(unit.name, unit.rank) if own else seal_sizes.USUAL


def _too_wide(session: Session, unit_id: int, kind: str, diameter: int) -> list[FieldError]:
    """国发〔1999〕25号: no wider than the rank of the unit allows; beyond 60 is said before."""
    if kind == "signature" and seal_sizes.OF_PERSON < diameter <= LARGEST:
        words = f"签名章的宽度不超过 {seal_sizes.OF_PERSON} 毫米，请改小。"
        return [FieldError("diameter", words)]
    rank = organization.unit(session, unit_id).rank
    if kind in SEAL_KINDS and seal_sizes.largest(rank) < diameter <= LARGEST:
        return [FieldError("diameter", seal_sizes.too_wide(rank))]
    return []


def _unknown_kinds(wanted: Sequence[str]) -> list[FieldError]:
    unknown = [each for each in wanted if each not in kinds.KINDS]
    return [FieldError("kinds", f"没有“{unknown[0][:20]}”这个文种。")] if unknown else []


def _ensure_new(session: Session, unit_id: int, kind: str, wording: str) -> None:
    same = sa.select(Seal.id).where(
        Seal.unit_id == unit_id,
        Seal.kind == kind,
        Seal.wording == wording,
        Seal.state != "retired",
    )
    session.execute(sa.select(organization.Unit.id).filter_by(id=unit_id).with_for_update())
    if session.scalar(same) is not None:
        raise Conflict(f"本单位已有印文为“{wording}”的{SEAL_KINDS[kind]}；重新制发前请先缴销。")


def _keepers(
    session: Session, unit_id: int, keeper: str, deputy: str
) -> tuple[Person, Person | None]:
    """SIG-02, SIG-04: both are 印章管理员 of the unit, and two people."""
    first = _keeper(session, unit_id, "keeper", keeper)
    second = _keeper(session, unit_id, "deputy", deputy) if deputy.strip() else None
    if second is not None and second.id == first.id:
        raise Invalid.at("deputy", "代管人不能与保管人是同一人。")
    return first, second


def _keeper(session: Session, unit_id: int, field: str, login: str) -> Person:
    keepers = organization.people_of_role(session, roles.SEAL_KEEPER, unit_id)
    if login.strip() not in [each.login for each in keepers]:
        offered = "、".join(f"{each.name}（{each.login}）" for each in keepers) or "（尚无）"
        raise Invalid.at(field, f"须由本单位印章管理员保管，现有：{offered}。（SIG-04）")
    return organization.person_by_login(session, login.strip())


def _owner(session: Session, unit_id: int, wanted: Making) -> int | None:
    if not wanted.owner:
        return None
    found = [e for e in organization.people(session, unit_id) if e.login == wanted.owner]
    if not found:
        raise Invalid.at("owner", "签名章只能是本单位人员的，请重新选择。")
    return organization.person_by_login(session, wanted.owner).id


def _department(session: Session, unit_id: int, wanted: Making) -> int | None:
    if not wanted.department:
        return None
    query = sa.select(Department.id).filter_by(unit_id=unit_id, key=wanted.department)
    found = session.scalar(query)
    if found is None:
        raise Invalid.at("department", "没有这个部门，请重新选择。")
    return found


def _last(session: Session, seal: Seal, verb: str) -> SealChange | None:
    query = sa.select(SealChange).where(SealChange.seal_id == seal.id, SealChange.verb == verb)
    return session.scalars(query.order_by(SealChange.id.desc())).first()


def _note(
    session: Session,
    seal: Seal,
    verb: str,
    by: Signature,
    at: datetime,
    reason: str,
    **details: Any,
) -> None:
    said: Mapping[str, Any] = details
    session.add(
        SealChange(
            seal_id=seal.id,
            verb=verb,
            reason=reason.strip(),
            details=dict(said),
            by_id=by.person_id,
            at=at,
        )
    )
    audit.record(
        session,
        f"seal.{verb}",
        by,
        at=at,
        subject=("seal", seal.id),
        reason=reason.strip(),
        detail={"wording": seal.wording, "kind": seal.kind, "state": seal.state, **said},
    )
