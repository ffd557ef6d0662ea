"""What the authority answers to other processes."""

import base64
from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from sqlalchemy.orm import sessionmaker

from app import clock
from app.database import db
from app.errors import Invalid
from app.seals.certificates.office import NoAuthority, Office
from app.seals.certificates.serving import Asked
from app.seals.models import Certificate
from app.seals.stamping import ClockAstray
from tests.seals.certification import Certification
from tests.world import World

QUERY = tsp.TimeStampReq(
    {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": {"algorithm": "sha256"},
            "hashed_message": bytes(32),
        },
        "cert_req": True,
    }
).dump()


def given(query: bytes) -> dict[str, str]:
    return {"query": base64.b64encode(query).decode()}


def test_a_stamp_has_the_time_of_the_database(certification: Certification) -> None:
    asked = Asked(sessionmaker(db.engine), certification.office)
    certification.session.rollback()
    with clock.moved_to(certification.world.at):
        reply = asked.operations()["stamp"](given(QUERY), 0.0)["reply"]
    response = tsp.TimeStampResp.load(base64.b64decode(reply))
    assert response["status"]["status"].native == "granted"
    info = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    at = certification.world.at.astimezone(UTC).replace(microsecond=0)
    assert info["gen_time"].native == at


def test_no_stamp_while_the_clocks_differ(
    certification: Certification, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(sessionmaker(db.engine), certification.office)
    certification.session.rollback()
    late = certification.world.at + timedelta(seconds=3)
    monkeypatch.setattr(clock, "nearby", lambda: late)
    with clock.moved_to(certification.world.at), pytest.raises(ClockAstray):
        asked.stamp(given(QUERY), 0.0)


def test_the_status_of_a_certificate_is_answered(certification: Certification) -> None:
    made = certification.accepted("leader")
    asked = Asked(sessionmaker(db.engine), certification.office)
    issuer = x509.load_der_x509_certificate(_issuer(certification))
    certificate = x509.load_der_x509_certificate(made.der)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    request = builder.build().public_bytes(Encoding.DER)
    certification.session.rollback()
    with clock.moved_to(certification.world.at):
        reply = asked.operations()["ocsp"](given(request), 0.0)["reply"]
    answer = ocsp.load_der_ocsp_response(base64.b64decode(reply))
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD


def _issuer(certification: Certification) -> bytes:
    query = sa.select(Certificate.der).where(Certificate.role == "issuing")
    return certification.session.scalars(query).one()


def test_what_is_no_question_is_refused(certification: Certification) -> None:
    asked = Asked(sessionmaker(db.engine), certification.office)
    certification.session.rollback()
    with clock.moved_to(certification.world.at), pytest.raises(Invalid):
        asked.stamp({"query": "*"}, 0.0)


def test_before_the_founding_nothing_is_answered(world: World, office: Office) -> None:
    asked = Asked(sessionmaker(db.engine), office)
    world.session.rollback()
    with pytest.raises(NoAuthority, match="gongwen authority found"):
        asked.stamp(given(QUERY), 0.0)
