"""账号安全 on pages: for security administrators alone; alarms, accounts, the rule."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, organization
from app.database import db
from app.organization.models import Account
from tests.organization.factors.authenticator import enrol
from tests.web.desk import AFTERNOON, Desk

PAGES = ("/security/", "/security/accounts", "/security/policy")


@pytest.fixture
def desk(app: Flask, password: str) -> Callable[[str], Desk]:
    def sit(login: str) -> Desk:
        found = Desk(app, login, password)
        found.sign_in()
        return found

    return sit


@pytest.fixture
def security(desk: Callable[[str], Desk]) -> Desk:
    return desk("security.admin")


def person_id(app: Flask, login: str) -> int:
    with app.app_context():
        return organization.person_by_login(db.session(), login).id


def lock_out(app: Flask, login: str) -> None:
    stranger = Desk(app, login, "Wrong-2026-pass")
    for _ in range(5):
        assert stranger.sign_in().status == 403


@pytest.mark.parametrize("login", ["drafter", "system.admin", "auditor", "unit.head"])
def test_nobody_else_gets_in(desk: Callable[[str], Desk], login: str) -> None:
    person = desk(login)
    assert [person.get(path).status for path in PAGES] == [403] * 3
    assert "账号安全" not in person.get("/").texts("header nav a")


def test_an_alarm_is_seen_and_settled(app: Flask, security: Desk) -> None:
    lock_out(app, "leader")
    page = security.get("/security/")
    assert "告警 1" in page.texts("nav.tabs a")[0]
    assert "刘国强（leader）" in page.text("td.title")
    form = "form[action^='/security/alarms/']"
    page = security.press("/security/", form, finding=" ")
    assert page.status == 422
    assert "请填写处理情况" in page.text(".error")
    security.press("/security/", form, finding="本人输错，已核实")
    page = security.get("/security/")
    assert page.root.cssselect(form) == []
    assert "本人输错，已核实 冯安宁" in page.texts("tbody td")[3]


def test_a_locked_account_is_opened_on_request(
    app: Flask, security: Desk, desk: Callable[[str], Desk]
) -> None:
    lock_out(app, "leader")
    path = f"/security/accounts/{person_id(app, 'leader')}"
    page = security.press(path, "form[action$='reopening']", request="")
    assert page.status == 422
    assert page.text("#request-error")
    page = security.press(path, "form[action$='reopening']", request="书面申请，核对身份证")
    assert page.leads_to == path
    assert "已解锁" in security.get(path).text(".message.done")
    assert desk("leader").get("/").status == 200


def test_a_report_closes_for_good(app: Flask, security: Desk, desk: Callable[[str], Desk]) -> None:
    leader = desk("leader")
    path = f"/security/accounts/{person_id(app, 'leader')}"
    security.press(path, "form[action$='closing']", report="本人来电，密码被盗")
    assert leader.get("/").leads_to == "/sign-in?next=/"
    leader.at += timedelta(days=2)
    assert leader.sign_in().status == 403
    assert "▲ 报失封锁" in security.get("/security/accounts").texts("td[data-label=状态]")


def test_a_lost_factor_is_reset(app: Flask, security: Desk, desk: Callable[[str], Desk]) -> None:
    with app.app_context(), clock.moved_to(AFTERNOON):
        who = organization.actor(db.session(), person_id(app, "leader"))
        enrol(db.session(), who, AFTERNOON)
        db.session.commit()
    path = f"/security/accounts/{person_id(app, 'leader')}"
    page = security.press(path, "form[action$='factor']", basis="书面申请，核对身份证")
    assert page.leads_to == path
    assert desk("leader").get("/").status == 200


def test_people_of_other_units_are_not_there(app: Flask, security: Desk) -> None:
    for login in ("city.leader", "east.leader"):
        path = f"/security/accounts/{person_id(app, login)}"
        assert security.get(path).status == 404
        form = security.get("/security/policy").form("form.card")
        assert security.post(f"{path}/closing", form | {"report": "试"}).status == 404
    with app.app_context():
        closed = sa.select(Account.person_id).where(Account.reported_at.is_not(None))
        assert db.session.scalars(closed).all() == []


def test_the_rule_is_chosen_with_reason_and_source(security: Desk) -> None:
    given = {"whom": "roles", "roles": ["seal-keeper", "unit-head"]}
    page = security.press("/security/policy", "form.card", **given)
    assert page.status == 422
    assert page.text("#reason-error")
    assert page.form("form.card")["roles"] == ["unit-head", "seal-keeper"]
    page = security.press(
        "/security/policy", "form.card", **given, reason="等保三级", source="局办〔2026〕7号"
    )
    assert page.leads_to == "/security/policy"
    page = security.get("/security/policy")
    assert page.text("section.card li b") == "主要领导、印章管理员"
    assert "等保三级 局办〔2026〕7号" in page.texts("section.card td")[1]


def test_no_role_named_is_said_at_the_roles(security: Desk) -> None:
    given = {"whom": "roles", "reason": "等保三级", "source": "局办〔2026〕7号"}
    page = security.press("/security/policy", "form.card", **given)
    assert page.status == 422
    assert "请至少选择一个角色" in page.text("#roles-error")
