"""Signing in with a second factor and 账号安全, as people see them: no barrier, no overflow."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from app import clock, organization
from app.database import db
from app.organization import alarms
from app.organization.factors import policies
from tests.browser.acts import Sit
from tests.browser.conftest import Desk
from tests.browser.walking import SIZES
from tests.organization.factors.authenticator import Authenticator


@pytest.fixture
def asked(app: Flask) -> None:
    """Seal keepers and security administrators are asked; somebody was locked out."""
    with app.app_context():
        session = db.session()
        at = clock.now(session)
        person = organization.person_by_login(session, "security.admin")
        by = organization.actor(session, person.id)
        policies.choose(
            session,
            by.unit_id,
            "roles",
            ("seal-keeper",),
            "等保三级要求",
            by,
            at,
            source="江水办〔2026〕7号",
        )
        for login in ("leader", "drafter"):
            one = organization.person_by_login(session, login).id
            alarms.sound(session, "locked", one, "10.20.3.4", at)
        session.commit()


def ready(desk: Desk, name: str) -> None:
    assert desk.barriers() == []
    assert not desk.overflows()
    desk.shot(name)


@SIZES
def test_enrolment_and_the_code(
    desk: Sit, asked: None, password: str, size: dict[str, int]
) -> None:
    name = size["width"]
    keeper = desk(None, size=size)
    begin(keeper, password)
    page = keeper.page
    page.wait_for_url("**/account/factor")
    ready(keeper, f"factor-due-{name}")
    page.get_by_role("button", name="开始启用").click()
    phone = Authenticator(page.locator("code.secret").inner_text().replace(" ", ""))
    ready(keeper, f"factor-scan-{name}")
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不正确")
    ready(keeper, f"factor-wrong-{name}")
    now = datetime.now(UTC)
    page.get_by_label("验证码").fill(phone.code(now))
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".recovery li")).to_have_count(10)
    recovery = page.locator(".recovery code").all_inner_texts()
    ready(keeper, f"factor-recovery-{name}")
    page.get_by_role("link", name="已经保存好").click()
    ready(keeper, f"factor-then-desk-{name}")
    keeper.go("/account/factor")
    ready(keeper, f"factor-in-use-{name}")
    keeper.go("/account")
    ready(keeper, f"account-{name}")
    page.get_by_role("button", name="退出").click()
    begin(keeper, password)
    page.wait_for_url("**/sign-in/code*")
    ready(keeper, f"code-{name}")
    page.get_by_role("textbox").fill("000000")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("已经用过")
    ready(keeper, f"code-wrong-{name}")
    page.get_by_role("textbox").fill(recovery[0])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(keeper.server + "/")


@SIZES
def test_account_security(desk: Sit, asked: None, size: dict[str, int]) -> None:
    name = size["width"]
    admin = desk("security.admin", size=size)
    page = admin.go("/security/")
    ready(admin, f"security-alarms-{name}")
    page.get_by_role("button", name="已处理").first.click()
    expect(page.get_by_role("alert").or_(page.locator(".error")).first).to_be_visible()
    ready(admin, f"security-alarms-wrong-{name}")
    page.get_by_role("textbox").first.fill("本人输错，已电话核实")
    page.get_by_role("button", name="已处理").first.click()
    expect(page.locator(".message.done")).to_be_visible()
    admin.go("/security/accounts")
    ready(admin, f"security-accounts-{name}")
    page.get_by_role("link", name="陈雨桐").click()
    page.get_by_label("报告情况").fill("本人来电，密码可能被他人知道")
    page.get_by_role("button", name="封锁").click()
    expect(page.locator(".message.done")).to_be_visible()
    ready(admin, f"security-account-{name}")
    page.get_by_role("button", name="解锁").click()
    ready(admin, f"security-account-wrong-{name}")
    admin.go("/security/policy")
    ready(admin, f"security-policy-{name}")


def begin(desk: Desk, password: str) -> None:
    page = desk.go("/sign-in")
    page.get_by_label("登录名").fill("seal.keeper")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
