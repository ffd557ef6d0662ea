"""Ids that do not exist, cannot exist or belong to others; boxes asked for in wrong ways."""

import base64
import json
from typing import Any

import pytest

from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_no_trace, ensure_problem, unchanged

BODIES: dict[str, Any] = {
    "complete": {"outcome": "approve", "opinion": "同意。", "revision": 1},
    "return": {"to": "draft", "opinion": "请修改。", "revision": 1},
    "withdraw": {},
    "assign": {"to": "leader", "reason": "代办"},
    "cancel": {"reason": "不再发文"},
    "interventions": {"kind": "suspend", "reason": "有误", "clause": "领导批示"},
}
OF_CASES = ("cancel", "interventions")
READS = (
    *("/api/v1/documents/{}", "/api/v1/documents/{}/document.pdf", "/api/v1/tasks/{}"),
    *("/api/v1/documents/{}/attachments/1", "/api/v1/cases/{}", "/api/v1/cases/{}/history"),
    *("/api/v1/cases/{}/diagram", "/api/v1/documents/{}/attachments.zip"),
    "/api/v1/documents/{}/attachments/1/preview",
)
WRITES = tuple(
    (f"/api/v1/{'cases' if verb in OF_CASES else 'tasks'}/{{}}/{verb}", body)
    for verb, body in BODIES.items()
)
IMPOSSIBLE = ("0", "999999", str(2**31), str(2**63 - 1), str(2**63), "9" * 400, "-1", "x", "1.0")


@pytest.mark.parametrize("login", ["drafter", "unit.head"])
def test_what_cannot_be_is_not_there(office: Office, login: str) -> None:
    caller = office.call(login)
    with unchanged(office.app):
        for wrong in IMPOSSIBLE:
            for path in READS:
                ensure_problem(caller.get(path.format(wrong)), 404, None)
            for path, body in WRITES:
                ensure_problem(caller.post(path.format(wrong), body), 404)
            decided = caller.post(f"/api/v1/interventions/{wrong}/decision", {"agree": True})
            ensure_problem(decided, 404)
            taken_back = caller.post(f"/api/v1/interventions/{wrong}/withdrawal")
            ensure_problem(taken_back, 404)
            change = {"version": 1, "title": "x"}
            ensure_problem(caller.patch(f"/api/v1/documents/{wrong}", change), 404)


@pytest.mark.parametrize("login", ["east.drafter", "city.leader", "printing", "system.admin"])
def test_b8_what_one_may_not_see_is_as_if_absent(office: Office, login: str) -> None:
    """S5: absent and forbidden answer alike, to reading and to acting; only the record knows."""
    caller = office.call(login)
    document, case = office.documents["draft"], office.cases["draft"]
    task = office.tasks["draft"][0]
    with unchanged(office.app, recorded=9 + len(WRITES)) as watched:
        for path, hidden in (
            ("/api/v1/documents/{}", document),
            ("/api/v1/documents/{}/document.pdf", document),
            ("/api/v1/documents/{}/attachments/1", document),
            ("/api/v1/documents/{}/attachments/1/preview", document),
            ("/api/v1/documents/{}/attachments.zip", document),
            ("/api/v1/tasks/{}", task),
            ("/api/v1/cases/{}", case),
            ("/api/v1/cases/{}/history", case),
            ("/api/v1/cases/{}/diagram", case),
        ):
            found, absent = caller.get(path.format(hidden)), caller.get(path.format(999_999))
            ensure_problem(found, 404, "not_found")
            assert found.json == absent.json
        for path, body in WRITES:
            hidden = case if "cases" in path else task
            found = caller.post(path.format(hidden), body)
            ensure_problem(found, 404, "not_found")
            assert found.json == caller.post(path.format(999_999), body).json
    assert all(login in entry and '"hidden"' in entry for entry in watched.entries)


def cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps({"after": value}).encode()).decode()


CURSORS = (
    *("", "x", "%%%", "e30=", "é", "\x00", "[" * 150, base64.b64encode(b"\xff").decode()),
    *(cursor(each) for each in ("1", None, [], {}, 1.5, 10**30, -(10**30), float("nan"))),
)


@pytest.mark.parametrize("box", ["todo", "read", "done", "mine"])
def test_boxes_are_asked_for_in_wrong_ways(office: Office, box: str) -> None:
    caller = office.call("drafter")
    with unchanged(office.app):
        for text in CURSORS:
            answer = caller.get("/api/v1/tasks", query_string={"box": box, "cursor": text})
            assert answer.status_code in (200, 422), (text, answer.status_code)
            ensure_no_trace(answer)
        for wrong in (
            {"box": "x"},
            {"box": box, "limit": "0"},
            {"box": box, "limit": "9" * 30},
            {"box": box, "limit": "x"},
            {"box": box, "lamp": "blue"},
            {"box": box, "q": "长" * 101},
            {"box": box, "q": "\x00"},
            {"box": box, "cursor": "x" * 201},
        ):
            ensure_problem(caller.get("/api/v1/tasks", query_string=wrong), 422)
        for words in ("%", "_", "'; DROP TABLE task; --", "\\", "\ud7ff"):
            found = caller.get("/api/v1/tasks", query_string={"box": box, "q": words})
            assert found.status_code == 200, words
            assert found.json["items"] == []


def test_methods_and_addresses_that_do_not_exist(office: Office) -> None:
    caller = office.call("drafter")
    headers = {"Authorization": f"Bearer {caller.token}"}
    with unchanged(office.app):
        for method, path in (
            *(("DELETE", "/api/v1/documents/1"), ("PUT", "/api/v1/tasks/1"), ("GET", "/api/v2/me")),
            *(("POST", "/api/v1/me"), ("GET", "/api/v1/../../etc/passwd"), ("GET", "/api/v1/%00")),
        ):
            answer = caller.client.open(path, method=method, headers=headers)
            assert answer.status_code in (404, 405), (method, path)
            ensure_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer " + "x" * 7000, "Bearer é"],
)
def test_without_a_good_token_nobody_is_signed_in(office: Office, header: str) -> None:
    client = office.app.test_client()
    with unchanged(office.app):
        for path in READS:
            answer = client.get(path.format(1), headers={"Authorization": header})
            ensure_problem(answer, 401, "not_signed_in")
        for path, body in WRITES:
            answer = client.post(path.format(1), json=body, headers={"Authorization": header})
            # without any bearer it is a browser's request, and that lacks its form token
            assert answer.status_code in (400, 401), path
            ensure_problem(answer, answer.status_code)


PAGES = ("/documents/{}/edit", "/read/{}", "/tasks/{}", "/cases/{}", "/tasks/{}/limit")


def test_pages_of_what_cannot_be_are_not_there(office: Office) -> None:
    browser = office.browser("drafter")
    with unchanged(office.app):
        for path in PAGES:
            for wrong in ("0", "999999", str(2**63), "9" * 400):
                answer = browser.get(path.format(wrong))
                assert answer.status_code == 404, (path, wrong, answer.status_code)
                assert "没有" in answer.text
                ensure_no_trace(answer)


@pytest.mark.parametrize("path", ["/", "/done", "/mine", "/drafts", "/read"])
def test_lists_take_any_address(office: Office, path: str) -> None:
    browser = office.browser("drafter")
    with unchanged(office.app):
        for name in ("q", "flow", "lamp", "urgent", "returned", "sort", "page"):
            for value in ("\x00", "²", "9" * 300, "-1", "<script>alert(1)</script>", "长" * 3000):
                answer = browser.get(path, query_string={name: value})
                assert answer.status_code == 200, (name, value[:20])
                assert "<script>alert" not in answer.text
