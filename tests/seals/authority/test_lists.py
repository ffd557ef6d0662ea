"""Revocation lists as openssl sees them."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from app.seals.authority import issuing, lists, profiles
from tests.seals.authority import openssl
from tests.seals.hierarchy import FOUNDED, Hierarchy, der

DAY = timedelta(days=1)


@pytest.fixture
def office() -> Hierarchy:
    return Hierarchy()


def verify(folder: Path, office: Hierarchy, holder: bytes, days: int = 1) -> str:
    """The verdict of openssl ``days`` after the founding, with both lists at hand."""
    at = FOUNDED + days * DAY
    root = openssl.certificate(folder / "root.pem", der(office.root.certificate))
    middle = openssl.certificate(folder / "issuing.pem", der(office.issuing.certificate))
    own = openssl.certificate(folder / "own.pem", holder)
    both = openssl.crl(folder / "both.pem", office.crl(), office.root_list())
    asked = openssl.ask(
        *("verify", "-x509_strict", "-crl_check_all", "-attime", str(int(at.timestamp()))),
        *("-CAfile", root, "-untrusted", middle, "-CRLfile", both, own),
    )
    return asked.stdout + asked.stderr


def test_revoked_frozen_and_released(office: Hierarchy, tmp_path: Path) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    assert "own.pem: OK" in verify(tmp_path, office, holder)
    office.revoke(holder, FOUNDED, lists.HOLD)
    assert "certificate revoked" in verify(tmp_path, office, holder)
    office.release(holder)
    assert "own.pem: OK" in verify(tmp_path, office, holder)
    office.revoke(holder, FOUNDED)
    assert "certificate revoked" in verify(tmp_path, office, holder)


def test_a_list_past_its_date_proves_nothing(office: Hierarchy, tmp_path: Path) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    assert "own.pem: OK" in verify(tmp_path, office, holder, days=lists.LIFE.days - 1)
    assert "CRL has expired" in verify(tmp_path, office, holder, days=lists.LIFE.days + 1)


def test_openssl_reads_number_serials_and_reasons(office: Hierarchy, tmp_path: Path) -> None:
    _, holder = office.certify(profiles.SEAL, "江水市人民政府")
    office.revoke(holder, FOUNDED, "affiliationChanged")
    office.crl()
    path = openssl.crl(tmp_path / "list.pem", office.crl())
    issuer = openssl.certificate(tmp_path / "issuer.pem", der(office.issuing.certificate))
    asked = openssl.ask("crl", "-in", path, "-noout", "-text", "-CAfile", issuer)
    assert "verify OK" in asked.stderr
    text = asked.stdout
    assert issuing.serial(holder).upper() in text.replace(":", "")
    assert "Affiliation Changed" in text
    assert "CRL Number: \n                2" in text


@pytest.mark.parametrize("reason", lists.REASONS)
def test_every_reason_is_one_that_the_standard_knows(office: Hierarchy, reason: str) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    office.revoke(holder, FOUNDED, reason)
    (entry,) = x509.load_der_x509_crl(office.crl())
    named = [each.value.reason.value for each in entry.extensions]
    assert named == ([] if reason == "unspecified" else [reason])
