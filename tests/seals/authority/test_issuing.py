"""Certificates as openssl sees them, and what is not issued."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.seals.authority import issuing, profiles
from app.seals.authority.issuing import CannotIssue, Period
from tests.seals.authority import openssl
from tests.seals.hierarchy import BASE, FOUNDED, Hierarchy, der, new_key, public

DAY = timedelta(days=1)
LATER = int((FOUNDED + DAY).timestamp())


@pytest.fixture(scope="module")
def office() -> Hierarchy:
    return Hierarchy()


def verify(folder: Path, office: Hierarchy, holder: bytes, *options: str) -> str:
    root = openssl.certificate(folder / "root.pem", der(office.root.certificate))
    middle = openssl.certificate(folder / "issuing.pem", der(office.issuing.certificate))
    own = openssl.certificate(folder / "own.pem", holder)
    trust = ("-x509_strict", "-CAfile", root, "-untrusted", middle)
    asked = openssl.ask("verify", "-attime", str(LATER), *options, *trust, own)
    return asked.stdout + asked.stderr


@pytest.mark.parametrize(
    ("profile", "purpose"),
    [
        (profiles.PERSON, "smimesign"),
        (profiles.SEAL, "smimesign"),
        (profiles.LOGIN, "sslclient"),
        (profiles.TIMESTAMP, "timestampsign"),
        (profiles.STATUS, "ocsphelper"),
        (profiles.TRANSPORT, "any"),
    ],
)
def test_openssl_agrees_with_each_profile(
    profile: profiles.Profile, purpose: str, office: Hierarchy, tmp_path: Path
) -> None:
    _, holder = office.certify(profile, "周海")
    assert "own.pem: OK" in verify(tmp_path, office, holder, "-purpose", purpose)


def test_a_seal_certificate_makes_no_time_stamps(office: Hierarchy, tmp_path: Path) -> None:
    _, holder = office.certify(profiles.SEAL, "江水市人民政府")
    said = verify(tmp_path, office, holder, "-purpose", "timestampsign")
    assert "OK" not in said
    assert "purpose" in said


def test_the_time_stamp_key_may_do_nothing_else(office: Hierarchy) -> None:
    found = x509.load_der_x509_certificate(office.certify(profiles.TIMESTAMP, "时间戳")[1])
    extended = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    usage = found.extensions.get_extension_for_class(x509.KeyUsage).value
    assert extended.critical
    assert not usage.content_commitment
    assert not usage.key_cert_sign


def test_the_addresses_lead_to_the_office(office: Hierarchy) -> None:
    found = x509.load_der_x509_certificate(office.certify(profiles.PERSON, "周海")[1])
    points = found.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = found.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    place = f"{BASE}/pki/{issuing.key_id(office.issuing.certificate)}"
    assert [name.value for point in points for name in point.full_name or ()] == [f"{place}.crl"]
    assert [each.access_location.value for each in access] == [f"{place}.crt", f"{BASE}/pki/ocsp"]


def test_an_expired_certificate_is_found_by_openssl(office: Hierarchy, tmp_path: Path) -> None:
    _, holder = office.certify(profiles.PERSON, "周海", until=FOUNDED + timedelta(hours=1))
    assert "certificate has expired" in verify(tmp_path, office, holder)


@pytest.mark.parametrize(
    ("role", "profile", "purposes"),
    [
        ("person", profiles.PERSON, {"sign", "login"}),
        ("person", profiles.LOGIN, {"login"}),
        ("seal", profiles.SEAL, {"seal"}),
        ("timestamp", profiles.TIMESTAMP, set()),
    ],
)
def test_purposes_stand_in_the_certificate(
    role: str, profile: profiles.Profile, purposes: set[str], office: Hierarchy
) -> None:
    assert profiles.purposes(role, office.certify(profile, "周海")[1]) == purposes


def refused(office: Hierarchy, profile: profiles.Profile, key: bytes, period: Period) -> str:
    subject = issuing.name("周海", "江水市")
    with pytest.raises(CannotIssue) as refusal:
        issuing.issue(office.issuing, profile, subject, key, period, base=BASE)
    return refusal.value.message


def spki(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_only_p256_keys_are_certified(office: Hierarchy) -> None:
    period = Period(FOUNDED, FOUNDED + DAY)
    for key in (ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)):
        assert "P-256" in refused(office, profiles.PERSON, spki(key), period)
    assert "公钥无法识别" in refused(office, profiles.PERSON, b"no key", period)


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (timedelta(0), timedelta(days=3 * 365 + 1), "最长 1095 天"),
        (timedelta(0), timedelta(0), "晚于起始时间"),
        (-DAY, DAY, "签发机构证书的有效期之内"),
        (timedelta(days=3600), timedelta(days=3700), "签发机构证书的有效期之内"),
    ],
)
def test_periods_that_are_refused(
    since: timedelta, until: timedelta, said: str, office: Hierarchy
) -> None:
    period = Period(FOUNDED + since, FOUNDED + until)
    assert said in refused(office, profiles.PERSON, public(new_key()), period)


def test_the_longest_period_ends_with_the_issuer(office: Hierarchy) -> None:
    since = office.issuing.certificate.not_valid_after_utc - DAY
    period = Period.longest(profiles.PERSON, since, office.issuing.certificate)
    assert period.until == office.issuing.certificate.not_valid_after_utc


def test_an_issuing_authority_founds_no_other(office: Hierarchy) -> None:
    period = Period(FOUNDED, FOUNDED + DAY)
    assert "不再签发下级" in refused(office, profiles.ISSUING, public(new_key()), period)


def test_the_root_certifies_no_person(office: Hierarchy) -> None:
    period = Period(FOUNDED, FOUNDED + DAY)
    with pytest.raises(CannotIssue, match="根证书只签发签发机构"):
        issuing.issue(
            office.root,
            profiles.PERSON,
            issuing.name("周海", "江水市"),
            public(new_key()),
            period,
            base=BASE,
        )


def test_the_issuers_own_key_is_certified_for_nobody(office: Hierarchy) -> None:
    period = Period(FOUNDED, FOUNDED + DAY)
    assert "相同" in refused(office, profiles.PERSON, public(office.issuing.key), period)


def test_a_key_of_somebody_else_is_no_issuer(office: Hierarchy) -> None:
    with pytest.raises(CannotIssue, match="不相符"):
        issuing.Issuer.of(new_key(), der(office.issuing.certificate))


@pytest.mark.parametrize("common_name", ["", "长" * 65])
def test_names_that_no_certificate_holds(common_name: str) -> None:
    with pytest.raises(CannotIssue, match="1 到 64 个字"):
        issuing.name(common_name, "江水市")
