"""撤销清单 (CRL): what an issuer has revoked or suspended, signed and dated."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from app.seals.authority.issuing import Issuer

LIFE = timedelta(days=7)
"""Of the issuing authority's list, which is renewed daily: an outage of a week is survived."""
ROOT_LIFE = timedelta(days=400)
"""Of the root's list, which two people renew once a year."""

HOLD = "certificateHold"
REASONS = {
    "unspecified": "未说明",
    "keyCompromise": "密钥泄露或失控",
    "cACompromise": "签发机构密钥泄露",
    "affiliationChanged": "持有人信息或隶属关系变更",
    "superseded": "已被新证书取代",
    "cessationOfOperation": "停止使用",
    HOLD: "冻结",
    "privilegeWithdrawn": "取消资格",
}


@dataclass(frozen=True)
class Revoked:
    """One entry: serial in hexadecimal, since when, reason of ``REASONS``."""

    serial: str
    at: datetime
    reason: str


def revocation_list(
    issuer: Issuer,
    number: int,
    revoked: Iterable[Revoked],
    *,
    at: datetime,
    life: timedelta = LIFE,
) -> bytes:
    """The issuer's list as DER, good from ``at`` for ``life``.

    number   grows with every list of the issuer
    revoked  all of them, the expired too: papers signed with them are still looked at
    """
    parent = issuer.certificate
    this = at.replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(parent.subject)
        .last_update(this)
        .next_update(this + life)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for each in sorted(revoked, key=lambda entry: entry.serial):
        builder = builder.add_revoked_certificate(_entry(each))
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _entry(revoked: Revoked) -> x509.RevokedCertificate:
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(revoked.serial, 16))
        .revocation_date(revoked.at.replace(microsecond=0))
    )
    if revoked.reason != "unspecified":  # RFC 5280, 5.3.1: then the extension is left out
        reason = x509.CRLReason(x509.ReasonFlags(revoked.reason))
        builder = builder.add_extension(reason, critical=False)
    return builder.build()
