"""Answers on status as ``openssl ocsp`` sees them, and requests that deserve none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import load_der_x509_certificate, ocsp

from app.seals.authority import issuing, profiles
from app.seals.authority.answers import Responder, Standing, answer
from tests.seals.authority import openssl
from tests.seals.hierarchy import Hierarchy, der

FROZEN = datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def office() -> Hierarchy:
    """Founded an hour ago: ``openssl ocsp`` has no clock to move."""
    return Hierarchy(datetime.now(UTC) - timedelta(hours=1))


@pytest.fixture(scope="module")
def responder(office: Hierarchy) -> Responder:
    key, certificate = office.certify(profiles.STATUS, "状态查询")
    return Responder.of(key, certificate, der(office.issuing.certificate))


def asked(
    folder: Path,
    office: Hierarchy,
    responder: Responder,
    holder: bytes,
    standing: Standing | None,
    *options: str,
) -> str:
    """What ``openssl ocsp`` reads in the answer to its own request, nonce included."""
    root = openssl.certificate(folder / "root.pem", der(office.root.certificate))
    middle = openssl.certificate(folder / "issuing.pem", der(office.issuing.certificate))
    own = openssl.certificate(folder / "own.pem", holder)
    request, response = folder / "request.der", folder / "response.der"
    about = ("-issuer", middle, *options, "-cert", own)
    openssl.ask("ocsp", *about, "-reqout", request)
    response.write_bytes(
        answer(request.read_bytes(), responder, lambda serial: standing, at=datetime.now(UTC))
    )
    given = ("-respin", response, "-CAfile", root, "-verify_other", middle)
    nonce = openssl.ask("ocsp", "-reqin", request, *given)
    assert "nonce" not in nonce.stderr.lower(), nonce.stderr
    said = openssl.ask("ocsp", "-no_nonce", *about, *given)
    return said.stdout + said.stderr


@pytest.mark.parametrize("digest", ["-sha1", "-sha256"])
def test_good(office: Hierarchy, responder: Responder, tmp_path: Path, digest: str) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    said = asked(tmp_path, office, responder, holder, Standing(), digest)
    assert "Response verify OK" in said
    assert "own.pem: good" in said


def test_frozen(office: Hierarchy, responder: Responder, tmp_path: Path) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    said = asked(tmp_path, office, responder, holder, Standing(FROZEN, "certificateHold"))
    assert "Response verify OK" in said
    assert "own.pem: revoked" in said
    assert "certificateHold" in said
    assert "Mar  2 03:04:05 2026" in said


def test_a_serial_never_issued_is_unknown(
    office: Hierarchy, responder: Responder, tmp_path: Path
) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    assert "own.pem: unknown" in asked(tmp_path, office, responder, holder, None)


def request(office: Hierarchy, holder: bytes, digest: hashes.HashAlgorithm) -> bytes:
    built = ocsp.OCSPRequestBuilder().add_certificate(
        load_der_x509_certificate(holder), office.issuing.certificate, digest
    )
    return built.build().public_bytes(serialization.Encoding.DER)


def status(raw: bytes, responder: Responder) -> ocsp.OCSPResponseStatus:
    found = answer(raw, responder, lambda serial: Standing(), at=datetime.now(UTC))
    return ocsp.load_der_ocsp_response(found).response_status


def test_the_table_is_asked_for_the_serial(office: Hierarchy, responder: Responder) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    serials: list[str] = []

    def standing(serial: str) -> Standing | None:
        serials.append(serial)
        return Standing()

    raw = request(office, holder, hashes.SHA256())
    found = ocsp.load_der_ocsp_response(answer(raw, responder, standing, at=datetime.now(UTC)))
    assert found.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert serials == [issuing.serial(holder)]


@pytest.mark.parametrize(
    "raw", [b"", b"\x30", b"\x30\x03\x02\x01\x01", b"GET / HTTP/1.1", b"\xff" * 99]
)
def test_what_is_no_request_is_malformed(raw: bytes, responder: Responder) -> None:
    assert status(raw, responder) is ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_another_authoritys_certificates_are_not_answered_for(responder: Responder) -> None:
    other = Hierarchy()
    _, holder = other.certify(profiles.PERSON, "周海")
    raw = request(other, holder, hashes.SHA256())
    assert status(raw, responder) is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_a_digest_that_nobody_uses_is_not_answered(office: Hierarchy, responder: Responder) -> None:
    _, holder = office.certify(profiles.PERSON, "周海")
    raw = request(office, holder, hashes.SHA512())
    assert status(raw, responder) is ocsp.OCSPResponseStatus.UNAUTHORIZED
