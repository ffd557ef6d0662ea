"""A throw-away authority for tests: root, issuing authority, and whoever they certify."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.seals.authority import issuing, lists, profiles

BASE = "https://oa.example.gov.cn"
FOUNDED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
UNIT = "江水市人民政府办公室"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


class Hierarchy:
    """Root and issuing authority founded at ``at``; ``certify`` makes keys with certificates."""

    def __init__(self, at: datetime = FOUNDED, organisation: str = UNIT, base: str = BASE) -> None:
        self.at, self.organisation, self.base = at, organisation, base
        root_key, issuing_key = new_key(), new_key()
        subject = issuing.name(f"{organisation}根证书", organisation)
        period = issuing.Period(at, at + profiles.ROOT.longest)
        self.root = issuing.Issuer.of(root_key, issuing.found_root(root_key, subject, period))
        der = issuing.issue(
            self.root,
            profiles.ISSUING,
            issuing.name(f"{organisation}签发机构", organisation),
            public(issuing_key),
            issuing.Period.longest(profiles.ISSUING, at, self.root.certificate),
            base=base,
        )
        self.issuing = issuing.Issuer.of(issuing_key, der)
        self.revoked: dict[str, lists.Revoked] = {}
        self.numbers = 0

    def certify(
        self,
        profile: profiles.Profile,
        common_name: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
        """A new key and its certificate (DER), from the founding on unless told otherwise."""
        key, start = new_key(), since or self.at
        period = issuing.Period.longest(profile, start, self.issuing.certificate)
        if until:
            period = issuing.Period(start, until)
        subject = issuing.name(common_name, self.organisation)
        der = issuing.issue(self.issuing, profile, subject, public(key), period, base=self.base)
        return key, der

    def revoke(self, der: bytes, at: datetime, reason: str = "keyCompromise") -> None:
        serial = issuing.serial(der)
        self.revoked[serial] = lists.Revoked(serial, at, reason)

    def release(self, der: bytes) -> None:
        del self.revoked[issuing.serial(der)]

    def crl(self, at: datetime | None = None, life: timedelta = lists.LIFE) -> bytes:
        """The issuing authority's list as of ``at`` (DER)."""
        self.numbers += 1
        return lists.revocation_list(
            self.issuing, self.numbers, self.revoked.values(), at=at or self.at, life=life
        )

    def root_list(self, at: datetime | None = None) -> bytes:
        return lists.revocation_list(self.root, 1, [], at=at or self.at, life=lists.ROOT_LIFE)

    def chain(self) -> list[bytes]:
        """The issuing authority's certificate and the root's, as DER."""
        return [der(self.issuing.certificate), der(self.root.certificate)]


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
