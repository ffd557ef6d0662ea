"""The exercise of docs/certificates.md: a key is compromised; suspend, list, revoke, reissue."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.seals.certificates import holding, one, standing, status
from app.seals.certificates.errors import CertificateUnusable
from app.seals.digests import digests
from app.seals.models import Certificate, Key, Paper, Signature
from tests.seals.authority import openssl
from tests.seals.certification import Certification


def signed(certification: Certification, certificate: Certificate, field: str) -> Signature:
    """A document signed with the certificate, as the signer leaves it in the tables."""
    session, world = certification.session, certification.world
    document = world.document(world.draft().case)
    paper = Paper(
        document_id=document.id,
        content_sha256="c" * 64,
        stage="signed",
        sha256=digests(field.encode()).sha256,
        sm3="",
        size=1,
        at=world.at,
    )
    session.add(paper)
    session.flush()
    signature = Signature(
        kind="signatory",
        permit=f"{document.id}:{field}",
        document_id=document.id,
        task_id=document.id,
        person_id=certificate.person_id,
        certificate_id=certificate.id,
        paper_id=paper.id,
        field=field,
        content_sha256="c" * 64,
        signed_sha256=paper.sha256,
        stamped_at=world.at,
        at=world.at,
    )
    session.add(signature)
    session.commit()
    return signature


def verdict(
    folder: Path, certification: Certification, certificate: Certificate, listed: Certificate
) -> str:
    """What ``openssl verify`` says now, with the lists of the office at hand."""
    session, at = certification.session, certification.world.at
    issuing, root = standing.chain(session, listed)
    asked = openssl.ask(
        *("verify", "-crl_check_all", "-attime", str(int(at.timestamp()))),
        *("-CAfile", openssl.certificate(folder / "root.pem", root)),
        *("-untrusted", openssl.certificate(folder / "issuing.pem", issuing)),
        *("-CRLfile", openssl.crl(folder / "lists.pem", *standing.lists(session, listed, at))),
        openssl.certificate(folder / "own.pem", certificate.der),
    )
    return asked.stdout + asked.stderr


def test_suspend_list_revoke_reissue(
    certification: Certification, session: Session, tmp_path: Path
) -> None:
    world = certification.world
    certificate = certification.accepted("leader")
    who = world.actor("leader").person_id
    signed(certification, certificate, "签发")
    world.later(days=2)
    leaked = world.at
    affected = signed(certification, certificate, "签发")
    certification.turn()
    assert "own.pem: OK" in verdict(tmp_path, certification, certificate, certificate)

    # 1: from this second nothing is signed
    world.later(hours=1)
    suspended = world.at
    holding.suspend(session, world.actor("secretary"), certificate.id, world.at, "口令外泄")
    session.commit()
    with pytest.raises(CertificateUnusable):
        standing.of_person(session, who, world.at)
    certification.turn()
    assert "certificate revoked" in verdict(tmp_path, certification, certificate, certificate)

    # 2: what may be somebody else's
    assert [use.document_id for use in one.uses(session, certificate.id, leaked)] == [
        affected.document_id
    ]
    assert len(one.uses(session, certificate.id)) == 2

    # 4: a second person ends it for good, the key is destroyed
    world.later(minutes=10)
    issuer = world.actor("archivist")
    holding.revoke(session, issuer, certificate.id, world.at, "insecure", "口令外泄属实")
    session.commit()
    certification.turn()
    assert session.get_one(Key, certificate.key_id).destroyed_at is not None

    # 5: a new key, on a new application
    renewed = certification.accepted("leader")
    assert standing.of_person(session, who, world.at).id == renewed.id
    assert renewed.key_id != certificate.key_id

    # 6: before and after
    certification.turn()
    assert "certificate revoked" in verdict(tmp_path, certification, certificate, renewed)
    assert "own.pem: OK" in verdict(tmp_path, certification, renewed, renewed)
    second = timedelta(seconds=1)
    assert status.then(session, certificate, suspended - second).state == "valid"
    assert status.then(session, certificate, world.at).state == "revoked"
