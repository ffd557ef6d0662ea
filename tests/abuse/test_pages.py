"""The forms of pages with what no browser would send."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_no_trace, is_chinese, page_token, unchanged
from tests.documents.files import pdf

DRAFT = {
    "direction": "downward", "kind": "通知", "title": "关于巡查的通知", "body": "正文。",
    "main_recipients": "各乡镇水务站", "urgency": "none",
}  # fmt: skip
RECEIVED = {
    "from_unit": "江洲市水务局", "title": "关于清障的通知", "received_at": "2026-11-23T08:40",
    "document_date": "2026-11-20", "urgency": "none",
}  # fmt: skip
BAD_TEXTS = ("", "\u3000", "甲\x00乙", "甲\x1b乙", "长" * 1001, "机密★")


def send(browser: FlaskClient, page: str, form: dict[str, Any], to: str = "") -> TestResponse:
    return browser.post(to or page, data={"csrf_token": page_token(browser, page), **form})


def ensure_page(answer: TestResponse, *statuses: int) -> None:
    assert answer.status_code in statuses, (answer.status_code, answer.text[:200])
    assert answer.mimetype == "text/html"
    assert is_chinese(answer.text)
    ensure_no_trace(answer)


def variants(good: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        *((f"{name}={text[:5]!r}", {**good, name: text}) for name in good for text in BAD_TEXTS),
        *((f"no {name}", {k: v for k, v in good.items() if k != name}) for name in good),
    ]


@pytest.mark.parametrize(
    ("login", "page", "good", "may_be_blank"),
    [
        ("drafter", "/documents/new", DRAFT, {"body", "main_recipients", "urgency"}),
        ("secretary", "/incoming/new", RECEIVED, {"urgency"}),
    ],
)
def test_bad_forms_come_back_as_they_were(
    office: Office, login: str, page: str, good: dict[str, Any], may_be_blank: set[str]
) -> None:
    browser = office.browser(login)
    with unchanged(office.app, recorded=None):
        for what, form in variants(good):
            name = what.removeprefix("no ").split("=")[0]
            fine = {"''", "'\\u3000'"} if name in may_be_blank else set()
            if (what.startswith("no ") and name in may_be_blank) or what.split("=")[-1] in fine:
                continue  # a draft may still lack these
            if name == "body" and "长" in what:
                continue
            answer = send(browser, page, form)
            ensure_page(answer, 422)
            if name != "title" and what.startswith("no "):
                assert form["title"] in answer.text, "what was typed is kept"


@pytest.mark.parametrize(
    "do",
    ["replace:²", "replace:" + "9" * 5000, "remove:999999", "remove:-1", "remove:", "attach", "x:y",
     "replace:1", "\x00", "save:²"],
)  # fmt: skip
def test_buttons_that_the_page_does_not_have(office: Office, do: str) -> None:
    browser = office.browser("drafter")
    page = f"/documents/{office.documents['draft']}/edit"
    files = {"file": (io.BytesIO(pdf()), "x.pdf")} if do.startswith("replace") else {}
    with unchanged(office.app, recorded=None, orphans=True):
        shown = browser.get(page)
        assert shown.status_code == 200
        answer = send(browser, page, {"do": do, "title": "", **files})
        assert answer.status_code in (404, 409, 422), answer.status_code
        ensure_no_trace(answer)


@pytest.mark.parametrize("version", ["0", "99", "-1", "x", "", "9" * 400, "²"])
def test_d6_editing_from_an_old_page(office: Office, version: str) -> None:
    browser = office.browser("drafter")
    page = f"/documents/{office.documents['draft']}/edit"
    with unchanged(office.app):
        answer = send(browser, page, {**DRAFT, "title": "改过的标题", "version": version})
        assert answer.status_code == 409
        assert "改过的标题" in answer.text
        ensure_no_trace(answer)


def test_d3_editing_what_others_have_in_hand(office: Office) -> None:
    browser = office.browser("drafter")
    for place, status in (("review", 403), ("done", 403), ("east", 404)):
        path = f"/documents/{office.documents[place]}/edit"
        with unchanged(office.app, recorded=1):
            answer = send(browser, "/documents/new", {**DRAFT, "version": "1"}, to=path)
            ensure_page(answer, status)


def test_people_without_the_post_get_no_form(office: Office) -> None:
    browser = office.browser("printing")
    for path in ("/documents/new", "/incoming/new"):
        with unchanged(office.app, recorded=1):
            ensure_page(browser.get(path), 403)


@pytest.mark.parametrize("where", ["new", "edit"])
def test_b_hostile_files_of_a_form_leave_nothing(office: Office, where: str) -> None:
    browser = office.browser("drafter")
    document = office.documents["draft"]
    page = "/documents/new" if where == "new" else f"/documents/{document}/edit"
    for name, content, status in (
        ("x.pdf", b"MZ" * 99, 415),
        ("x.exe", b"MZ", 415),
        ("x.pdf", b"", 422),
        ("x.pdf", pdf()[:200], 422),
    ):
        with unchanged(office.app, recorded=1 if status == 415 else 0):
            form = {**DRAFT, "version": "1", "do": "save", "file": (io.BytesIO(content), name)}
            ensure_page(send(browser, page, form), status)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(None, 422), ("seal", 422), ("-return", 422), ("__class__", 422), ("\x00", 422)],
)
def test_d_the_decision_column_is_checked(office: Office, outcome: str | None, status: int) -> None:
    task_id, revision = office.tasks["review"]
    browser = office.browser("dept.head")
    form = {"opinion": "同意。", "revision": str(revision)}
    if outcome is not None:
        form["outcome"] = outcome
    with unchanged(office.app):
        page = "/documents/new"  # its token is of the same session; the page itself notes opening
        ensure_page(send(browser, page, form, to=f"/tasks/{task_id}/complete"), status)


@pytest.mark.parametrize("revision", ["0", "7", "x", "", "9" * 400, "²", "-1"])
def test_d6_an_old_page_keeps_what_was_typed(office: Office, revision: str) -> None:
    task_id, _ = office.tasks["review"]
    browser = office.browser("dept.head")
    form = {"outcome": "approve", "opinion": "我的意见保留。", "revision": revision}
    with unchanged(office.app):
        answer = send(browser, "/documents/new", form, to=f"/tasks/{task_id}/complete")
        ensure_page(answer, 409)
        assert "我的意见保留。" in answer.text


def test_d3_another_persons_decision(office: Office) -> None:
    task_id, revision = office.tasks["review"]
    browser = office.browser("drafter")
    form = {"outcome": "approve", "opinion": "同意。", "revision": str(revision)}
    form |= {"to": "leader", "reason": "代办"}
    for act in ("complete", "draft", "assign", "withdraw"):
        with unchanged(office.app, recorded=None):
            answer = send(browser, "/documents/new", form, to=f"/tasks/{task_id}/{act}")
            assert answer.status_code in (403, 409), act
            ensure_no_trace(answer)
    elsewhere = office.browser("east.drafter")
    for act in ("complete", "draft", "assign", "withdraw", "look"):
        with unchanged(office.app, recorded=1):
            answer = send(elsewhere, "/documents/new", form, to=f"/tasks/{task_id}/{act}")
            assert answer.status_code == 404, act


@pytest.mark.parametrize("name", ["opinion", "field.x", "next.approve", "lists", "to", "once"])
@pytest.mark.parametrize("text", ["甲\x00", "长" * 5000, "机密★"])
def test_each_field_of_the_decision_column(office: Office, name: str, text: str) -> None:
    task_id, _ = office.tasks["review"]
    browser = office.browser("dept.head")
    form = {"outcome": "approve", "opinion": "同意。", "revision": "7", name: text}
    with unchanged(office.app, recorded=None):
        answer = send(browser, "/documents/new", form, to=f"/tasks/{task_id}/complete")
        ensure_page(answer, 409, 422)


def test_a6_a_form_of_a_hundred_thousand_fields(office: Office) -> None:
    browser = office.browser("drafter")
    token = page_token(browser, "/documents/new")
    body = f"csrf_token={token}" + "".join(f"&f{number}=x" for number in range(100_000))
    kind = "application/x-www-form-urlencoded"
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="f{number}"\r\n\r\nx\r\n'
        for number in range(1_000)
    )
    with unchanged(office.app, recorded=None):
        answer = browser.post("/documents/new", data=body, content_type=kind)
        assert answer.status_code in (413, 422)
        answer = browser.post(
            "/documents/new",
            data=parts + "--b--\r\n",
            content_type="multipart/form-data; boundary=b",
        )
        assert answer.status_code in (400, 413)
        answer = browser.post("/documents/new", data="title=" + "x" * (10 << 20), content_type=kind)
        assert answer.status_code in (400, 413)
        ensure_no_trace(answer)
