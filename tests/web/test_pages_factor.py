"""双因素 on pages: taking it into use, the code at sign-in, recovery, and one's own tokens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, organization
from app.database import db
from app.organization import accounts
from app.organization.factors import policies
from tests.organization.factors.authenticator import Authenticator
from tests.web.desk import AFTERNOON, Desk, Page

FACTOR = "form[action='/account/factor']"
CONFIRM = "form[action='/account/factor/code']"
CODE = "form[action='/sign-in/code']"
RENEW = "form[action='/account/factor/recovery']"
END = "form[action='/account/factor/end']"
TOKEN = "form[action='/account/tokens']"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(app: Flask, password: str) -> Callable[[str], Desk]:
    return lambda login: Desk(app, login, password)


@pytest.fixture
def drafter(desk: Callable[[str], Desk]) -> Desk:
    drafter = desk("drafter")
    drafter.sign_in()
    return drafter


def scanned(page: Page) -> Authenticator:
    """Typed by hand: what the picture says too."""
    return Authenticator(page.text("code.secret").replace(" ", ""))


def enrol(person: Desk) -> tuple[Authenticator, list[str]]:
    """Take it into use, a minute ago: the codes of now are free."""
    person.press("/account/factor", FACTOR, password=person.password)
    phone = scanned(person.get("/account/factor"))
    page = person.press("/account/factor", CONFIRM, code=phone.code(person.at))
    assert page.status == 200
    person.at += 2 * MINUTE
    return phone, page.texts(".recovery code")


def ask_everybody(app: Flask) -> None:
    with app.app_context(), clock.moved_to(AFTERNOON):
        session = db.session()
        security = organization.person_by_login(session, "security.admin")
        by = organization.actor(session, security.id)
        policies.choose(session, by.unit_id, "all", (), "要求", by, AFTERNOON, source="文件")
        session.commit()


def test_enrolment_shows_ten_recovery_codes_once_and_goes_on(drafter: Desk) -> None:
    _, recovery = enrol(drafter)
    assert len(recovery) == 10
    page = drafter.get("/account/factor")
    assert page.status == 200
    assert "还有 10 个恢复码" in page.text("section.card")
    assert not any(each in page.answer.text for each in recovery)


def test_the_secret_needs_the_password(drafter: Desk) -> None:
    page = drafter.press("/account/factor", FACTOR, password="Wrong-2026-pass")
    assert page.status == 403
    assert "密码或验证码不正确" in page.text("[role=alert]")
    assert drafter.get("/account/factor").root.cssselect("svg.qr") == []


def test_a_wrong_first_code_says_so_at_its_field(drafter: Desk) -> None:
    drafter.press("/account/factor", FACTOR, password=drafter.password)
    page = drafter.press("/account/factor", CONFIRM, code="000000")
    assert page.status == 422
    assert "验证码不正确" in page.text("#code-error")
    assert page.root.cssselect("svg.qr path[d]")


def test_after_the_password_the_code_and_then_where_one_wanted_to_go(
    drafter: Desk, desk: Callable[[str], Desk]
) -> None:
    phone, _ = enrol(drafter)
    other = desk("drafter")
    other.at = drafter.at
    page = other.sign_in(next="/done")
    assert page.leads_to == "/sign-in/code?next=/done"
    for path in ("/", "/done", "/password", "/account", "/account/factor"):
        assert other.get(path).leads_to == "/sign-in/code"
    assert other.get("/api/v1/me").answer.json["code"] == "code_due"
    page = other.press("/sign-in/code?next=/done", CODE, code=phone.code(other.at))
    assert page.leads_to == "/done"
    assert other.get("/").status == 200


def test_the_cookie_of_the_half_sign_in_opens_nothing_afterwards(
    drafter: Desk, desk: Callable[[str], Desk]
) -> None:
    phone, _ = enrol(drafter)
    other = desk("drafter")
    other.at = drafter.at
    other.sign_in()
    kept = other.client.get_cookie("gongwen_session")
    assert kept is not None
    other.press("/sign-in/code", CODE, code=phone.code(other.at))
    other.client.set_cookie("gongwen_session", kept.value)
    assert other.get("/").leads_to == "/sign-in?next=/"


def test_five_wrong_codes_end_it(drafter: Desk, desk: Callable[[str], Desk]) -> None:
    phone, _ = enrol(drafter)
    other = desk("drafter")
    other.at = drafter.at
    other.sign_in()
    for _ in range(4):
        page = other.press("/sign-in/code", CODE, code="000000")
        assert page.status == 403
        assert "验证码不正确" in page.text("[role=alert]")
    page = other.press("/sign-in/code", CODE, code="000000")
    assert page.status == 403
    assert page.form("form.card").keys() >= {"login", "password"}
    assert other.sign_in().status == 403
    other.at += 31 * MINUTE
    other.sign_in()
    assert other.press("/sign-in/code", CODE, code=phone.code(other.at)).status == 303


def test_a_recovery_code_opens_and_the_last_ones_are_announced(
    drafter: Desk, desk: Callable[[str], Desk]
) -> None:
    _, recovery = enrol(drafter)
    other = desk("drafter")
    other.at = drafter.at
    for number, each in enumerate(recovery[:7]):
        other.sign_in()
        assert other.press("/sign-in/code", CODE, code=each.upper()).status == 303
        warned = other.get("/").texts(".message.warn")
        assert bool(warned) is (number == 6)
        other.press("/", "form[action='/sign-out']")
    assert "只剩 3 个" in warned[0]


def test_whom_the_unit_asks_enrols_before_anything_else(
    app: Flask, desk: Callable[[str], Desk]
) -> None:
    ask_everybody(app)
    leader = desk("leader")
    assert leader.sign_in().leads_to == "/"
    for path in ("/", "/done", "/account", "/password"):
        assert leader.get(path).leads_to == "/account/factor"
    assert leader.get("/api/v1/me").answer.json["code"] == "factor_due"
    page = leader.get("/account/factor")
    assert "本单位要求" in page.text(".message.warn")
    assert page.texts("nav") == []
    enrol(leader)
    assert leader.get("/").status == 200
    assert leader.get("/account/factor").root.cssselect(END) == []


def test_whoever_was_signed_in_when_the_unit_began_to_ask_enrols_with_the_password(
    app: Flask, drafter: Desk
) -> None:
    ask_everybody(app)
    wanted = {"name": "报表", "days": "30", "password": drafter.password}
    page = drafter.press("/account", TOKEN, **wanted)
    assert page.status == 403
    assert "请先在“我的登录”里启用" in page.text("[role=alert]")
    phone, _ = enrol(drafter)
    page = drafter.press("/account", TOKEN, **wanted, code=phone.code(drafter.at))
    assert page.text("code.secret").startswith("gw_")


def test_new_recovery_codes_and_the_end_need_the_code(drafter: Desk) -> None:
    phone, old = enrol(drafter)
    page = drafter.press("/account/factor", RENEW, password=drafter.password, code="")
    assert page.status == 403
    page = drafter.press(
        "/account/factor", RENEW, password=drafter.password, code=phone.code(drafter.at)
    )
    new = page.texts(".recovery code")
    assert len(new) == 10
    assert not set(new) & set(old)
    page = drafter.press("/account/factor", END, password=drafter.password, code=new[0])
    assert page.leads_to == "/account"
    assert "已停用" in drafter.get("/account").text(".message.done")


def test_a_token_is_made_with_the_code_and_works_without(drafter: Desk, app: Flask) -> None:
    phone, _ = enrol(drafter)
    wanted = {"name": "报表", "days": "30", "password": drafter.password}
    page = drafter.press("/account", TOKEN, **wanted)
    assert page.status == 403
    assert page.form(TOKEN)["name"] == "报表"
    page = drafter.press("/account", TOKEN, **wanted, code=phone.code(drafter.at))
    token = page.text("code.secret")
    with app.app_context(), clock.moved_to(drafter.at):
        answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    page = drafter.get("/account")
    assert token not in page.answer.text
    drafter.press("/account", "form[action^='/account/tokens/']")
    assert drafter.get("/account").root.cssselect("form[action^='/account/tokens/']") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"days": "400"}, "days"), ({"days": "x"}, "days"), ({"name": " "}, "name")],
)
def test_what_is_wrong_with_a_token_is_said_at_its_field(
    drafter: Desk, typed: dict[str, str], field: str
) -> None:
    wanted = {"name": "报表", "days": "30", "password": drafter.password, **typed}
    page = drafter.press("/account", TOKEN, **wanted)
    assert page.status == 422
    assert page.text(f"#{field}-error")


def test_other_sessions_are_seen_and_ended(drafter: Desk, desk: Callable[[str], Desk]) -> None:
    other = desk("drafter")
    other.sign_in()
    assert len(drafter.get("/account").texts("[aria-labelledby=sessions] tbody tr")) == 2
    drafter.press("/account", "form[action='/account/sessions/end']")
    assert other.get("/").leads_to == "/sign-in?next=/"
    assert drafter.get("/").status == 200


def test_tokens_of_others_cannot_be_ended(
    drafter: Desk, desk: Callable[[str], Desk], app: Flask
) -> None:
    with app.app_context(), clock.moved_to(AFTERNOON):
        session = db.session()
        leader = organization.person_by_login(session, "leader")
        accounts.new_token(session, leader.id, "他人的", AFTERNOON)
        session.commit()
    form = drafter.get("/account").form(TOKEN)
    assert drafter.post("/account/tokens/1/end", form).status == 404
