"""Whose certificate signs in: the register behind ``organization.certificates`` (SIG-41)."""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy.orm import Session

from app.organization.certificates import Holder
from app.seals.models import Certificate

UNKNOWN = "这个证书不是本单位登记的证书，不能用来登录。"
STATES = {
    "suspended": "证书已冻结，不能用来登录。请联系安全管理员。",
    "revoked": "证书已撤销，不能用来登录。请改用密码登录，并申请新的证书。",
}
LONGEST_CHAIN = 4
"""Certificates from a person's up to the root."""


class RegisteredCertificates:
    """Certificates are known by their whole bytes: another one of the same name is another one."""

    def holder_of(self, session: Session, der: bytes, at: datetime) -> Holder:
        digest = hashlib.sha256(der).hexdigest()
        row = session.scalar(sa.select(Certificate).where(Certificate.sha256 == digest))
        if row is None or row.der != der:
            return Holder(None, UNKNOWN)
        if row.role != "person" or row.person_id is None:
            return Holder(None, "这不是个人证书，不能用来登录。")
        return Holder(row.person_id, _fault(session, row, at))


def _fault(session: Session, row: Certificate, at: datetime) -> str:
    """Why a registered certificate opens nothing, or ""."""
    if row.state in STATES:
        return STATES[row.state]
    if at < row.not_before:
        return "证书尚未生效，不能用来登录。"
    if at > row.not_after:
        return "证书已过期，不能用来登录。请改用密码登录，并申请新的证书。"
    if not _may_authenticate(x509.load_der_x509_certificate(row.der)):
        return "这个证书的用途不包括登录（SIG-36）。"
    return "" if _is_issued(session, row, at) else UNKNOWN


def _may_authenticate(certificate: x509.Certificate) -> bool:
    """Made for signatures, and for clients where it names its purposes."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.digital_signature:
            return False
    except x509.ExtensionNotFound:
        return False
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in purposes


def _is_issued(session: Session, row: Certificate, at: datetime) -> bool:
    """Whether each certificate was really signed by the next, up to a root of ours in force."""
    for _ in range(LONGEST_CHAIN):
        above = session.get(Certificate, row.issuer_id) if row.issuer_id else None
        if above is None:
            return False
        if above.role not in ("issuing", "root") or above.state != "valid":
            return False
        if not above.not_before <= at <= above.not_after or not _signed(row, above):
            return False
        if above.role == "root":
            return True
        row = above
    return False


def _signed(row: Certificate, above: Certificate) -> bool:
    try:
        issuer = x509.load_der_x509_certificate(above.der)
        x509.load_der_x509_certificate(row.der).verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
