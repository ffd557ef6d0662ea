"""G: signing in, sessions, form tokens, other sites, settings."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock, create_app, organization
from app.config import Config, UnsafeSettings
from app.database import db
from app.organization import accounts, operations
from app.organization.errors import SeparationOfDuties
from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_no_trace, ensure_problem, page_token, refusals, unchanged
from tests.conftest import settings
from tests.web.conftest import Caller
from tests.world import NOTICE

Call = Callable[[str], Caller]
SAME = "登录名或密码不正确"


def sign_in(client: FlaskClient, login: str, password: str, **more: str) -> TestResponse:
    token = page_token(client, "/sign-in")
    form = {"login": login, "password": password, "csrf_token": token, **more}
    return client.post("/sign-in", data=form)


def test_g1_five_wrong_passwords_lock_and_are_recorded(app: Flask, password: str) -> None:
    client = app.test_client()
    for _ in range(5):
        answer = sign_in(client, "drafter", "wrong-Password-1")
        assert (answer.status_code, SAME in answer.text) == (403, True)
    locked = sign_in(app.test_client(), "drafter", password)
    assert (locked.status_code, SAME in locked.text) == (403, True)
    entries = refusals(app)
    assert len(entries) == 6
    assert all('"subject":["person",' in entry for entry in entries)
    assert not any("wrong-Password-1" in entry or password in entry for entry in entries)


STRANGE = (
    "nobody",
    "",
    "\x00",
    "drafter\x00",
    "x" * 100_000,
    "' OR 1=1 --",
    "\N{KELVIN SIGN}",
    "张三",
)


@pytest.mark.parametrize("login", STRANGE, ids=lambda each: repr(each[:12]))
def test_g2_a_login_that_is_none_gets_the_words_of_a_wrong_password(
    office: Office, login: str
) -> None:
    client = office.app.test_client()
    with unchanged(office.app, recorded=None):
        answer = sign_in(client, login, "x")
    assert (answer.status_code, SAME in answer.text) == (403, True)
    ensure_no_trace(answer)


def test_g2_a_password_that_nobody_can_have(office: Office) -> None:
    with unchanged(office.app, recorded=None):
        for password in ("\x00", "长" * 100_000):
            answer = sign_in(office.app.test_client(), "unit.head", password)
            assert (answer.status_code, SAME in answer.text) == (403, True)


def test_g3_with_an_initial_password_only_the_change_is_open(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        person = organization.person_by_login(session, "drafter")
        at = clock.now(session)
        initial = accounts.set_initial_password(session, person, at)
        token = accounts.new_token(session, person.id, "测试", at)
        session.commit()
        db.session.remove()
    client = app.test_client()
    assert sign_in(client, "drafter", initial).status_code == 303
    with unchanged(app):
        for path in ("/", "/documents/new", "/mine"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/password")
        program = Caller(app.test_client(), token)
        for path in ("/api/v1/me", "/api/v1/tasks"):
            ensure_problem(program.get(path), 401, "not_signed_in")
        page = page_token(client, "/password")
        for weak in (initial, "short", "password123456", "drafter-Drafter-1", "x" * 200):
            form = {"old": initial, "new": weak, "again": weak, "csrf_token": page}
            assert client.post("/password", data=form).status_code == 422, weak


FORMS = ("/documents/new", "/incoming/new", "/sign-in", "/sign-out", "/password", "/text-size",
         "/documents/1/edit", "/tasks/1/complete", "/tasks/1/draft", "/tasks/1/withdraw",
         "/tasks/1/assign", "/tasks/1/look", "/api/v1/documents",
         "/api/v1/tasks/1/complete")  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_g4_without_its_token_a_form_does_nothing(office: Office, path: str) -> None:
    """None at all, one of another session, one that was made up; as form and as JSON."""
    browser, other = office.browser("drafter"), office.browser("drafter")
    foreign = page_token(other, "/documents/new")
    with unchanged(office.app):
        for token in (None, "", "x", foreign):
            form = {} if token is None else {"csrf_token": token}
            answer = browser.post(path, data={"title": "x", **form})
            assert answer.status_code == 400, token
            ensure_no_trace(answer)
        answer = browser.post(path, json={}, headers={"X-CSRFToken": foreign})
        assert answer.status_code == 400
        sent = {"Origin": "https://other.example", "Referer": "https://other.example/"}
        assert browser.post(path, data={}, headers=sent).status_code == 400


def test_g5_a_closed_account_is_out_at_once(app: Flask, call: Call) -> None:
    office = Office(app)
    browser, program = office.browser("drafter"), call("drafter")
    assert browser.get("/").status_code == 200
    with app.app_context():
        session = db.session()
        by = organization.actor(session, organization.person_by_login(session, "system.admin").id)
        person = organization.person_by_login(session, "drafter")
        operations.deactivate(session, by, clock.now(session), person=person)
        session.commit()
        db.session.remove()
    assert browser.get("/").status_code == 303
    assert "/sign-in" in browser.get("/").headers["Location"]
    ensure_problem(program.get("/api/v1/me"), 401, "not_signed_in")


ELSEWHERE = ("//other.example", "https://other.example", "/\\other.example", "/\t/other.example",
             "javascript:alert(1)", "\\\\other.example", "other.example", "///other.example",
             "/%0d%0aSet-Cookie:x=1")  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_g6_signing_in_stays_here(app: Flask, password: str, target: str) -> None:
    answer = sign_in(app.test_client(), "drafter", password, next=target)
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "Set-Cookie:x" not in answer.headers.get("Set-Cookie", "")


def test_g7_two_administrators_in_one_hand(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        at = clock.now(session)

        def actor(login: str) -> organization.Actor:
            return organization.actor(session, organization.person_by_login(session, login).id)

        security = actor("security.admin")
        for login, role in (
            ("system.admin", "auditor"),
            ("auditor", "system-admin"),
            ("drafter", "security-admin"),
            ("system.admin", "drafter"),
            ("security.admin", "unit-head"),
        ):
            person = organization.person_by_login(session, login)
            with pytest.raises(SeparationOfDuties):
                operations.appoint(session, security, at, person=person, role=role)
        session.rollback()
        db.session.remove()


SAFE = {"secret_key": "k" * 64, "demo": False}


@pytest.mark.parametrize(
    ("host", "status"), [("localhost", 200), ("127.0.0.1", 200), ("other.example", 400)]
)
def test_g6_a_forged_host_is_refused(app: Flask, host: str, status: int) -> None:
    answer = app.test_client().get("/sign-in", headers={"Host": host})
    assert answer.status_code == status


def test_g6_an_office_names_its_hosts(tmp_path: Path) -> None:
    own = replace(settings(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite3'}"), hosts=("oa.example",))
    client = create_app(own).test_client()
    assert client.get("/sign-in", headers={"Host": "oa.example"}).status_code != 400
    assert client.get("/sign-in", headers={"Host": "localhost"}).status_code == 400


@pytest.mark.parametrize(
    ("change", "setting"),
    [({"secret_key": "short"}, "SECRET_KEY"), ({"host": "0.0.0.0"}, "DATABASE_URL")],  # noqa: S104
)
def test_g8_unsafe_settings_stop_the_start(
    tmp_path: Path, change: dict[str, str], setting: str
) -> None:
    safe = replace(settings(tmp_path, f"sqlite:///{tmp_path / 'x.sqlite3'}"), **SAFE)
    with pytest.raises(UnsafeSettings, match=setting):
        create_app(replace(safe, **change))
    assert Config.check(safe) is None


@pytest.mark.postgres
def test_signs_that_postgresql_cannot_keep(postgres_app: Flask) -> None:
    """NUL and half surrogates reach no statement: the same refusals as on SQLite."""
    office = Office(postgres_app)
    client = postgres_app.test_client()
    for login in ("\x00", "drafter\x00", "x" * 10_000):
        assert sign_in(client, login, "x\x00").status_code == 403
    drafter, browser = office.call("drafter"), office.browser("drafter")
    made = drafter.post("/api/v1/documents", NOTICE).json
    task = drafter.get("/api/v1/tasks").json["items"][0]
    for name in ("outcome", "opinion"):
        body = {"outcome": "submit", "revision": 1, name: "甲\x00乙"}
        ensure_problem(drafter.post(f"/api/v1/tasks/{task['id']}/complete", body), 422)
    for names in (["\x00"], ["drafter\x00"], ["x" * 10_000]):
        body = {"outcome": "submit", "revision": 1, "next": names}
        ensure_problem(drafter.post(f"/api/v1/tasks/{task['id']}/complete", body), 422)
    ensure_problem(drafter.get("/api/v1/documents/9223372036854775808"), 404)
    assert browser.get("/tasks/9223372036854775808").status_code == 404
    assert browser.get("/read/9223372036854775808").status_code == 404
    for path in ("/", "/done", "/mine", "/drafts", "/read"):
        assert browser.get(path, query_string={"q": "\x00\ud7ff%_\\"}).status_code == 200
    token = page_token(browser, f"/documents/{made['id']}/edit")
    form = {"csrf_token": token, "once": "\x00", "title": "甲\x00", "version": "1", "do": "save"}
    answer = browser.post(f"/documents/{made['id']}/edit", data=form)
    assert answer.status_code == 422, answer.status_code
