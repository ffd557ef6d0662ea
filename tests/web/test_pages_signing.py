"""签名并提交 on the page of the stay and through the API; what goes wrong changes nothing."""

import hashlib
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.seals import signer
from app.seals.models import PaperCheck, Signature
from app.seals.signer import Client, SignerUnavailable
from app.web.acts import RequestKey
from tests.handling.signing.conftest import app, founded, office
from tests.handling.signing.direct import SigningOffice
from tests.web.conftest import Caller, call
from tests.web.desk import Desk, Page

__all__ = ["app", "call", "founded", "office"]

API = "/api/v1"


@pytest.fixture
def leader(app: Flask, office: SigningOffice, password: str) -> tuple[Desk, int, int]:
    """The leader's browser, at a stay that waits for his signature."""
    task = office.run(office.world.draft(), "leader_sign")
    assert task is not None
    found = task.id, task.revision
    desk = Desk(app, "leader", password, rest=office.world.session.rollback)
    assert desk.sign_in().status == 303
    return desk, *found


def submit(desk: Desk, task_id: int, page: Page | None = None, **typed: str) -> Page:
    page = page or desk.get(f"/tasks/{task_id}")
    form = page.form("form[aria-labelledby=decision]")
    return desk.post(f"/tasks/{task_id}/complete", {**form, "outcome": "approve", **typed})


def signatures(office: SigningOffice) -> int:
    office.world.session.rollback()
    return len(office.world.session.scalars(sa.select(Signature.id)).all())


def test_the_page_asks_for_the_password_and_shows_the_file(
    office: SigningOffice, leader: tuple[Desk, int, int], password: str
) -> None:
    desk, task_id, _ = leader
    asked = submit(desk, task_id, opinion="同意签发。")
    assert "输入您的登录密码后签名" in asked.texts(".message[role=status]")[-1]
    form = asked.form("form[aria-labelledby=decision]")
    assert (form["opinion"], form["proof_password"]) == ("同意签发。", "")
    shown = desk.get(f"/tasks/{task_id}/paper.pdf").answer.data
    assert form["paper_sha256"] == hashlib.sha256(shown).hexdigest()
    refused = submit(desk, task_id, asked, opinion="同意签发。", proof_password="wrong")
    assert refused.status == 403
    assert "密码或验证码不正确" in refused.texts(".message[role=alert]")[-1]
    assert refused.form("form[aria-labelledby=decision]")["proof_password"] == ""
    assert signatures(office) == 0
    done = submit(desk, task_id, refused, opinion="同意签发。", proof_password=password)
    assert done.status == 303
    assert signatures(office) == 1


def test_without_the_signer_the_document_stays_where_it_was(
    office: SigningOffice, leader: tuple[Desk, int, int], password: str
) -> None:
    class Down(Client):
        def sign(self, order: object) -> object:
            raise SignerUnavailable("签名服务没有运行，此件留在原处。请稍后再试。")

    desk, task_id, _ = leader
    asked = submit(desk, task_id, opinion="同意签发。")
    signer.use(Down(office.folder))
    refused = submit(desk, task_id, asked, opinion="同意签发。", proof_password=password)
    assert refused.status == 503
    assert "此件留在原处" in refused.texts(".message[role=alert]")[-1]
    assert signatures(office) == 0


def test_a_program_signs_with_the_digest_of_the_page(
    office: SigningOffice,
    leader: tuple[Desk, int, int],
    call: Callable[[str], Caller],
    password: str,
) -> None:
    _, task_id, revision = leader
    mine, body = call("leader"), {"opinion": "同意。", "revision": revision}
    needed = mine.post(f"{API}/tasks/{task_id}/complete", body)
    assert (needed.status_code, needed.json["code"]) == (409, "proof_needed")
    page = mine.get(f"{API}/tasks/{task_id}/paper.pdf").data
    proof = {"proof_password": password, "paper_sha256": hashlib.sha256(page).hexdigest()}
    changed = mine.post(
        f"{API}/tasks/{task_id}/complete", {**body, **proof, "paper_sha256": "0" * 64}
    )
    assert (changed.status_code, changed.json["code"]) == (409, "page_changed")
    done = mine.post(f"{API}/tasks/{task_id}/complete", {**body, **proof}, key="once")
    assert done.status_code == 200, done.json
    again = mine.post(f"{API}/tasks/{task_id}/complete", {**body, **proof}, key="once")
    assert again.json == done.json
    assert signatures(office) == 1


def test_no_password_is_in_what_is_kept_of_a_request(
    office: SigningOffice,
    leader: tuple[Desk, int, int],
    call: Callable[[str], Caller],
    password: str,
) -> None:
    """The same request with another password is the same request."""
    _, task_id, revision = leader
    mine, path = call("leader"), f"{API}/tasks/{task_id}/complete"
    page = mine.get(f"{API}/tasks/{task_id}/paper.pdf").data
    body = {"opinion": "同意。", "revision": revision}
    proof = {"proof_password": password, "paper_sha256": hashlib.sha256(page).hexdigest()}
    assert mine.post(path, {**body, **proof}, key="once").status_code == 200
    other = mine.post(path, {**body, **proof, "proof_password": "other"}, key="once")
    assert other.status_code == 200
    assert office.world.session.scalars(sa.select(RequestKey.body_hash)).all()


@pytest.mark.parametrize("login", ["drafter", "unit.head", "seal.keeper"])
def test_the_page_to_sign_is_its_persons(
    office: SigningOffice,
    leader: tuple[Desk, int, int],
    call: Callable[[str], Caller],
    login: str,
) -> None:
    assert call(login).get(f"{API}/tasks/{leader[1]}/paper.pdf").status_code == 404


def test_what_a_program_sends_is_verified_before_and_sent_once(
    office: SigningOffice, call: Callable[[str], Caller]
) -> None:
    """REC-04; the key of the request is claimed anew once the paper has been verified."""
    task = office.run(office.world.draft(), "final_check_dispatch")
    assert task is not None
    path, body = f"{API}/tasks/{task.id}/complete", {"outcome": "dispatch", "any_hour": True}
    office.world.session.rollback()
    mine = call("secretary")
    body["revision"] = task.revision
    office.world.session.rollback()
    done = mine.post(path, body, key="sent")
    assert done.status_code == 200, done.json
    assert mine.post(path, body, key="sent").json == done.json
    office.world.session.rollback()
    (found,) = office.world.session.scalars(sa.select(PaperCheck))
    assert found.sentences == []
