"""The API from end to end, as a program would use it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.conftest import Caller
from tests.world import NOTICE, RECEIVED, REQUEST

Call = Callable[[str], Caller]

WAY = [
    ("drafter", "draft", "submit"),
    ("dept.head", "dept_review", "approve"),
    ("office.head", "office_check", "approve"),
    ("leader", "leader_sign", "approve"),
    ("printing", "register_number", "register"),
    ("seal.keeper", "seal", "seal"),
    ("secretary", "final_check_dispatch", "dispatch"),
]


def only_task(call: Call, login: str) -> Any:
    items = call(login).get("/api/v1/tasks?box=todo").json["items"]
    assert len(items) == 1, items
    return items[0]


def test_a_notice_goes_its_whole_way(call: Call) -> None:
    created = call("drafter").post("/api/v1/documents", NOTICE)
    assert created.status_code == 201, created.json
    document = created.json
    assert document["number"] is None
    for login, step, outcome in WAY:
        task = only_task(call, login)
        assert task["step"] == step
        assert outcome in [each["key"] for each in task["outcomes"]]
        body = {"outcome": outcome, "opinion": "同意。", "revision": task["revision"]}
        body["any_hour"] = True  # the clock of this test is the real one
        answer = call(login).post(f"/api/v1/tasks/{task['id']}/complete", body)
        assert answer.status_code == 200, answer.json
    assert answer.json["case"]["state"] == "closed"
    found = call("drafter").get(f"/api/v1/documents/{document['id']}").json
    assert found["number"] == "江水〔2026〕1号"
    assert found["state"] == "dispatched"
    history = call("drafter").get(f"/api/v1/cases/{found['case_id']}/history").json["items"]
    completed = [act["step"] for act in history if act["action"] == "task.completed"]
    assert completed == [step for _, step, _ in WAY]
    assert call("auditor").get("/api/v1/audit/verification").json["ok"]


def test_the_description_is_valid_openapi_3_1(call: Call, app: Flask) -> None:
    description = app.test_client().get("/api/v1/openapi.json").json
    OpenAPIV31SpecValidator(description).validate()
    named = {
        operation["operationId"]
        for path in description["paths"].values()
        for operation in path.values()
    }
    assert {
        *("me", "createDocument", "registerIncoming", "getDocument", "getDocumentPdf"),
        *("listTasks", "getTask", "completeTask", "returnTask", "withdraw"),
        *("getCase", "getHistory", "getDiagram", "verifyAudit", "getReplay"),
    } <= named


def test_the_same_key_has_one_effect_and_one_answer(call: Call) -> None:
    first = call("drafter").post("/api/v1/documents", NOTICE, key="k-1")
    again = call("drafter").post("/api/v1/documents", NOTICE, key="k-1")
    assert (first.status_code, first.data) == (again.status_code, again.data)
    other = call("drafter").post("/api/v1/documents", REQUEST, key="k-1")
    assert other.status_code == 422
    assert other.json["code"] == "idempotency_key"
    assert len(call("drafter").get("/api/v1/tasks").json["items"]) == 1


def test_incoming_is_read_by_three_leaders(call: Call) -> None:
    created = call("secretary").post("/api/v1/incoming", RECEIVED)
    assert created.status_code == 201, created.json
    case = created.json["case_id"]
    given: dict[str, dict[str, Any]] = {
        "distribute": {"next": ["leader", "leader2", "leader3"]},
        "collect": {"outcome": "to_handle", "next": ["dept.head"]},
    }
    seen = []
    for _ in range(20):
        found = call("secretary").get(f"/api/v1/cases/{case}").json
        if found["state"] == "closed":
            break
        task = found["open_tasks"][0]
        seen.append(task["step"])
        body = {"opinion": "已阅。", "revision": task["revision"], **given.get(task["step"], {})}
        answer = call(task["candidates"][0]).post(f"/api/v1/tasks/{task['id']}/complete", body)
        assert answer.status_code == 200, (task["step"], answer.json)
    assert seen == [
        *("register", "propose", "distribute", "leader_read", "leader_read", "leader_read"),
        *("collect", "handle", "close"),
    ]


@pytest.mark.parametrize("login", ["city.leader", "east.drafter", "printing"])
def test_what_is_not_visible_is_not_there(call: Call, login: str) -> None:
    document = call("drafter").post("/api/v1/documents", NOTICE).json
    hidden = call(login).get(f"/api/v1/documents/{document['id']}")
    absent = call(login).get("/api/v1/documents/999999")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.json["detail"] == absent.json["detail"]


def test_a_source_left_open_can_be_added_before_sending_on(call: Call) -> None:
    """INC-05: without a source it is not forwarded; the API can supply it."""
    created = call("secretary").post("/api/v1/incoming", {**RECEIVED, "source": ""}).json
    task = only_task(call, "secretary")
    body = {"revision": task["revision"]}
    refused = call("secretary").post(f"/api/v1/tasks/{task['id']}/complete", body)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "source"
    change = {"version": created["version"], "source": "上级来文"}
    assert call("secretary").patch(f"/api/v1/documents/{created['id']}", change).status_code == 200
    task = only_task(call, "secretary")
    body = {"revision": task["revision"]}
    sent = call("secretary").post(f"/api/v1/tasks/{task['id']}/complete", body)
    assert sent.status_code == 200, sent.json


def test_after_a_change_of_the_text_an_older_form_is_stale(call: Call) -> None:
    """What the drafter saved between was approved unseen."""
    drafter = call("drafter")
    document = drafter.post("/api/v1/documents", NOTICE).json
    task = only_task(call, "drafter")
    change = {"version": 1, "title": "江洲县水务局关于冬季堤防巡查的通知"}
    assert drafter.patch(f"/api/v1/documents/{document['id']}", change).status_code == 200
    body = {"outcome": "submit", "revision": task["revision"]}
    answer = drafter.post(f"/api/v1/tasks/{task['id']}/complete", body)
    assert (answer.status_code, answer.json["code"]) == (409, "stale_revision")
    assert "有变动" in answer.json["detail"]
    body["revision"] = only_task(call, "drafter")["revision"]
    assert drafter.post(f"/api/v1/tasks/{task['id']}/complete", body).status_code == 200
