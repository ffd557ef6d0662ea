"""Answers on the status of one certificate (OCSP, RFC 6960) by a delegated responder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

LIFE = timedelta(hours=1)
"""How long an answer may be relied on elsewhere; here the table is asked each time (SIG-23)."""

_HASHES = (hashes.SHA1, hashes.SHA256)
"""They name the issuer and protect nothing."""


@dataclass(frozen=True)
class Standing:
    """What the table says of a serial number; ``revoked_at`` None: good."""

    revoked_at: datetime | None = None
    reason: str = "unspecified"


@dataclass(frozen=True)
class Responder:
    """The key that answers, its certificate, and the issuer that it answers for."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate

    @classmethod
    def of(cls, key: ec.EllipticCurvePrivateKey, der: bytes, issuer: bytes) -> "Responder":
        load = x509.load_der_x509_certificate
        return cls(key, load(der), load(issuer))


def answer(
    request: bytes,
    responder: Responder,
    standing: Callable[[str], Standing | None],
    *,
    at: datetime,
) -> bytes:
    """DER answer to a DER request; never raises, for the request comes from anybody.

    standing  tells of a serial (hexadecimal, lower case); None: never issued, status unknown
    A request that cannot be read is answered ``malformedRequest``, one about another issuer's
    certificates ``unauthorized`` (RFC 6960, 2.3).
    """
    try:
        asked = ocsp.load_der_ocsp_request(request)
        nonce = _nonce(asked)
        algorithm = asked.hash_algorithm
    except (ValueError, NotImplementedError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return _refused(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not _about(asked, responder):
        return _refused(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    this = at.replace(microsecond=0)
    found = standing(f"{asked.serial_number:x}")
    status, since, reason = _status(found)
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=algorithm,
            cert_status=status,
            this_update=this,
            next_update=this + LIFE,
            revocation_time=since,
            revocation_reason=reason,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        .certificates([responder.certificate])
    )
    if nonce:
        builder = builder.add_extension(nonce, critical=False)
    signed = builder.sign(responder.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def unauthorized(answered: bytes) -> bool:
    """Was it asked about certificates of another issuer?"""
    status = ocsp.load_der_ocsp_response(answered).response_status
    return status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def _status(
    found: Standing | None,
) -> tuple[ocsp.OCSPCertStatus, datetime | None, x509.ReasonFlags | None]:
    if found is None:
        return ocsp.OCSPCertStatus.UNKNOWN, None, None
    if found.revoked_at is None:
        return ocsp.OCSPCertStatus.GOOD, None, None
    since = found.revoked_at.replace(microsecond=0)
    named = found.reason != "unspecified"
    return ocsp.OCSPCertStatus.REVOKED, since, x509.ReasonFlags(found.reason) if named else None


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    for extension in asked.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            return extension.value
    return None


def _about(asked: ocsp.OCSPRequest, responder: Responder) -> bool:
    """Is the request about a certificate of the issuer that is answered for?"""
    if not isinstance(asked.hash_algorithm, _HASHES):
        return False
    own = (
        ocsp.OCSPRequestBuilder()
        .add_certificate(responder.certificate, responder.issuer, asked.hash_algorithm)
        .build()
    )
    mine = (own.issuer_name_hash, own.issuer_key_hash)
    return (asked.issuer_name_hash, asked.issuer_key_hash) == mine


def _refused(status: ocsp.OCSPResponseStatus) -> bytes:
    response = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return response.public_bytes(serialization.Encoding.DER)
