"""Whether a certificate may be used now, and what goes into a paper with it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.seals.authority.profiles import PURPOSES, purposes
from app.seals.certificates.errors import CertificateUnusable, ListTooOld
from app.seals.models import Certificate, RevocationList

_SUSPENDED = "证书已冻结，不能使用。如系误报，请证书管理人员核实后解冻。"
_MOST_ISSUERS = 4


def of_person(session: Session, person_id: int, at: datetime) -> Certificate:
    """The certificate that a person signs with now (SIG-36, SIG-42).

    Raises CertificateUnusable: no_certificate, certificate_suspended, certificate_revoked,
    certificate_expired, certificate_not_accepted, wrong_purpose or untrusted_issuer.
    """
    row = _newest(session, Certificate.person_id == person_id)
    if row is None:
        raise CertificateUnusable("您还没有个人证书，请先申请证书。", "no_certificate")
    return ensure_usable(session, row, "sign", at)


def of_seal(session: Session, seal_id: int, at: datetime) -> Certificate:
    """The certificate of a seal; raises as ``of_person`` (SIG-25, SIG-36)."""
    row = _newest(session, Certificate.seal_id == seal_id)
    if row is None:
        raise CertificateUnusable("这枚印章还没有证书，请先为它申请证书。", "no_certificate")
    return ensure_usable(session, row, "seal", at)


def ensure_usable(session: Session, row: Certificate, purpose: str, at: datetime) -> Certificate:
    """The row, if it is good for the purpose now. Raises CertificateUnusable."""
    _ensure_in_force(row, at)
    if purpose not in purposes(row.role, row.der):
        raise CertificateUnusable(
            f"这张证书的用途不包括{PURPOSES[purpose]}（SIG-36），请另行申请。", "wrong_purpose"
        )
    if row.accepted_at is None:
        raise CertificateUnusable(
            "证书尚未签收：请持有人在“我的证书”中阅读服务协议并签收。", "certificate_not_accepted"
        )
    _ensure_trusted(session, row, at)
    return row


def _ensure_in_force(row: Certificate, at: datetime) -> None:
    if row.state == "suspended":
        raise CertificateUnusable(_SUSPENDED, "certificate_suspended")
    if row.state == "revoked":
        raise CertificateUnusable("证书已撤销，请重新申请证书。", "certificate_revoked")
    if row.not_after <= at:
        raise CertificateUnusable("证书已过期，请重新申请证书。", "certificate_expired")
    if row.not_before > at:
        raise CertificateUnusable("证书尚未生效，请核对系统时间。", "certificate_not_yet_valid")


def _ensure_trusted(session: Session, row: Certificate, at: datetime) -> None:
    """Every issuer up to a root of the directory is good itself (SIG-25, SIG-30)."""
    above = _issuers(session, row)
    top = above[-1] if above else row
    bad = [each for each in above if each.state != "valid" or each.not_after <= at]
    if top.role != "root" or bad:
        raise CertificateUnusable(
            "证书的签发机构不在受信任的名录中，或者已经停用（SIG-25），不能使用这张证书。",
            "untrusted_issuer",
        )


def chain(session: Session, row: Certificate) -> list[bytes]:
    """DER of the issuers, from the nearest to the root."""
    return [each.der for each in _issuers(session, row)]


def lists(session: Session, row: Certificate, at: datetime) -> list[bytes]:
    """The newest revocation list of each issuer (DER). Raises ListTooOld past its date."""
    return [_newest_list(session, each, at).der for each in _issuers(session, row)]


def _newest_list(session: Session, issuer: Certificate, at: datetime) -> RevocationList:
    query = (
        sa.select(RevocationList)
        .where(RevocationList.issuer_id == issuer.id)
        .order_by(RevocationList.number.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None or found.next_update <= at:
        raise ListTooOld(
            "证书撤销清单已过期，暂不能签名和用印。请系统管理员检查证书签发服务是否在运行。"
        )
    return found


def _issuers(session: Session, row: Certificate) -> Sequence[Certificate]:
    found: list[Certificate] = []
    above = row.issuer_id
    while above is not None and len(found) < _MOST_ISSUERS:
        found.append(session.get_one(Certificate, above))
        above = found[-1].issuer_id
    return found


def _newest(session: Session, whose: sa.ColumnElement[bool]) -> Certificate | None:
    query = sa.select(Certificate).where(whose).order_by(Certificate.id.desc()).limit(1)
    return session.scalars(query).first()
