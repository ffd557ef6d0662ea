"""卷宗包 of a document that was signed and sealed with keys: papers, certificates, lists."""

import hashlib
import json

import pytest
from cryptography import x509

from app.handling.casefile import verify
from tests.handling.casefiles import PUBLIC, resigned, sign, taken
from tests.handling.signing.direct import SigningOffice


def test_papers_and_certificates_go_along(office: SigningOffice) -> None:
    world = office.world
    done = world.draft()
    office.run(done)
    data = taken(world, done.case.id, sign(world))
    assert "版式文件" in verify.verify(data, PUBLIC)[2]
    files = verify.unpack(data)
    papers = {name: hashlib.sha256(each).hexdigest() for name, each in files.items()}
    said = json.loads(files["signatures.json"])
    assert [each["kind"] for each in said] == ["signatory", "seal"]
    assert {each["paper"] for each in said} <= set(papers.values())
    certificates = {
        name: x509.load_der_x509_certificate(each)
        for name, each in files.items()
        if name.endswith(".cer")
    }
    issuers = {each.subject for each in certificates.values()}
    assert {name.split("/")[1].split("-")[0] for name in certificates} >= {
        *("root", "issuing", "person", "seal", "timestamp")
    }
    assert all(each.issuer in issuers for each in certificates.values())
    lists = [each for name, each in files.items() if name.endswith(".crl")]
    assert lists
    assert all(x509.load_der_x509_crl(each).issuer in issuers for each in lists)

    serial = said[0]["certificate"]

    def without(changed: verify.Files) -> None:
        del changed[f"certificates/person-{serial}.cer"]

    with pytest.raises(verify.Broken, match="所用的证书"):
        verify.verify(resigned(files, without))
