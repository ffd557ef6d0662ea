"""流程草稿 through the API, as the modeler uses it."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from app.database import current_session
from app.web.api import process_drafts
from app.workflow import checks, trial
from tests.web.conftest import Caller
from tests.workflow.drawing import line

Call = Callable[[str], Caller]
DRAFTS = "/api/v1/process/drafts"


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def begin(admin: Caller) -> str:
    made = admin.post(DRAFTS, {"process_id": "p", "name": "督查件办理"})
    assert made.status_code == 201, made.json
    return f"{DRAFTS}/{made.json['id']}"


def test_a_draft_is_begun_saved_checked_and_submitted(call: Call) -> None:
    admin, second = call("city.process.admin"), call("city.process.admin2")
    here = begin(admin)
    draft = admin.get(here).json
    assert (draft["revision"], draft["state"], list(draft["files"])) == (1, "open", ["p.bpmn"])
    body = {"revision": 1, "files": {"p.bpmn": line("a").decode().replace("clerk", "nobody")}}
    saved = admin.client.put(here, json=body, headers=admin._headers())
    assert saved.json["revision"] == 2
    stale = second.client.put(here, json=body, headers=second._headers())
    assert (stale.status_code, stale.json["code"]) == (409, "stale_draft")
    found = admin.post(f"{here}/check").json
    assert found["clean"] is False
    said = {each["reason"]: (each["element"], each["mend"]) for each in found["faults"]}
    assert said["没有角色“nobody”"] == ("a", "请改为已有的角色")
    refused = admin.post(f"{here}/submission", {"reason": "试"})
    assert (refused.status_code, refused.json["code"]) == (422, "bad_diagram")
    body = {"revision": 2, "files": {"p.bpmn": draft["files"]["p.bpmn"]}}
    assert admin.client.put(here, json=body, headers=admin._headers()).status_code == 200
    assert admin.post(f"{here}/check").json == {"clean": True, "faults": []}
    assert [each["id"] for each in second.get(DRAFTS).json["items"]] == [draft["id"]]
    done = admin.post(f"{here}/submission", {"reason": "新增督查件流程"})
    assert (done.status_code, done.json["version"], done.json["state"]) == (200, 1, "submitted")
    assert admin.get(DRAFTS).json["items"] == []


def test_a_submission_sent_again_is_answered_without_another_check(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = call("city.process.admin")
    here, body = begin(admin), {"reason": "新增督查件流程"}
    first = admin.post(f"{here}/submission", body, key="once")
    assert first.status_code == 200, first.json
    monkeypatch.setattr(process_drafts, "checked_revision", None)
    assert admin.post(f"{here}/submission", body, key="once").json == first.json


def test_only_process_administrators_come_in(call: Call) -> None:
    here = begin(call("city.process.admin"))
    for login in ("drafter", "system.admin", "auditor"):
        assert call(login).get(here).status_code == 403
        assert call(login).post(DRAFTS, {"process_id": "p", "name": "甲"}).status_code == 403
    assert call("city.process.admin").delete(here).json["state"] == "discarded"


def test_versions_differences_clauses_and_two_people(call: Call) -> None:
    admin, second = call("city.process.admin"), call("city.process.admin2")
    outgoing = next(
        each
        for each in admin.get("/api/v1/process/definitions").json["items"]
        if each["process_id"] == "outgoing"
    )
    assert outgoing["in_force"] == [{"where": "全机关", "version": 1}]
    here = "/api/v1/process/definitions/outgoing"
    old = admin.get(here).json["items"][0]["sha256"]
    draft = admin.post(DRAFTS, {"sha256": old}).json
    files = draft["files"]
    drawing = files["outgoing.bpmn"]
    files["outgoing.bpmn"] = drawing.replace('"limit" value="P1D"', '"limit" value="P2D"', 1)
    at = f"{DRAFTS}/{draft['id']}"
    saved = admin.client.put(at, json={"revision": 1, "files": files}, headers=admin._headers())
    assert saved.status_code == 200
    found = admin.get(f"{at}/differences").json
    assert [each["words"] for each in found["differences"]] == [
        "“拟稿”时限由 1 个工作日改为 2 个工作日。"
    ]
    assert found["marks"] == {"draft": "changed"}
    new = admin.post(f"{at}/submission", {"reason": "放宽拟稿时限"}).json["sha256"]
    term = second.get(here).json["items"][0]["terms"][0]
    assert (term["state"], term["reason"], term["may_decide"]) == ("proposed", "放宽拟稿时限", True)
    decision = f"/api/v1/process/terms/{term['id']}/decision"
    assert admin.post(decision, {"agree": True}).status_code == 403
    assert second.post(decision, {"agree": False}).status_code == 422
    assert second.post(decision, {"agree": True}).json["state"] == "in_force"
    assert second.post(decision, {"agree": True}).status_code == 409
    compared = admin.get(f"/api/v1/process/versions/{new}/differences?against={old}").json
    assert compared["marks"] == {"draft": "changed"}
    drawn = f"/api/v1/process/versions/{new}/diagram"
    assert admin.get(f"{drawn}?against={old}").json["steps"] == [
        {"step": "draft", "state": "changed"}
    ]
    assert admin.get(f"{drawn}?later={old}").json["steps"] == []  # nothing is left out
    clauses = admin.get(f"/api/v1/process/versions/{new}/clauses").json["items"]
    assert {"OUT-09", "SIG-09"} <= {each["id"] for each in clauses if each["by_drawing"]}
    back = second.post(f"/api/v1/process/versions/{old}/terms", {"reason": "改回"})
    assert (back.status_code, back.json["state"]) == (201, "proposed")
    again = f"/api/v1/process/terms/{back.json['id']}/decision"
    assert admin.post(again, {"agree": True}).json["version"] == 1
    assert [each["state"] for each in admin.get(here).json["items"]] == ["retired", "in_force"]
    assert "outgoing.bpmn" in admin.get(f"/api/v1/process/versions/{old}/files").json["files"]
    assert admin.get(f"/api/v1/process/versions/{'0' * 64}/files").status_code == 404
    assert call("drafter").get(here).status_code == 403


def test_a_process_goes_out_as_a_package_and_comes_in_as_a_draft(call: Call) -> None:
    admin = call("city.process.admin")
    here = "/api/v1/process/definitions/outgoing"
    sha256 = admin.get(here).json["items"][0]["sha256"]
    sent = admin.get(f"/api/v1/process/versions/{sha256}/package")
    assert (sent.status_code, sent.mimetype) == (200, "application/zip")
    upload = {"file": (io.BytesIO(sent.data), "outgoing-1.zip")}
    made = admin.post("/api/v1/process/packages", data=upload)
    assert made.status_code == 201, made.json
    files = admin.get(f"/api/v1/process/versions/{sha256}/files").json["files"]
    assert made.json["files"] == files
    broken = {"file": (io.BytesIO(sent.data[:-9]), "x.zip")}
    assert admin.post("/api/v1/process/packages", data=broken).status_code == 422
    assert admin.post("/api/v1/process/packages", data={}).status_code in (415, 422)
    county = call("process.admin")
    for unit, status in (("", 403), ("jiangzhou-county-water", 201), ("nowhere", 422)):
        again = {"file": (io.BytesIO(sent.data), "outgoing-1.zip"), "unit": unit}
        assert county.post("/api/v1/process/packages", data=again).status_code == status


def test_no_transaction_is_open_while_a_drawing_is_played(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, seen = call("city.process.admin"), []
    here = begin(admin)

    def playing(*given: Any) -> list[tuple[str, str]]:
        seen.append(current_session().in_transaction())
        return checks.quick(*given)

    monkeypatch.setattr(trial, "limited_walks", playing)
    assert admin.post(f"{here}/check").json["clean"] is True
    assert admin.post(f"{here}/submission", {"reason": "新增督查件流程"}).status_code == 200
    assert seen == [False, False]
