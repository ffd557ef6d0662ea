"""登录: who gets in, where they land, and what an initial password opens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app import clock, organization
from app.database import db
from app.handling.views import queries
from app.organization import accounts
from tests.web.desk import AFTERNOON, Desk

NEW = "Granite#Lantern77"


@pytest.fixture
def desk(app: Flask, password: str) -> Callable[[str], Desk]:
    """``desk("leader")``: a browser of that person, not yet signed in."""
    return lambda login: Desk(app, login, password)


@pytest.fixture
def initial(app: Flask) -> str:
    """The initial password that printing has just been given."""
    with app.app_context():
        person = organization.person_by_login(db.session(), "printing")
        with clock.moved_to(AFTERNOON):
            password = accounts.set_initial_password(db.session(), person, AFTERNOON)
        db.session.commit()
    return password


def test_the_right_password_leads_to_what_is_to_be_done(desk: Callable[[str], Desk]) -> None:
    drafter = desk("drafter")
    page = drafter.sign_in()
    assert (page.status, page.leads_to) == (303, "/")
    page = drafter.get("/")
    assert page.status == 200
    assert "陈雨桐 · 工程科科员" in page.text("header")
    assert drafter.get("/sign-in").leads_to == "/"


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(desk: Callable[[str], Desk]) -> None:
    page = desk("drafter").sign_in("Wrong-2026-pass")
    assert page.status == 403
    assert "登录名或密码不正确" in page.text("[role=alert]")
    assert page.form("form.card")["login"] == "drafter"
    assert page.form("form.card")["password"] == ""
    assert "Wrong-2026" not in page.answer.text


def test_five_wrong_passwords_lock_the_account_for_half_an_hour(
    desk: Callable[[str], Desk],
) -> None:
    drafter = desk("drafter")
    for _ in range(5):
        assert drafter.sign_in("Wrong-2026-pass").status == 403
    assert drafter.sign_in().status == 403
    drafter.at += timedelta(minutes=31)
    assert drafter.sign_in().status == 303


def test_after_signing_in_one_is_where_one_wanted_to_go(desk: Callable[[str], Desk]) -> None:
    drafter = desk("drafter")
    page = drafter.get("/?lamp=red&q=河道 100%")
    assert page.status == 303
    sign_in = drafter.get(page.leads_to)
    form = sign_in.form("form.card") | {"login": "drafter", "password": drafter.password}
    landed = drafter.post("/sign-in", form)
    assert landed.status == 303
    assert drafter.get(landed.leads_to).form("form.filters") == {
        "q": "河道 100%",
        "flow": "",
        "lamp": "red",
    }


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example/", "/\t/evil.example", "evil", ""],
)
def test_signing_in_never_leads_to_another_site(
    desk: Callable[[str], Desk], elsewhere: str
) -> None:
    assert desk("drafter").sign_in(next=elsewhere).leads_to == "/"


def test_an_initial_password_opens_the_change_page_only(
    desk: Callable[[str], Desk], initial: str
) -> None:
    printing = desk("printing")
    assert printing.sign_in(initial).status == 303
    for path in ("/", "/done", "/documents/new", "/tasks/1"):
        assert printing.get(path).leads_to == "/password"
    page = printing.get("/password")
    assert "初始密码" in page.text(".message.warn")
    assert page.texts("nav") == []


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"old": "wrong"}, "old", "当前密码不正确。"),
        ({"new": "short", "again": "short"}, "new", "密码"),
        ({"again": "another"}, "again", "两次输入的新密码不一致，请重新输入。"),
    ],
)
def test_a_refused_password_says_why_at_its_field(
    desk: Callable[[str], Desk], initial: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    printing = desk("printing")
    printing.sign_in(initial)
    given = {"old": initial, "new": NEW, "again": NEW, **typed}
    page = printing.press("/password", "form.card", **given)
    assert page.status == 422
    assert sentence in page.text(f"#{field}-error")
    assert page.root.cssselect(f"#{field}[aria-invalid=true]")
    assert page.root.cssselect(f".errors a[href='#{field}']")
    assert NEW not in page.answer.text
    assert printing.get("/").leads_to == "/password"


def test_the_new_password_opens_everything(desk: Callable[[str], Desk], initial: str) -> None:
    printing = desk("printing")
    printing.sign_in(initial)
    page = printing.press("/password", "form.card", old=initial, new=NEW, again=NEW)
    assert (page.status, page.leads_to) == (303, "/")
    assert printing.get("/").status == 200
    assert desk("printing").sign_in(initial).status == 403
    assert desk("printing").sign_in(NEW).status == 303


def test_signing_out_ends_the_session(desk: Callable[[str], Desk]) -> None:
    drafter = desk("drafter")
    drafter.sign_in()
    kept = drafter.client.get_cookie("gongwen_session")
    assert kept is not None
    assert drafter.press("/", "form[action='/sign-out']").leads_to == "/sign-in"
    drafter.client.set_cookie("gongwen_session", kept.value)
    assert drafter.get("/").status == 303


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/text-size", "/documents/new"])
def test_without_the_token_of_the_form_nothing_is_done(
    desk: Callable[[str], Desk], path: str
) -> None:
    drafter = desk("drafter")
    drafter.sign_in()
    page = drafter.post(path, {"login": "drafter", "password": drafter.password})
    assert page.status == 400
    assert "页面已过期" in page.text("h1")
    assert drafter.get("/").status == 200


def test_large_text_needs_no_script_and_comes_back_to_the_page(
    desk: Callable[[str], Desk],
) -> None:
    drafter = desk("drafter")
    drafter.sign_in()
    page = drafter.press("/done?q=堤防", "form[data-text-switch]", text="large")
    assert page.leads_to == "/done?q=%E5%A0%A4%E9%98%B2"
    assert drafter.get("/").root.get("data-text") == "large"
    drafter.press("/", "form[data-text-switch]", text="normal")
    assert drafter.get("/").root.get("data-text") is None


@pytest.mark.parametrize(
    ("login", "pages"),
    [
        ("drafter", ["我的公文", "拟稿"]),
        ("dept.head", ["我的公文", "拟稿"]),
        ("secretary", ["我的公文", "拟稿", "收文登记"]),
        ("dispatcher", ["我的公文", "收文登记"]),
        ("leader", ["我的公文"]),
    ],
)
def test_the_bar_offers_what_a_person_may_do(
    desk: Callable[[str], Desk], login: str, pages: list[str]
) -> None:
    person = desk(login)
    person.sign_in()
    assert person.get("/").texts("nav[aria-label=主导航] a")[: len(pages)] == pages
    for path, label in (("/documents/new", "拟稿"), ("/incoming/new", "收文登记")):
        assert person.get(path).status == (200 if label in pages else 403)


def test_what_cannot_be_seen_looks_like_what_is_absent(desk: Callable[[str], Desk]) -> None:
    drafter = desk("drafter")
    drafter.sign_in()
    for path in ("/nowhere", "/documents/999/edit", "/cases/999"):
        page = drafter.get(path)
        assert page.status == 404
        assert page.text("[role=alert]") == "没有这个公文或事项，或者您无权查看。"
        assert page.root.cssselect("main a[href='/']")


def test_a_fault_gives_a_number_and_no_detail(
    desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    drafter = desk("drafter")
    drafter.sign_in()

    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(queries, "todo", broken)
    page = drafter.get("/")
    assert page.status == 500
    assert "编号" in page.text("[role=alert]")
    assert "secret of the house" not in page.answer.text
