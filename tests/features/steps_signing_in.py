"""Signing in on the page, as anybody at a browser does."""

import re
from typing import Any

import sqlalchemy as sa
from pytest_bdd import parsers, step, then
from werkzeug.test import TestResponse

from app import organization
from app.audit.models import AuditEntry
from tests.features.story import Story


@step(parsers.parse('"{who}"的登录名配上不对的口令登录'), target_fixture="signing_in")
def try_to_sign_in(story: Story, who: str) -> TestResponse:
    browser: Any = story.app.test_client()
    page = browser.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    form = {"csrf_token": found[1], "login": who, "password": "不是这个口令 12345"}
    answer: TestResponse = browser.post("/sign-in", data=form)
    assert "Set-Cookie" not in answer.headers or "session=" not in answer.headers["Set-Cookie"]
    return answer


@then(parsers.parse('登录被拒绝，写着"{words}"'))
def not_let_in(signing_in: TestResponse, words: str) -> None:
    assert signing_in.status_code != 303
    assert words in signing_in.get_data(as_text=True)


@then(parsers.parse('"{who}"的登录失败已记录在案'))
def failure_recorded(story: Story, who: str) -> None:
    with story.session() as session:
        person = organization.person_by_login(session, who)
        query = sa.select(AuditEntry.body).where(AuditEntry.action == "sign-in.refused")
        bodies = list(session.scalars(query))
    assert any(f'["person",{person.id}]' in body for body in bodies), bodies
