"""The founding of the authority: a root that goes off line, an issuing authority, its services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from app import audit
from app.errors import Conflict
from app.organization import Unit
from app.seals.authority import issuing, lists, profiles
from app.seals.authority.issuing import Issuer, Period
from app.seals.certificates import office as at_hand
from app.seals.certificates.entering import change, enter
from app.seals.certificates.key_making import enter_key, fresh
from app.seals.certificates.office import Office
from app.seals.certificates.publishing import publish, publish_root_list
from app.seals.models import Certificate

BY = audit.signed_by_rule("证书签发机构建立仪式")
AHEAD = {"timestamp": timedelta(days=365), "status": timedelta(days=30)}
"""How long before their end the services get a new key and certificate."""
_SERVICES = {
    "timestamp": (profiles.TIMESTAMP, "时间戳服务"),
    "status": (profiles.STATUS, "证书状态查询服务"),
}


@dataclass(frozen=True)
class Founded:
    """Certificates of root and issuing authority; the root's key stays with the caller."""

    root: Certificate
    issuing: Certificate


def found(
    session: Session,
    office: Office,
    unit: Unit,
    root_key: ec.EllipticCurvePrivateKey,
    at: datetime,
    *,
    present: Sequence[str] = (),
) -> Founded:
    """Root, issuing authority, first lists, and the certificates of time stamps and status.

    present  names of the two holders and the auditor, for the record of the ceremony
    Raises Conflict when there is an authority already.
    """
    taken = sa.select(Certificate.id).where(
        Certificate.role == "root", Certificate.unit_id.is_not(None)
    )
    if session.scalar(taken.limit(1)):
        raise Conflict("证书签发机构已经建立，不能再建。更换签发机构请看管理员手册。")
    subject = issuing.name(f"{unit.short_name}根证书", unit.name)
    period = Period(at, at + profiles.ROOT.longest)
    root = Issuer.of(root_key, issuing.found_root(root_key, subject, period))
    row = enter(session, issuing.der_of(root.certificate), "root", at, unit_id=unit.id)
    _entered(session, row, at, present)
    publish(session, row, root, [], at, lists.ROOT_LIFE)
    made = certify_issuing(session, office, row, root, unit, at, present=present)
    return Founded(row, made)


def certify_issuing(
    session: Session,
    office: Office,
    root_row: Certificate,
    root: Issuer,
    unit: Unit,
    at: datetime,
    *,
    present: Sequence[str] = (),
) -> Certificate:
    """A new issuing authority below the root, with its services and its first list."""
    key = enter_key(session, fresh(office.keys, "software"), at)
    subject = issuing.name(f"{unit.short_name}证书签发机构", unit.name, f"{at:%Y%m%d}")
    period = Period.longest(profiles.ISSUING, at, root.certificate)
    der = issuing.issue(root, profiles.ISSUING, subject, key.public_key, period, base=office.base)
    row = enter(session, der, "issuing", at, issuer_id=root_row.id, key_id=key.id, unit_id=unit.id)
    _entered(session, row, at, present)
    issuer = Issuer.of(office.keys.open(key.reference).private, der)
    publish(session, row, issuer, [], at, lists.LIFE)
    for role in _SERVICES:
        certify_service(session, office, role, row, issuer, at)
    return row


def certify_service(
    session: Session,
    office: Office,
    role: str,
    issuer_row: Certificate,
    issuer: Issuer,
    at: datetime,
) -> Certificate:
    """A new key and certificate of role ``timestamp`` or ``status``, in use from now."""
    profile, words = _SERVICES[role]
    unit = session.get_one(Unit, issuer_row.unit_id)
    key = enter_key(session, fresh(office.keys, "software"), at)
    period = Period.longest(profile, at, issuer.certificate)
    subject = issuing.name(f"{unit.short_name}{words}", unit.name)
    der = issuing.issue(issuer, profile, subject, key.public_key, period, base=office.base)
    made = enter(session, der, role, at, issuer_id=issuer_row.id, key_id=key.id, unit_id=unit.id)
    _entered(session, made, at, ())
    return made


def renew_services(session: Session, office: Office, at: datetime) -> int:
    """New certificates for services whose own runs out soon; how many. Old keys stay for proofs.

    Time stamps are made with the newest authority; every one in force answers on status.
    """
    renewed = 0
    for place, (row, issuer) in enumerate(office.issuers(session, at)):
        for role, margin in AHEAD.items():
            until = _until(session, role, row, at)
            wanted = role == "status" or place == 0
            if wanted and until - at <= margin and until < row.not_after:
                certify_service(session, office, role, row, issuer, at)
                renewed += 1
    return renewed


def _until(session: Session, role: str, issuer: Certificate, at: datetime) -> datetime:
    """When the last certificate of a service runs out; ``at`` when there is none in force."""
    try:
        return at_hand.service_row(session, role, at, issuer.id)[0].not_after
    except at_hand.NoAuthority:
        return at


def renew_root_list(
    session: Session, root_key: ec.EllipticCurvePrivateKey, at: datetime
) -> Certificate:
    """A new list of the root with the key that two people have unlocked; the root's row."""
    row = own_root(session)
    publish_root_list(session, row, Issuer.of(root_key, row.der), at)
    audit.record(
        session,
        "authority.root_list",
        BY,
        at=at,
        subject=("certificate", row.id),
        detail={"sha256": row.sha256},
    )
    return row


def own_root(session: Session) -> Certificate:
    """Raises NoAuthority before the founding."""
    query = sa.select(Certificate).where(
        Certificate.role == "root", Certificate.unit_id.is_not(None)
    )
    found = session.scalars(query.order_by(Certificate.id.desc())).first()
    if found is None:
        raise at_hand.NoAuthority
    return found


def trust(
    session: Session, by: audit.Signature, der: bytes, at: datetime, reason: str
) -> Certificate:
    """Take the root of an outside authority into the directory of trusted ones (SIG-25)."""
    row = enter(session, der, "root", at)
    change(session, row, "issue", by, at, reason=reason, outside=True)
    return row


def _entered(session: Session, row: Certificate, at: datetime, present: Sequence[str]) -> None:
    change(
        session,
        row,
        "issue",
        BY,
        at,
        reason="",
        role=row.role,
        fingerprint=issuing.fingerprint(row.der),
        present=list(present),
    )
