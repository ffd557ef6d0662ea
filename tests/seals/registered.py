"""A certificate authority for tests: root, issuing one, and certificates of people, registered."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from sqlalchemy.orm import Session

from app.seals.models import Certificate
from tests.world import MONDAY

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Pair:
    """A certificate with its key, and the row where it is registered."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    row: Certificate | None = None

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")


def issue(
    name: str,
    above: Pair | None,
    *,
    signs: bool = True,
    purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.CLIENT_AUTH,),
    since: datetime = MONDAY - YEAR,
    until: datetime = MONDAY + YEAR,
) -> Pair:
    """A certificate signed by the one above, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(
        (
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.KeyUsage(digital_signature=signs, **usage), critical=True)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Pair(builder.sign(above.key if above else key, hashes.SHA256()), key)


def register(
    session: Session,
    pair: Pair,
    role: str,
    above: Pair | None = None,
    person_id: int | None = None,
) -> Pair:
    """Enter it in the register as issued by the one above."""
    row = Certificate(
        role=role,
        issuer_id=above.row.id if above and above.row else None,
        person_id=person_id,
        subject=pair.certificate.subject.rfc4514_string(),
        serial=f"{pair.certificate.serial_number:x}",
        der=pair.der,
        sha256=hashlib.sha256(pair.der).hexdigest(),
        sm3="",
        not_before=pair.certificate.not_valid_before_utc,
        not_after=pair.certificate.not_valid_after_utc,
        keep_until=pair.certificate.not_valid_after_utc,
        issued_at=MONDAY,
    )
    session.add(row)
    session.flush()
    return Pair(pair.certificate, pair.key, row)


def issuing_authority(session: Session) -> Pair:
    """Root and issuing certificate of the office, both registered."""
    root = register(session, issue("江洲县水务局根证书", None), "root")
    made = issue("江洲县水务局签发机构", root)
    return register(session, made, "issuing", root)
