"""Two things that a unit chooses: how long records are kept, and who sees to renewals."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import audit
from app.errors import Invalid
from app.organization import Unit, choices
from app.seals.certificates.models import CertificatePolicy

KIND = {"government": "机关单位（证书失效后保存 10 年）", "other": "其他单位（保存 5 年）"}
RENEWAL = {"office": "由证书管理机构统一办理", "unit": "由本单位自行办理"}
KEYS: Mapping[str, Mapping[str, str]] = {"kind": KIND, "renewal": RENEWAL}
USUAL = {"kind": "government", "renewal": "office"}
YEARS = {"government": 10, "other": 5}
_LEAP = 4


def in_force(session: Session, unit_id: int | None) -> dict[str, str]:
    """What holds for a unit: its own choices, else those of the unit above, else the usual."""
    units = choices.links(session, CertificatePolicy)
    found: dict[str, str] = {}
    for each in choices.upwards(units, unit_id):
        found = {**units[each].own, **found}
    return {**USUAL, **found}


def choose(
    session: Session,
    by: audit.Signature,
    unit: Unit,
    chosen: Mapping[str, str],
    at: datetime,
    *,
    reason: str,
    source: str,
) -> None:
    """Put a choice of the unit in force (SIG-13, SIG-22). Raises Invalid for words unknown."""
    for key, value in chosen.items():
        if value not in KEYS.get(key, {}):
            raise Invalid.at(key, "没有这个选项，请重新选择。")
    if not reason.strip():
        raise Invalid.at("reason", "请写明理由，例如单位性质的依据。")
    choices.hold(session, unit.id)
    own = {**choices.own(session, CertificatePolicy, unit.id), **chosen}
    choices.replace(
        session, CertificatePolicy, unit.id, own, reason.strip(), source, by.person_id, at
    )
    audit.record(
        session,
        "certificate.policy_chosen",
        by,
        at=at,
        subject=("unit", unit.id),
        reason=reason.strip(),
        detail=dict(chosen),
    )


def keep_until(kind: str, ended: datetime) -> datetime:
    """Until when records of a certificate stay that ended then, whole years on (SIG-22)."""
    years = YEARS[kind]
    return ended + timedelta(days=365 * years + -(-years // _LEAP))
