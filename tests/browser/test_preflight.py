"""发前检查 in a browser: live on the form, beside the decision, with the page, and its rules."""

import pytest
from flask import Flask

from app.database import db
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE
from tests.world import REQUEST, World

FAULTY = {
    **REQUEST,
    "title": "江洲县水务局关于提前下达资金等问题的请示",
    "body": "现将有关情况请示如下，工程量见附件。\n妥否，请批示。\n2026年11月20日",
    "copy_recipients": ["局属各单位", "县财政局"],
    "note": "",
}
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])


@pytest.fixture
def task(app: Flask) -> tuple[int, int]:
    """A draft with much to mend: its stay and its document."""
    with app.app_context():
        world = World(db.session())
        done = world.draft(**FAULTY)
        return done.opened[0].id, done.case.document_id


@SIZES
def test_findings_stand_beside_the_decision_and_lead_to_their_fields(
    desk: Sit, task: tuple[int, int], size: dict[str, int]
) -> None:
    drafter = desk("drafter", size=size)
    page = drafter.go(f"/tasks/{task[0]}")
    panel = page.locator("#preflight")
    assert "2 处必须修改" in panel.inner_text()
    page.get_by_role("radio", name="提交核稿").check()
    page.get_by_role("button", name="提交", exact=True).click()
    assert page.locator(".errors li").count() == 5
    drafter.shot(f"preflight-task-{size['width']}")
    assert drafter.barriers() == []
    assert not drafter.overflows()
    panel.get_by_role("link", name="上行文不抄送下级").click()
    assert page.url.endswith("/edit#copy_recipients")
    drafter.shot(f"preflight-edit-{size['width']}")
    assert drafter.barriers() == []
    assert not drafter.overflows()
    page.get_by_label("抄送机关").fill("县财政局")
    page.get_by_label("标题").fill(REQUEST["title"])
    page.get_by_label("附注").fill(REQUEST["note"])
    page.get_by_label("正文").fill(REQUEST["body"])
    page.get_by_label("附注").focus()
    page.locator("#preflight").get_by_text("没有发现问题").or_(
        page.locator("#preflight").get_by_text("1 处提示。")
    ).wait_for()


@SIZES
def test_the_check_with_the_page_has_no_barrier(
    desk: Sit, task: tuple[int, int], size: dict[str, int]
) -> None:
    drafter = desk("drafter", size=size)
    drafter.go(f"/documents/{task[1]}/preflight")
    drafter.shot(f"preflight-page-{size['width']}")
    assert drafter.barriers() == []
    assert not drafter.overflows()


@SIZES
def test_the_rules_of_a_unit_have_no_barrier(desk: Sit, size: dict[str, int]) -> None:
    admin = desk("system.admin", size=size)
    page = admin.go("/office/preflight")
    page.get_by_label("报告不夹带请示").select_option("必须修改")
    page.get_by_label("原因").fill("从严要求")
    page.get_by_label("依据", exact=False).last.fill("局办〔2026〕9号")
    page.get_by_role("button", name="生效").click()
    page.get_by_text("发前检查规则已改").wait_for()
    admin.shot(f"preflight-rules-{size['width']}")
    assert admin.barriers() == []
    assert not admin.overflows()


def test_without_a_script_the_button_checks_what_was_typed(
    desk: Sit, task: tuple[int, int]
) -> None:
    drafter = desk("drafter", scripts=False)
    page = drafter.go("/documents/new")
    page.get_by_label("标题").fill("关于巡查的通知。")
    page.get_by_role("button", name="发前检查").click()
    assert "现缺发文机关" in page.locator("#preflight").inner_text()
    assert page.get_by_label("标题").input_value() == "关于巡查的通知。"


@SIZES
def test_the_signatory_sees_the_reason_and_the_office_its_usual_ones(
    app: Flask, desk: Sit, size: dict[str, int]
) -> None:
    with app.app_context():
        world = World(db.session())
        reason = {"explanations": {"title_parts": "沿用历年标题，便于对照。"}}
        done = world.draft(title="关于冬季堤防巡查的通知")
        signing = world.run(done, until="leader_sign", draft=reason)
        checking = world.run(world.draft(), until="office_check")
        assert signing is not None
        assert checking is not None
        ids = signing.id, checking.id
    leader = desk("leader", size=size)
    page = leader.go(f"/tasks/{ids[0]}")
    assert "沿用历年标题" in page.locator("#preflight").inner_text()
    leader.shot(f"preflight-sign-{size['width']}")
    assert leader.barriers() == []
    assert not leader.overflows()
    page.get_by_role("link", name="流转记录").click()
    page.locator("td").get_by_text("说明：沿用历年标题").wait_for()
    leader.shot(f"preflight-record-{size['width']}")
    office = desk("office.head", size=size)
    page = office.go(f"/tasks/{ids[1]}")
    page.get_by_role("radio", name="退回").check()
    page.get_by_label("退至").select_option("draft")
    page.get_by_label("应加的附件没有添加").check()
    office.shot(f"preflight-return-{size['width']}")
    assert office.barriers() == []
    assert not office.overflows()
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已退回").wait_for()
