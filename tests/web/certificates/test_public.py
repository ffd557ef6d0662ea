"""/pki as programs use it: openssl, and whoever tries what he likes."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.seals.authority import issuing
from app.seals.certificates import asking_status, holding, publishing, standing
from app.seals.models import Certificate
from app.web.certificates import public
from app.web.pace import Pace, TooFast
from tests.seals.authority import openssl
from tests.seals.certification import Certification
from tests.seals.conftest import certification, office, signer_keys

__all__ = ["certification", "office", "signer_keys"]

OCSP = {"Content-Type": "application/ocsp-request"}
ASKED = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "_pace", Pace(1000, timedelta(minutes=1)))


@pytest.fixture
def answering(certification: Certification) -> Iterator[None]:
    """The authority's process, which is this one here."""
    session, world = certification.session, certification.world
    asking_status.use(lambda raw: publishing.answer(session, certification.office, raw, world.at))
    yield
    asking_status.use(None)


def place(certification: Certification) -> str:
    _, issuer = certification.office.issuer(certification.session, certification.world.at)
    return f"/pki/{issuing.key_id(issuer.certificate)}"


def question(session: Session, certificate: Certificate) -> bytes:
    load = x509.load_der_x509_certificate
    above = load(standing.chain(session, certificate)[0])
    built = ocsp.OCSPRequestBuilder().add_certificate(load(certificate.der), above, hashes.SHA256())
    return built.build().public_bytes(serialization.Encoding.DER)


def test_openssl_reads_certificate_and_list(
    certification: Certification, client: FlaskClient, tmp_path: Path
) -> None:
    got = client.get(f"{place(certification)}.crt")
    assert (got.status_code, got.mimetype) == (200, "application/pkix-cert")
    listed = client.get(f"{place(certification)}.crl")
    assert (listed.status_code, listed.mimetype) == (200, "application/pkix-crl")
    (tmp_path / "list.crl").write_bytes(listed.data)
    issuer = openssl.certificate(tmp_path / "issuer.pem", got.data)
    asked = openssl.ask(
        *("crl", "-inform", "DER", "-in", tmp_path / "list.crl", "-noout", "-CAfile", issuer)
    )
    assert "verify OK" in asked.stderr


def test_a_list_that_is_known_is_not_sent_again(
    certification: Certification, client: FlaskClient
) -> None:
    address = f"{place(certification)}.crl"
    got = client.get(address)
    assert got.cache_control.public
    again = client.get(address, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_no_cache_keeps_a_list_past_its_date(
    certification: Certification, client: FlaskClient
) -> None:
    """The world's list is of 2026: by the host's clock it may have run out already."""
    got = client.get(f"{place(certification)}.crl")
    left = x509.load_der_x509_crl(got.data).next_update_utc - datetime.now(UTC)
    assert (got.cache_control.max_age or 0) <= max(0, left.total_seconds())


@pytest.mark.usefixtures("answering")
def test_status_by_post_and_by_address(
    certification: Certification, client: FlaskClient, session: Session
) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    raw = question(session, certificate)
    encoded = base64.b64encode(raw).decode()

    def statuses() -> list[ocsp.OCSPCertStatus]:
        posted = client.post("/pki/ocsp", data=raw, headers=OCSP)
        got = client.get(f"/pki/ocsp/{encoded.replace('/', '%2F').replace('+', '%2B')}")
        assert posted.mimetype == got.mimetype == "application/ocsp-response"
        assert got.cache_control.max_age == 300
        assert posted.headers["Cache-Control"] == "no-store"
        load = ocsp.load_der_ocsp_response
        return [load(each.data).certificate_status for each in (posted, got)]

    assert statuses() == [ocsp.OCSPCertStatus.GOOD] * 2
    holding.suspend(session, world.actor("drafter"), certificate.id, world.at, "丢失")
    session.commit()
    assert statuses() == [ocsp.OCSPCertStatus.REVOKED] * 2


def test_while_nobody_answers_askers_try_later(
    certification: Certification, client: FlaskClient, session: Session
) -> None:
    raw = question(session, certification.accepted("drafter"))
    got = client.post("/pki/ocsp", data=raw, headers=OCSP)
    found = ocsp.load_der_ocsp_response(got.data)
    assert found.response_status is ocsp.OCSPResponseStatus.TRY_LATER


@pytest.mark.usefixtures("answering")
@pytest.mark.parametrize("encoded", ["AAAA", "%FF", "not/base64!", "A" * 5000])
def test_questions_that_are_none(client: FlaskClient, encoded: str) -> None:
    got = client.get(f"/pki/ocsp/{encoded}")
    found = ocsp.load_der_ocsp_response(got.data)
    assert found.response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    assert "no-store" in got.headers["Cache-Control"]


def test_bodies_of_the_wrong_kind_or_size(client: FlaskClient) -> None:
    assert client.post("/pki/ocsp", json={}).status_code == 415
    long = client.post("/pki/ocsp", data=b"0" * (public.MOST + 1), headers=OCSP)
    assert long.status_code == 413


@pytest.mark.parametrize("path", [f"/pki/{'0' * 40}.crl", f"/pki/{'0' * 40}.crt", "/pki/x.crl"])
def test_issuers_that_nobody_knows(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_impatient_address_waits(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "_pace", Pace(2, timedelta(minutes=1)))
    path = f"/pki/{'0' * 40}.crl"
    assert [client.get(path).status_code for _ in range(3)] == [404, 404, 429]


def test_pace_forgets_in_time() -> None:
    pace = Pace(2, timedelta(seconds=10))
    for second in (0, 1):
        pace.ensure("198.51.100.7", ASKED + timedelta(seconds=second))
    with pytest.raises(TooFast) as refused:
        pace.ensure("198.51.100.7", ASKED + timedelta(seconds=4))
    assert refused.value.retry_seconds == 6
    pace.ensure("198.51.100.8", ASKED + timedelta(seconds=4))
    pace.ensure("198.51.100.7", ASKED + timedelta(seconds=10))
