"""Errors nobody foresaw, and a full disk, at each step of an act: nothing half, and then again."""

import uuid
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import faults
from app.database import db
from tests.faults.clients import encoded
from tests.faults.comparison import compare
from tests.faults.conftest import Office
from tests.faults.invariants import violations
from tests.faults.ledger import Answer, Request
from tests.faults.test_crashes import ACT_STEPS, FILE_STEPS
from tests.world import NOTICE


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    faults.arm(None)


@pytest.fixture
def client(office: Office) -> FlaskClient:
    return office.app.test_client()


def send(office: Office, client: FlaskClient, request: Request) -> TestResponse:
    body, kind = encoded(request)
    headers = {
        "Authorization": f"Bearer {office.tokens[request.login]}",
        "Idempotency-Key": request.key,
    }
    return client.post(f"/api/v1{request.path}", data=body, content_type=kind, headers=headers)


def drafted(office: Office, client: FlaskClient) -> tuple[int, Request]:
    """The document of a new draft, and the act that submits it."""
    key = uuid.uuid4().hex
    body = {**NOTICE, "body": f"请编号{key}。"}
    created = send(office, client, Request(key, "create", "drafter", "/documents", body)).json
    headers = {"Authorization": f"Bearer {office.tokens['drafter']}"}
    (task,) = client.get("/api/v1/tasks", headers=headers).json["items"]
    key = uuid.uuid4().hex
    given = {"revision": task["revision"], "opinion": f"请审核{key}。"}
    path = f"/tasks/{task['id']}/complete"
    return created["id"], Request(key, "complete", "drafter", path, given)


def ensure_whole(office: Office, request: Request, answer: TestResponse | None) -> None:
    told = None if answer is None else Answer(answer.status_code, answer.text)
    with office.app.app_context():
        outcome, found = compare(db.session(), [(request, told)]), violations(db.session())
        db.session.remove()
    assert (outcome.faults, found) == ([], {})


def test_an_error_at_any_step_undoes_the_act_and_it_can_be_sent_again(
    office: Office, client: FlaskClient
) -> None:
    for step in ACT_STEPS:
        _, request = drafted(office, client)
        faults.arm(f"{step}:raise:1")
        failed = send(office, client, request)
        assert (failed.status_code, failed.json["code"]) == (500, "fault"), step
        ensure_whole(office, request, None)
        again = send(office, client, request)
        assert again.status_code == 200, (step, again.text)
        ensure_whole(office, request, again)


def test_a_full_disk_is_said_and_after_clearing_it_the_same_is_sent_again(
    office: Office, client: FlaskClient
) -> None:
    document, _ = drafted(office, client)
    for step in (*FILE_STEPS, "before-commit"):
        key = uuid.uuid4().hex
        body = {"name": f"{key}.txt", "text": f"附件{key}"}
        request = Request(key, "attach", "drafter", f"/documents/{document}/attachments", body)
        faults.arm(f"{step}:enospc:1")
        failed = send(office, client, request)
        assert (failed.status_code, failed.json["code"]) == (507, "no_space"), step
        assert "没有生效" in failed.json["detail"]
        ensure_whole(office, request, None)
        again = send(office, client, request)
        assert again.status_code == 201, (step, again.text)
        ensure_whole(office, request, again)
