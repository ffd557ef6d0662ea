"""A signature from the order to its rows, over the socket, in the time of the tests."""

import json
import socket
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.documents.models import Document
from app.documents.storage import Store
from app.errors import DomainError, Invalid
from app.seals.digests import digests
from app.seals.keys import service
from app.seals.keys.service import HttpService, ServiceKeys
from app.seals.models import Key, Paper, Signature, SignatureEnd
from app.seals.signer import ByPassword, ByToken, SignerUnavailable
from app.seals.signer.server import Operation, Server
from tests.organization.factors.authenticator import enrol
from tests.seals.signer import serving
from tests.seals.signer.conftest import Desk, then
from tests.seals.signer.doubles import SEAL_OF_TESTS

pytestmark = pytest.mark.usefixtures("signer")


def test_a_signature_leaves_its_paper_its_use_and_its_entry(desk: Desk) -> None:
    order = desk.order()
    signed = desk.client.sign(order)
    use = desk.session.get_one(Signature, signed.signature_id)
    paper = desk.session.get_one(Paper, use.paper_id)
    content = Store(desk.config.data / "files").get(signed.paper_sha256)
    assert digests(content).sha256 == paper.sha256
    assert (paper.sm3, paper.size) == (digests(content).sm3, len(content))
    assert (paper.stage, paper.document_id) == ("signed", order.document_id)
    assert use.permit == f"{desk.task.id}:签发"
    assert (use.person_id, use.task_id) == (order.person_id, desk.task.id)
    assert use.certificate_id == desk.certificate("leader").id
    assert use.signed_sha256 == order.expected_sha256
    entry = desk.session.scalars(
        sa.select(AuditEntry.body).where(AuditEntry.action == "signature.made")
    ).one()
    detail = json.loads(entry)["detail"]
    assert (detail["sha256"], detail["sm3"]) == (paper.sha256, paper.sm3)
    assert detail["proof"] == "password"
    assert desk.alarms() == []


def test_the_rehearsal_leaves_nothing_and_the_act_follows(desk: Desk) -> None:
    desk.client.sign(desk.order())
    desk.session.refresh(desk.task)
    assert desk.task.state == "open", "the signer only rehearses"
    desk.world.complete(desk.task, "leader")
    assert desk.world.document(desk.world.case_of(desk.task)).signatory


def test_asked_again_it_answers_with_the_same_signature(desk: Desk) -> None:
    first, second = desk.client.sign(desk.order()), desk.client.sign(desk.order())
    assert first.signature_id == second.signature_id
    assert desk.client.signed(desk.task.id, "签发") == replace(first, token="")
    assert desk.client.signed(desk.task.id, "单位印章") is None
    assert desk.signatures() == 1


def test_a_seal_names_its_seal_and_its_certificate(desk: Desk) -> None:
    task = desk.at_the_seal()
    signed = desk.client.sign(desk.order("seal.keeper", task=task))
    use = desk.session.get_one(Signature, signed.signature_id)
    assert (use.kind, use.seal_id) == ("seal", SEAL_OF_TESTS)
    assert use.certificate_id == desk.certificate(None).id
    assert desk.session.get_one(Paper, use.paper_id).stage == "sealed"


def test_after_a_change_of_the_text_the_old_signature_ends(desk: Desk) -> None:
    first = desk.client.sign(desk.order())
    document = desk.session.get_one(Document, desk.order().document_id)
    document.content_sha256 = "c" * 64
    desk.session.commit()
    second = desk.client.sign(desk.order())
    assert second.signature_id != first.signature_id
    use = desk.session.get_one(Signature, second.signature_id)
    assert use.permit == f"{desk.task.id}:签发:2"
    assert [each.signature_id for each in desk.session.scalars(sa.select(SignatureEnd))] == [
        first.signature_id
    ]
    desk.session.rollback()
    found = desk.client.signed(desk.task.id, "签发")
    assert found is not None
    assert found.signature_id == second.signature_id


def test_one_proof_serves_several_documents_for_two_minutes(desk: Desk) -> None:
    first = desk.task
    desk.begin()
    second = desk.task
    desk.begin()
    token = ByToken(desk.client.sign(desk.order(task=first)).token)
    desk.world.later(seconds=119)
    assert desk.client.sign(desk.order(task=second, proof=token)).token == token.token
    desk.world.later(seconds=2)
    with pytest.raises(DomainError) as refused:
        desk.client.sign(desk.order(proof=token))
    assert refused.value.code == "proof_too_old"
    assert desk.signatures() == 2


def test_a_proof_is_its_persons_alone(desk: Desk) -> None:
    token = ByToken(desk.client.sign(desk.order()).token)
    desk.begin()
    with pytest.raises(DomainError) as refused:
        desk.client.sign(desk.order("leader2", proof=token))
    assert refused.value.code == "proof_too_old"


def test_who_has_a_second_factor_is_asked_for_its_code(desk: Desk) -> None:
    """The signer asks itself; a code that was used signs nothing."""
    phone, _ = enrol(desk.session, desk.world.actor("leader"), desk.world.at)
    desk.session.commit()
    desk.world.later(minutes=1)
    code = phone.code(desk.world.at)
    for proof in (ByPassword(desk.password), ByPassword("wrong", code)):
        with pytest.raises(DomainError) as refused:
            desk.client.sign(desk.order(proof=proof))
        assert refused.value.code == "proof_refused"
    desk.client.sign(desk.order(proof=ByPassword(desk.password, code)))
    entry = desk.session.scalars(
        sa.select(AuditEntry.body).where(AuditEntry.action == "signature.made")
    ).one()
    assert json.loads(entry)["detail"]["proof"] == "totp"
    desk.begin()
    with pytest.raises(DomainError, match="不正确"):
        desk.client.sign(desk.order(proof=ByPassword(desk.password, code)))
    assert desk.signatures() == 1


def test_a_key_that_signs_too_often_is_stopped_for_the_hour(desk: Desk) -> None:
    for _ in range(3):
        desk.client.sign(desk.order())
        desk.begin()
    with pytest.raises(DomainError, match="达到上限") as refused:
        desk.client.sign(desk.order())
    assert refused.value.code == "too_many_signatures"
    assert desk.alarms() == ["signing"]
    desk.world.later(hours=1)
    desk.begin()
    desk.client.sign(desk.order())
    assert desk.signatures() == 4


def test_an_expired_certificate_signs_nothing(desk: Desk) -> None:
    desk.world.later(days=3 * 365 + 1)
    with pytest.raises(DomainError) as refused:
        desk.client.sign(desk.order())
    assert refused.value.code == "certificate_expired"
    assert desk.signatures() == 0


def test_what_is_no_order_is_refused_before_anything_else(desk: Desk) -> None:
    given = desk.order().to_wire()
    for harm in (
        {"task_id": -1},
        {"task_id": "4 OR 1"},
        {"field": ""},
        {"proof": {}},
        {"proof": {"password": "a", "token": "b"}},
        {"proof": {"person": 1, "at": "2026-01-01", "how": "password"}},
        {"expected_sha256": "A" * 64},
        {"act": None},
        {"approved": True},
    ):
        with pytest.raises(Invalid) as refused:
            desk.client.ask("sign", {**given, **harm})
        assert refused.value.code == "bad_order"
    assert desk.signatures() == 0


def test_an_act_with_unknown_words_is_refused(desk: Desk) -> None:
    order = desk.order(act={"outcome": None, "revision": 1, "signed": True})
    with pytest.raises(SignerUnavailable, match="编号"):
        desk.client.sign(order)
    assert desk.signatures() == 0


def test_a_late_signature_is_not_kept(desk: Desk, signer: Server) -> None:
    signer.operations["sign"] = _hurried(signer.operations["sign"])
    with pytest.raises(SignerUnavailable, match="没有签名"):
        desk.client.sign(desk.order())
    assert desk.signatures() == 0
    assert desk.alarms() == []


def _hurried(sign: Operation) -> Operation:
    return lambda given, _until: sign(given, time.monotonic())


def test_a_silent_service_leaves_the_document_waiting_for_its_seal(
    desk: Desk, signer: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """待用印: nothing is lost, and the seal is set when the service answers again."""
    task = desk.at_the_seal()
    key = desk.session.get_one(Key, desk.certificate(None).key_id)
    order = desk.order("seal.keeper", task=task)
    monkeypatch.setattr(service, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        keys = ServiceKeys(HttpService.read(address, "agreed-" * 6))
        operations, _ = serving.work(desk.config, desk.places, service=keys)
        signer.operations["sign"] = then(desk.world, operations["sign"])
        desk.change(key, keeper="service")
        with pytest.raises(DomainError, match="此件留在原处") as refused:
            desk.client.sign(order)
    assert refused.value.code == "service_silent"
    assert desk.signatures() == 1, "the sign-off"
    assert [each["detail"]["code"] for each in desk.refusals()] == ["service_silent"]
    assert desk.alarms() == []
    assert desk.world.document(desk.world.case_of(task)).state == "numbered"
    desk.change(key, keeper="software")
    desk.client.sign(order)
    assert desk.signatures() == 2


def test_a_keeper_that_is_not_set_up_signs_nothing(desk: Desk) -> None:
    key = desk.session.get_one(Key, desk.certificate("leader").key_id)
    desk.change(key, keeper="holder")
    with pytest.raises(SignerUnavailable, match="没有接入"):
        desk.client.sign(desk.order())
    assert desk.signatures() == 0


def test_a_lost_key_file_is_said(desk: Desk) -> None:
    (desk.places.keys / f"{_reference(desk)}.pem").unlink()
    with pytest.raises(DomainError, match="签名密钥不在这台机器上") as refused:
        desk.client.sign(desk.order())
    assert refused.value.code == "key_unusable"
    assert desk.alarms() == []


def _reference(desk: Desk) -> str:
    return desk.session.get_one(Key, desk.certificate("leader").key_id).reference
