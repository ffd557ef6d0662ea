"""证书管理 on pages and through the API: who sees what, and the verbs as people do them."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.organization.models import Person
from app.seals.certificates import exporting, leaving
from app.seals.certificates.queries import FILTERS
from app.seals.models import Certificate
from tests.seals.certification import Certification
from tests.seals.conftest import certification, office, signer_keys
from tests.web.conftest import At, Caller, at, call

__all__ = ["at", "call", "certification", "office", "signer_keys"]

API = "/api/v1/certificates"
Call = Callable[[str], Caller]


@pytest.fixture
def certificate(certification: Certification) -> Certificate:
    return detached(certification, certification.accepted("drafter"))


def detached(certification: Certification, made: Certificate) -> Certificate:
    """To be read without a transaction, in which the pages would wait for this test."""
    certification.session.refresh(made)
    certification.session.expunge(made)
    certification.session.rollback()
    return made


def test_the_desk_is_the_offices_and_read_by_those_who_watch(
    at: At, certificate: Certificate
) -> None:
    for login in ("secretary", "archivist", "auditor", "security.admin", "city.secretary"):
        page = at(login).get("/certificates/")
        assert page.status == 200, login
        assert len(page.texts("tbody td.title")) == 1
    for login in ("drafter", "leader", "system.admin"):
        assert at(login).get("/certificates/").status == 403, login
    assert at("east.secretary").get("/certificates/").texts("tbody td.title") == []


def test_others_certificates_are_not_there(at: At, certificate: Certificate) -> None:
    for login in ("leader", "east.secretary", "system.admin"):
        assert at(login).get(f"/certificates/{certificate.id}").status == 404, login
    assert at("drafter").get(f"/certificates/{certificate.id}").status == 200
    assert at("drafter").get("/certificates/mine").texts("tbody td.title")
    assert not at("leader").get("/certificates/mine").texts("tbody td.title")


@pytest.mark.parametrize("state", FILTERS)
def test_every_filter_answers(at: At, certificate: Certificate, state: str) -> None:
    page = at("secretary").get(f"/certificates/?state={state}")
    assert page.status == 200
    assert bool(page.texts("tbody td.title")) == (state in ("", "valid"))


@pytest.mark.parametrize(("words", "found"), [("drafter", 1), ("没有的人", 0), ("%", 0)])
def test_found_by_holder(at: At, certificate: Certificate, words: str, found: int) -> None:
    page = at("secretary").get(f"/certificates/?q={words}")
    assert len(page.texts("tbody td.title")) == found


def test_found_by_serial(at: At, certificate: Certificate) -> None:
    page = at("secretary").get(f"/certificates/?q={certificate.serial[:12].upper()}")
    assert len(page.texts("tbody td.title")) == 1


def test_the_register_as_files(call: Call, client: FlaskClient, certificate: Certificate) -> None:
    """SIG-19."""
    csv = call("auditor").get("/certificates/register.csv")
    lines = csv.data.decode("utf-8-sig").splitlines()
    assert lines[0] == ",".join(exporting.HEAD)
    assert lines[1].startswith(certificate.serial)
    book = call("auditor").get("/certificates/register.xlsx")
    with zipfile.ZipFile(io.BytesIO(book.data)) as opened:
        assert certificate.serial in opened.read("xl/sharedStrings.xml").decode()
    assert call("drafter").get("/certificates/register.csv").status_code == 403


def test_a_holder_freezes_and_the_office_releases(at: At, certificate: Certificate) -> None:
    own = f"/certificates/{certificate.id}"
    refused = at("drafter").press(f"{own}/suspend", "form.card", reason="")
    assert refused.status == 422
    at("drafter").press(f"{own}/suspend", "form.card", reason="丢失")
    assert at("drafter").get(own).texts("h2")[0] == "冻结"
    at("secretary").press(f"{own}/resume", "form.card", reason="已找到")
    assert at("drafter").get(own).texts("h2")[0] == "有效"


def test_state_now_and_at_a_given_time(
    call: Call, at: At, certification: Certification, certificate: Certificate
) -> None:
    """SIG-18."""
    issued = certification.world.at
    assert call("drafter").post(f"{API}/{certificate.id}/suspend", {"reason": "丢失"}).json[
        "state"
    ] == ("suspended")
    asked = call("leader").get(
        f"{API}/status",
        query_string={"serial": certificate.serial.upper(), "at": issued.isoformat()},
    )
    assert (asked.json["state"], asked.json["state_then"]) == ("suspended", "valid")
    assert call("leader").get(f"{API}/status?serial=00").status_code == 404
    page = at("leader").get(f"/certificates/status?serial={certificate.serial}&at=2026-11-23T09:30")
    assert "现在：冻结" in page.text("#answer")
    assert "没有这个序列号" in at("leader").get("/certificates/status?serial=12").text("main")


def test_programs_do_what_people_do(call: Call, certification: Certification) -> None:
    made = detached(certification, certification.issue("leader"))
    one = f"{API}/{made.id}"
    leader, officer, issuer = call("leader"), call("secretary"), call("archivist")
    assert leader.get(one).json["verbs"] == ["accept", "suspend"]
    assert leader.post(f"{one}/accept").json["accepted"] is True
    assert leader.post(f"{one}/accept").status_code == 409
    assert call("drafter").post(f"{one}/suspend", {"reason": "x"}).status_code == 403
    assert officer.post(f"{one}/suspend", {"reason": "举报"}).json["state"] == "suspended"
    assert officer.post(f"{one}/resume", {"reason": "核实"}).status_code == 403
    body = {"reason": "失控", "cause": "insecure"}
    assert officer.post(f"{one}/revoke", body).status_code == 403
    assert issuer.post(f"{one}/revoke", {**body, "cause": "why"}).status_code == 422
    revoked = issuer.post(f"{one}/revoke", body).json
    assert (revoked["state"], revoked["carrier_due"]) == ("revoked", True)
    assert officer.post(f"{one}/return", {"note": "已销毁"}).json["carrier_due"] is False
    assert [each["verb"] for each in officer.get(one).json["history"]] == [
        *("撤销", "冻结", "签收", "签发"),
    ]


def test_what_the_rules_opened_is_decided_on_the_desk(
    call: Call, at: At, certification: Certification, certificate: Certificate
) -> None:
    session, world = certification.session, certification.world
    session.get_one(Person, certificate.person_id).active = False
    session.flush()
    leaving.follow_people(session, certificate.unit_id, world.at)
    session.commit()
    (opened,) = call("secretary").get(f"{API}/applications").json["items"]
    assert (opened["verb"], opened["cause"], opened["asked_by"]) == ("change", "transfer", None)
    path = f"/certificates/applications/{opened['id']}"
    assert at("secretary").get(f"{path}/review").status == 200
    assert at("east.secretary").get(f"{path}/review").status == 404
    at("secretary").press(f"{path}/review", "form.card", opinion="属实")
    assert call("secretary").post(f"{API}/applications/{opened['id']}/grant").status_code == 403
    granted = call("archivist").post(f"{API}/applications/{opened['id']}/grant")
    assert granted.json["state"] == "granted"
    assert call("archivist").get(f"{API}/counts").json["items"][0]["counts"] == {"suspended": 1}
