"""What each kind of certificate may be used for, and for how long it lives at most."""

from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

RULES = "1"
"""Version of the published business rules (docs/certificates.md), kept with each certificate."""

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Profile:
    """One kind of certificate.

    role         of ``models.CERTIFICATE_ROLES``
    longest      how long it may be valid
    uses         key usages (RFC 5280, 4.2.1.3) that are set
    extended     the one extended key usage, marked critical; None: none
    path_length  how many authorities may stand below it; None for what is no authority
    unchecked    its own status is not asked for (RFC 6960, 4.2.2.2.1)
    """

    role: str
    longest: timedelta
    uses: frozenset[str]
    extended: x509.ObjectIdentifier | None = None
    path_length: int | None = None
    unchecked: bool = False

    @property
    def is_authority(self) -> bool:
        return self.path_length is not None


_SIGN = frozenset({"digital_signature", "content_commitment"})
_AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})
_LOGIN = frozenset({"digital_signature"})

ROOT = Profile("root", 20 * _YEAR, _AUTHORITY, path_length=1)
ISSUING = Profile("issuing", 10 * _YEAR, _AUTHORITY, path_length=0)
PERSON = Profile("person", 3 * _YEAR, _SIGN)
LOGIN = Profile("person", 3 * _YEAR, _LOGIN, ExtendedKeyUsageOID.CLIENT_AUTH)
SEAL = Profile("seal", 3 * _YEAR, _SIGN)
TIMESTAMP = Profile("timestamp", 5 * _YEAR, _LOGIN, ExtendedKeyUsageOID.TIME_STAMPING)
STATUS = Profile("status", _YEAR, _LOGIN, ExtendedKeyUsageOID.OCSP_SIGNING, unchecked=True)
TRANSPORT = Profile("transport", 3 * _YEAR, frozenset({"digital_signature", "key_agreement"}))

PURPOSES = {"sign": "签发公文", "seal": "加盖印章", "login": "登录"}


def purposes(role: str, der: bytes) -> frozenset[str]:
    """What a certificate of a person or seal is for, of ``PURPOSES`` (SIG-36).

    It stands in the certificate itself, so nobody can widen it afterwards.
    """
    extensions = x509.load_der_x509_certificate(der).extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    found = set()
    if usage.content_commitment:
        found.add("seal" if role == "seal" else "sign")
    if role == "person" and usage.digital_signature:
        found.add("login")
    return frozenset(found)
