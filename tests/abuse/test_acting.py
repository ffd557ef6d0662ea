"""D: stays that are somebody else's, gone, stale or sent twice; rights; steps to come."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.database import db
from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_problem, standing, unchanged
from tests.web.conftest import Caller
from tests.world import NOTICE, RECEIVED, World

Call = Callable[[str], Caller]
AGREED = {"outcome": "approve", "opinion": "同意。"}
BACK = {"to": "draft", "opinion": "请修改。"}


def completing(office: Office, place: str, login: str, **changes: object) -> TestResponse:
    task_id, revision = office.tasks[place]
    body = {**AGREED, "revision": revision, **changes}
    return office.call(login).post(f"/api/v1/tasks/{task_id}/complete", body)


def test_d3_anothers_stay_is_refused_and_recorded(office: Office) -> None:
    """D3: visible, but not his: 403 that names whom to ask, and one entry in the record."""
    task_id, revision = office.tasks["review"]
    for login in ("drafter", "secretary", "office.head"):
        for verb, body in (("complete", AGREED), ("return", BACK)):
            with unchanged(office.app, recorded=1) as watched:
                path = f"/api/v1/tasks/{task_id}/{verb}"
                answer = office.call(login).post(path, {**body, "revision": revision})
                ensure_problem(answer, 403, "not_your_task")
            assert "请联系" in answer.json["detail"]
            assert login in watched.entries[0]
            assert "同意。" not in watched.entries[0]


def test_d3_only_the_drafter_cancels(office: Office) -> None:
    with unchanged(office.app, recorded=1):
        path = f"/api/v1/cases/{office.cases['review']}/cancel"
        ensure_problem(office.call("dept.head").post(path, {"reason": "不发"}), 403, "not_allowed")


def test_s12_only_process_administrators_manage_cases(office: Office) -> None:
    """What anybody else may see he may not manage; and no administrator confirms himself."""
    body = {"kind": "suspend", "reason": "有误", "clause": "领导批示"}
    case = office.cases["review"]
    for login in ("drafter", "office.head"):
        caller = office.call(login)
        with unchanged(office.app, recorded=3):
            ensure_problem(caller.post(f"/api/v1/cases/{case}/interventions", body), 403)
            for listing in ("cases", "interventions"):
                ensure_problem(caller.get(f"/api/v1/{listing}"), 403, "not_allowed")
    for wrong in (
        {"kind": "delete"},
        {"reason": "机密★一年"},
        {"clause": "\x00"},
        {"task_id": "x"},
    ):
        with unchanged(office.app, recorded=None):
            path = f"/api/v1/cases/{case}/interventions"
            ensure_problem(office.call("process.admin").post(path, {**body, **wrong}), 422)
    for wrong_id in ("fault-1", "stay-999999", "due-999999", "x", "-", "fault-" + "9" * 30):
        with unchanged(office.app):
            path = f"/api/v1/incidents/{wrong_id}/retry"
            answer = office.call("process.admin").post(path, {"reason": "已修复"})
            ensure_problem(answer, 404, "not_found")


def test_people_without_the_post_neither_draft_nor_register(office: Office) -> None:
    with unchanged(office.app, recorded=1):
        ensure_problem(office.call("printing").post("/api/v1/documents", NOTICE), 403)
    with unchanged(office.app, recorded=1):
        ensure_problem(office.call("drafter").post("/api/v1/incoming", RECEIVED), 403)
    with unchanged(office.app, recorded=1):
        ensure_problem(office.call("drafter").get("/api/v1/audit/verification"), 403)


@pytest.mark.parametrize("revision", [0, 2, -1, 10**30])
def test_d6_a_form_from_an_old_state_is_refused(office: Office, revision: int) -> None:
    with unchanged(office.app):
        answer = completing(office, "review", "dept.head", revision=revision)
        ensure_problem(answer, 409, "stale_revision")


def test_d4_a_stay_that_is_over_takes_nothing(office: Office) -> None:
    """The stay of somebody who has long sent it on, in a case that has ended."""
    with unchanged(office.app):
        answer = completing(office, "done", "drafter", outcome="submit")
        ensure_problem(answer, 409, "already_done")
        assert "办理" in answer.json["detail"]
        path = f"/api/v1/tasks/{office.tasks['done'][0]}/return"
        again = office.call("drafter").post(path, {**BACK, "revision": 1})
        ensure_problem(again, 409, "already_done")


def test_d4_a_later_step_cannot_be_reached(office: Office) -> None:
    with unchanged(office.app):
        for outcome in ("dispatch", "seal", "submit", "return", "-return", "__class__", ""):
            answer = completing(office, "review", "dept.head", outcome=outcome)
            ensure_problem(answer, 422)
        task_id = office.tasks["review"][0]
        for step in ("review", "seal", "dispatched", "dept_review", "../draft", "outgoing_begin"):
            path = f"/api/v1/tasks/{task_id}/return"
            body = {**BACK, "to": step, "revision": 1}
            ensure_problem(office.call("dept.head").post(path, body), 422)


def test_s4_variables_of_the_route_cannot_be_set(office: Office) -> None:
    """Only fields that the form of the step has; the route's own variables are none of them."""
    for name in ("direction", "drafter", "needs_countersign", "countersigners", "outcome", "x"):
        with unchanged(office.app):
            answer = completing(office, "review", "dept.head", fields={name: "upward"})
            ensure_problem(answer, 422)
    deep: object = "x"
    for _ in range(900):
        deep = [deep]
    with unchanged(office.app):
        answer = completing(office, "review", "dept.head", fields={"a": deep})
        ensure_problem(answer, 422)


@pytest.mark.parametrize(
    "names", [["nobody"], ["east.drafter"], ["drafter"], ["leader"], ["office.head", "leader"]]
)
def test_next_people_are_checked_against_the_step(office: Office, names: list[str]) -> None:
    task_id, revision = office.tasks["draft"]
    body = {"outcome": "submit", "revision": revision, "next": names}
    with unchanged(office.app):
        answer = office.call("drafter").post(f"/api/v1/tasks/{task_id}/complete", body)
        ensure_problem(answer, 422)


def test_opinions_are_required_where_the_route_says_so(office: Office) -> None:
    with unchanged(office.app):
        for blank in ("", " ", "\u3000", "\u200b\u200b", "\n\t"):
            answer = completing(office, "review", "dept.head", opinion=blank)
            ensure_problem(answer, 422, "opinion_missing")


def test_a5_opinions_and_reasons_bear_no_mark_of_secrecy(office: Office) -> None:
    """Recorded once each, without what was written."""
    marked = "机密★一年，同意。"
    with unchanged(office.app, recorded=1) as watched:
        answer = completing(office, "review", "dept.head", opinion=marked)
        ensure_problem(answer, 422, "classified_refused")
    assert "一年" not in watched.entries[0]
    with unchanged(office.app, recorded=1):
        path = f"/api/v1/cases/{office.cases['draft']}/cancel"
        ensure_problem(office.call("drafter").post(path, {"reason": marked}), 422)


def test_withdrawing_what_others_sent_or_nobody_sent(office: Office) -> None:
    with unchanged(office.app, recorded=1):
        path = f"/api/v1/tasks/{office.tasks['review'][0]}/withdraw"
        ensure_problem(office.call("dept.head").post(path), 403)
    with unchanged(office.app, recorded=1):
        path = f"/api/v1/tasks/{office.tasks['draft'][0]}/withdraw"
        ensure_problem(office.call("drafter").post(path), 403)
    with unchanged(office.app):
        path = f"/api/v1/tasks/{office.tasks['done'][0]}/withdraw"
        ensure_problem(office.call("drafter").post(path), 409, "case_not_running")


def test_a_signed_document_is_not_cancelled(office: Office) -> None:
    with unchanged(office.app):
        path = f"/api/v1/cases/{office.cases['signed']}/cancel"
        answer = office.call("drafter").post(path, {"reason": "不发"})
        ensure_problem(answer, 409, "already_signed")


def test_revising_out_of_turn_is_refused(office: Office) -> None:
    change = {"version": 1, "title": "改过的标题"}
    with unchanged(office.app, recorded=1):
        path = f"/api/v1/documents/{office.documents['review']}"
        ensure_problem(office.call("drafter").patch(path, change), 403, "not_allowed")
    with unchanged(office.app, recorded=1):
        path = f"/api/v1/documents/{office.documents['signed']}"
        ensure_problem(office.call("printing").patch(path, change), 403)
    with unchanged(office.app):
        path = f"/api/v1/documents/{office.documents['draft']}"
        stale = {**change, "version": 7}
        ensure_problem(office.call("drafter").patch(path, stale), 409, "stale_version")


# --- what succeeds once must not succeed twice: an office of one's own each


@pytest.fixture
def drafted(app: Flask, world: World) -> tuple[int, int]:
    task = world.draft().opened[0]
    found = task.id, task.revision
    db.session.remove()
    return found


def submit(caller: Caller, task: tuple[int, int], key: str | None = None) -> TestResponse:
    body = {"outcome": "submit", "revision": task[1]}
    return caller.post(f"/api/v1/tasks/{task[0]}/complete", body, key=key)


def test_d2_sending_again_is_once(app: Flask, call: Call, drafted: tuple[int, int]) -> None:
    """D2: with its key the first answer again; without one a 409 that says who and when."""
    drafter = call("drafter")
    first = submit(drafter, drafted, "key-1")
    assert first.status_code == 200
    with unchanged(app):
        again = submit(drafter, drafted, "key-1")
        assert (again.status_code, again.data) == (200, first.data)
        ensure_problem(submit(drafter, drafted), 409, "already_done")
        other = drafter.post(f"/api/v1/tasks/{drafted[0]}/withdraw", {}, key="key-1")
        ensure_problem(other, 422, "idempotency_key")


def test_a_refused_request_leaves_its_key_free(app: Flask, call: Call) -> None:
    drafter = call("drafter")
    refused = drafter.post("/api/v1/documents", {**NOTICE, "title": ""}, key="key-2")
    assert refused.status_code == 422
    assert drafter.post("/api/v1/documents", NOTICE, key="key-2").status_code == 201


def test_keys_are_ones_own(app: Flask, call: Call) -> None:
    """Another person's key is nothing to me: neither taken nor shown."""
    first = call("drafter").post("/api/v1/documents", NOTICE, key="same")
    second = call("sole.head").post("/api/v1/documents", NOTICE, key="same")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] != second.json["id"]
    assert standing(app)["document"] is not None
