"""A: texts that are empty, hostile or rare; dates that are none; content that is classified."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_problem, unchanged
from tests.web.conftest import Caller
from tests.world import NOTICE, RECEIVED

Call = Callable[[str], Caller]
BLANK = ("", " ", "\u3000", "\u200b\u200d", "\ufeff", "\u3164", "\n\n", "\u2800")
RARE = "𠮷林、𡃁、𰻞面、é̂、龘、👩‍👩‍👧"


def fields_of(answer: Any) -> list[str]:
    return [each["field"] for each in answer.json["errors"]]


@pytest.mark.parametrize("title", BLANK)
def test_a1_a_title_needs_something_to_see(office: Office, title: str) -> None:
    with unchanged(office.app):
        answer = office.call("drafter").post("/api/v1/documents", {**NOTICE, "title": title})
        ensure_problem(answer, 422)
        assert fields_of(answer) == ["title"]
        answer = office.call("secretary").post("/api/v1/incoming", {**RECEIVED, "title": title})
        ensure_problem(answer, 422)
        change = {"version": 1, "title": title}
        path = f"/api/v1/documents/{office.documents['draft']}"
        ensure_problem(office.call("drafter").patch(path, change), 422)


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "'; DROP TABLE document; --",
    "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a2_texts_are_kept_and_shown_as_text(office_of_one: Office, text: str) -> None:
    """Kept as typed in the API; escaped on each page that shows them."""
    drafter = office_of_one.call("drafter")
    title = f"江洲县水务局关于{text}的通知"
    sent = {**NOTICE, "title": title, "body": text, "main_recipients": [text[:99]]}
    made = drafter.post("/api/v1/documents", sent)
    assert made.status_code == 201, made.json
    document = made.json
    assert (document["title"], document["body"]) == (sent["title"], sent["body"])
    task = drafter.get("/api/v1/tasks").json["items"][0]
    browser = office_of_one.browser("drafter")
    case = document["case_id"]
    for path in ("/", "/drafts", "/mine", f"/documents/{document['id']}/edit",
                 f"/tasks/{task['id']}", f"/cases/{case}"):  # fmt: skip
        page = browser.get(path)
        assert page.status_code == 200, path
        for marked in ("<script>alert", "<img src=x"):
            assert marked not in page.text, path
        assert "关于49的通知" not in page.text
    found = drafter.get(f"/api/v1/documents/{document['id']}/preflight").json["findings"]
    reasons = {each["rule"]: text for each in found if each["stops"]}
    body = {"outcome": "submit", "opinion": text, "revision": task["revision"]}
    opinion = drafter.post(
        f"/api/v1/tasks/{task['id']}/complete", {**body, "explanations": reasons}
    )
    assert opinion.status_code == 200, opinion.json
    lines = drafter.get(f"/api/v1/cases/{case}/history").json["items"]
    assert text in [each["opinion"] for each in lines]
    page = office_of_one.browser("dept.head").get("/")
    assert "<script>alert" not in page.text


def test_a3_rare_characters_come_back_as_they_were(office_of_one: Office) -> None:
    drafter = office_of_one.call("drafter")
    sent = {**NOTICE, "title": f"关于{RARE}的通知", "body": RARE}
    made = drafter.post("/api/v1/documents", sent)
    assert made.status_code == 201, made.json
    found = drafter.get(f"/api/v1/documents/{made.json['id']}").json
    assert (found["title"].encode(), found["body"]) == (sent["title"].encode(), RARE)
    page = office_of_one.browser("drafter").get(f"/documents/{made.json['id']}/edit")
    assert RARE in page.text


NO_TIME = ("2026-02-30T08:00:00+08:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59+08:00",
           "1900-01-01T00:00:00Z", "明天", "", "1", "2026-11-23T25:00:00",
           "2026-11-23T08:40:00+99:00", "9" * 400)  # fmt: skip


@pytest.mark.parametrize("at", NO_TIME)
def test_a4_a_time_that_is_none(office: Office, at: str) -> None:
    with unchanged(office.app):
        sent = {**RECEIVED, "received_at": at}
        answer = office.call("secretary").post("/api/v1/incoming", sent)
        ensure_problem(answer, 422)
        assert fields_of(answer) == ["received_at"]


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "9999-01-01", "2026-11-24", "x"])
def test_a4_a_document_written_after_it_came(office: Office, day: str) -> None:
    with unchanged(office.app):
        sent = {**RECEIVED, "document_date": day}
        answer = office.call("secretary").post("/api/v1/incoming", sent)
        ensure_problem(answer, 422)
        assert fields_of(answer) == ["document_date"]


CLASSIFIED = (
    {"classification": "secret"},
    {"classification": "秘密"},
    {"classification": None},
    {"classification": ["none"]},
    {"title": "机密★一年 关于某事的通知"},
    {"title": "绝 密 ★ 关于某事的通知"},
    {"body": "秘密★\n一、某事。"},
    {"main_recipients": ["机密★某单位"]},
    {"note": "秘密★"},
)


@pytest.mark.parametrize("change", CLASSIFIED, ids=str)
def test_a5_what_is_classified_is_refused_and_recorded(office: Office, change: Any) -> None:
    with unchanged(office.app, recorded=1) as watched:
        answer = office.call("drafter").post("/api/v1/documents", {**NOTICE, **change})
        ensure_problem(answer, 422, "classified_refused")
    assert "某" not in watched.entries[0]
    with unchanged(office.app, recorded=1 if "classification" not in change else None):
        path = f"/api/v1/documents/{office.documents['draft']}"
        ensure_problem(office.call("drafter").patch(path, {"version": 1, **change}), 422)


REACHING = (
    '<link rel="attachment" href="file:///etc/passwd">',
    '<img src="http://192.0.2.1/x.png">',
    "<style>@import url(http://192.0.2.1/x.css);</style>",
    "<![CDATA[x]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
)


def test_a7_a_body_that_would_fetch_is_text(office_of_one: Office) -> None:
    """Kept and shown as text; the paper sets it as text, see the tests of the layout."""
    drafter = office_of_one.call("drafter")
    made = drafter.post("/api/v1/documents", {**NOTICE, "body": "\n".join(REACHING)})
    assert made.status_code == 201
    page = office_of_one.browser("drafter").get(f"/documents/{made.json['id']}/edit")
    assert '<link rel="attachment' not in page.text
    assert '<img src="http' not in page.text


@pytest.fixture
def office_of_one(app: Flask) -> Office:
    """An office in which things may succeed."""
    return Office(app)
