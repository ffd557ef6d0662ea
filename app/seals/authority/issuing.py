"""Certificates: the subject's name, its period, its extensions, signed by an issuer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import Name as Name
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from app.errors import Invalid
from app.seals.authority.profiles import ROOT, Profile

_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)

MOST_BYTES = 64
"""Of a common name in UTF-8."""


class CannotIssue(Invalid):
    """The request asks for what its profile or its issuer does not permit."""

    code = "cannot_issue"


@dataclass(frozen=True)
class Issuer:
    """An authority with its private key at hand."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def of(cls, key: ec.EllipticCurvePrivateKey, der: bytes) -> "Issuer":
        """Raises CannotIssue unless the key belongs to the certificate."""
        certificate = x509.load_der_x509_certificate(der)
        if certificate.public_key() != key.public_key():
            raise CannotIssue("签发机构的密钥与它的证书不相符，请检查密钥目录。")
        return cls(key, certificate)


@dataclass(frozen=True)
class Period:
    """From the first second to the last, aware; kept to whole seconds as X.509 has them."""

    since: datetime
    until: datetime

    @classmethod
    def longest(cls, profile: Profile, since: datetime, within: x509.Certificate) -> "Period":
        """As long as the profile permits and the issuer lives."""
        until = min(since + profile.longest, within.not_valid_after_utc)
        return cls(since, until)


def name(common_name: str, organisation: str, number: str = "") -> Name:
    """Name of a holder; ``number`` keeps two holders of one name apart.

    A long name is cut in the certificate: its common name has room for 64 bytes, 21 characters.
    Raises CannotIssue for what X.509 cannot hold: empty, or more than 64 characters.
    """
    parts = [
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.COMMON_NAME, _cut(common_name)),
        (NameOID.SERIAL_NUMBER, number),
    ]
    longest = max(len(common_name), len(organisation), len(number))
    if not common_name or not organisation or longest > 64:
        raise CannotIssue("证书持有人和单位的名称应为 1 到 64 个字，请改用规范化简称。")
    return Name([x509.NameAttribute(kind, text) for kind, text in parts if text])


def _cut(common_name: str) -> str:
    """The name where it fits, else its beginning and … (RFC 5280, ub-common-name)."""
    if len(common_name.encode()) <= MOST_BYTES:
        return common_name
    cut = common_name.encode()[: MOST_BYTES - len("…".encode())].decode(errors="ignore")
    return f"{cut}…"


def found_root(key: ec.EllipticCurvePrivateKey, subject: Name, period: Period) -> bytes:
    """The self-signed certificate that everything rests on (DER)."""
    return _signed(key, subject, ROOT, subject, key.public_key(), period, None)


def issue(
    issuer: Issuer,
    profile: Profile,
    subject: Name,
    public_key: bytes,
    period: Period,
    *,
    base: str,
) -> bytes:
    """A certificate for the holder of ``public_key`` (DER SubjectPublicKeyInfo), as DER.

    base  public address of the office without a slash at its end; status is asked for below it
    Raises CannotIssue for a key that is not P-256, a period longer than the profile or the
    issuer permits, or an issuer that may not have this below it.
    """
    key = _p256(public_key)
    _check(issuer.certificate, profile, period)
    if key == issuer.key.public_key():
        raise CannotIssue("持有人的密钥不得与签发机构的密钥相同。")
    parent = issuer.certificate
    return _signed(issuer.key, parent.subject, profile, subject, key, period, (parent, base))


def key_id(certificate: x509.Certificate) -> str:
    """Subject key identifier in lower-case hexadecimal: the issuer's name in public addresses."""
    extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return extension.value.digest.hex()


def serial(der: bytes) -> str:
    """Serial number as it stands in table and pages: hexadecimal, lower case."""
    return f"{x509.load_der_x509_certificate(der).serial_number:x}"


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def key_digest(public_key: bytes) -> str:
    """SHA-256 of a public key (DER), hexadecimal: what its row and its file are named by."""
    return hashlib.sha256(public_key).hexdigest()


def fingerprint(der: bytes) -> str:
    """SHA-256 in groups of four, for people to read to each other."""
    digest = hashlib.sha256(der).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def _p256(public_key: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        raise CannotIssue("公钥无法识别，请重新生成申请。") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise CannotIssue("本机构只为 P-256 椭圆曲线密钥签发证书。")
    return key


def _check(parent: x509.Certificate, profile: Profile, period: Period) -> None:
    basic = parent.extensions.get_extension_for_class(x509.BasicConstraints).value
    if not basic.ca or profile is ROOT:
        raise CannotIssue("只有签发机构的证书可以签发其他证书。")
    if profile.is_authority != bool(basic.path_length):
        raise CannotIssue("根证书只签发签发机构，签发机构不再签发下级机构。")
    if period.until <= period.since:
        raise CannotIssue("证书的终止时间应晚于起始时间。")
    if period.until - period.since > profile.longest:
        raise CannotIssue(f"这类证书的有效期最长 {profile.longest.days} 天。")
    if period.since < parent.not_valid_before_utc or period.until > parent.not_valid_after_utc:
        raise CannotIssue("证书的有效期应在签发机构证书的有效期之内。")


def _signed(
    key: ec.EllipticCurvePrivateKey,
    issuer: Name,
    profile: Profile,
    subject: Name,
    public_key: ec.EllipticCurvePublicKey,
    period: Period,
    origin: tuple[x509.Certificate, str] | None,
) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.since.replace(microsecond=0))
        .not_valid_after(period.until.replace(microsecond=0))
    )
    for extension, critical in _extensions(profile, public_key, key.public_key(), origin):
        builder = builder.add_extension(extension, critical)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _extensions(
    profile: Profile,
    holder: ec.EllipticCurvePublicKey,
    issuer: ec.EllipticCurvePublicKey,
    origin: tuple[x509.Certificate, str] | None,
) -> list[tuple[x509.ExtensionType, bool]]:
    usage = x509.KeyUsage(**{use: use in profile.uses for use in _USES})
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(profile.is_authority, profile.path_length), True),
        (usage, True),
        (x509.SubjectKeyIdentifier.from_public_key(holder), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), False),
    ]
    if profile.extended:
        found.append((x509.ExtendedKeyUsage([profile.extended]), True))
    if profile.unchecked:
        found.append((x509.OCSPNoCheck(), False))
    if origin:
        found += _addresses(profile, *origin)
    return found


def _addresses(
    profile: Profile, parent: x509.Certificate, base: str
) -> list[tuple[x509.ExtensionType, bool]]:
    """Where the issuer and its list are, and for what is no authority, who answers on status."""
    place = f"{base}/pki/{key_id(parent)}"
    access = AuthorityInformationAccessOID
    described = [_at(access.CA_ISSUERS, f"{place}.crt")]
    if not profile.is_authority:
        described.append(_at(access.OCSP, f"{base}/pki/ocsp"))
    point = x509.DistributionPoint([_url(f"{place}.crl")], None, None, None)
    return [
        (x509.CRLDistributionPoints([point]), False),
        (x509.AuthorityInformationAccess(described), False),
    ]


def _at(method: x509.ObjectIdentifier, address: str) -> x509.AccessDescription:
    return x509.AccessDescription(method, _url(address))


def _url(address: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(address)
