"""Minutes, keywords, series, checklist, hand-in and process sheet in a browser, at both sizes."""

from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import db
from app.documents.numbering import series
from tests.browser.acts import Sit
from tests.browser.conftest import DESK, PHONE, Desk
from tests.world import World

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["1366", "390"])


def draft_at(app: Flask, step: str, **fields: Any) -> tuple[int, int]:
    """A notice that has come to a step: its case and its stay there."""
    with app.app_context():
        world = World(db.session())
        done = world.draft(**fields)
        task = world.run(done, step)
        assert task is not None
        return done.case.id, task.id


def looked_at(person: Desk, name: str, size: dict[str, int]) -> None:
    person.shot(f"{name}-{size['width']}")
    assert person.barriers() == []
    assert not person.overflows()


@SIZES
def test_a_drafter_writes_minutes(desk: Sit, size: dict[str, int]) -> None:
    drafter = desk("drafter", size=size)
    page = drafter.go("/documents/new")
    page.get_by_role("radio", name="下行文").check()
    page.get_by_role("radio", name="纪要").check()
    page.locator("#title").fill("江洲县水务局关于冬季堤防工作的纪要")
    page.get_by_label("正文").fill("会议研究了冬季堤防工作。\n会议要求，各站做好巡查。")
    page.get_by_text("纪要的出席、请假、列席人员").click()
    page.locator("#present").fill("王建军、刘国强（县财政局、预算科）\n李丽")
    page.locator("#observers").fill("赵敏")
    page.locator("#keywords").fill("堤防 巡查")
    page.get_by_label("公文性质").select_option(label="会议文件")
    page.locator("#sheet").get_by_text("列席").wait_for()
    looked_at(drafter, "minutes-drafting", size)
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/tasks/*")
    sheet = page.get_by_role("article", name="正文")
    assert "出席：王建军、刘国强（县财政局、预算科）、李丽" in sheet.inner_text()
    looked_at(drafter, "minutes-text", size)


@SIZES
def test_a_reviewer_ticks_the_checklist(desk: Sit, app: Flask, size: dict[str, int]) -> None:
    case, task = draft_at(app, "office_check", keywords=["堤防"])
    head = desk("office.head", size=size)
    page = head.go(f"/tasks/{task}")
    page.get_by_role("checkbox", name="准确").check()
    page.get_by_role("radio", name="同意").check()
    looked_at(head, "checklist-task", size)
    page.get_by_role("button", name="提交", exact=True).click()
    assert page.get_by_role("checkbox", name="准确").is_checked(), "what was ticked is kept"
    page.locator("#opinion").fill("请按期印发。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/")
    head.go(f"/cases/{case}?tab=sheet")
    assert "未勾选：完整" in page.inner_text("main")
    looked_at(head, "checklist-sheet", size)
    head.go(f"/cases/{case}?tab=record")
    assert "审查清单：已核对：准确" in page.inner_text("main")
    looked_at(head, "checklist-record", size)


@SIZES
def test_the_office_takes_in_a_paper(desk: Sit, app: Flask, size: dict[str, int]) -> None:
    case, _ = draft_at(app, "office_check")
    secretary = desk("secretary", size=size)
    page = secretary.go("/hand-ins/new")
    page.get_by_label("件号").fill("999")
    page.get_by_role("button", name="登记", exact=True).click()
    assert "不予受理" in page.get_by_role("alert").inner_text()
    looked_at(secretary, "hand-in-refused", size)
    page.get_by_label("件号").fill(str(case))
    page.locator("#remark").fill("稿纸一份、附图两张，工程科送。")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url("**/cases/*")
    assert "纸质送审" in page.inner_text("main")
    looked_at(secretary, "hand-in-sheet", size)


@SIZES
def test_the_registrar_says_how_many_and_who_read(
    desk: Sit, app: Flask, size: dict[str, int]
) -> None:
    _, task = draft_at(app, "register_number", keywords=["堤防", "巡查"])
    printing = desk("printing", size=size)
    page = printing.go(f"/tasks/{task}")
    page.get_by_role("radio", name="登记编号").check()
    page.get_by_label("印制份数").fill("30")
    page.get_by_label("校对").select_option(index=1)
    looked_at(printing, "register-number", size)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/")
    printing.go("/numbers")
    assert "30 份" in page.inner_text("main")
    assert "主题词：堤防、巡查" in page.inner_text("main")
    looked_at(printing, "register-book", size)


@SIZES
def test_the_archivist_changes_keywords(desk: Sit, app: Flask, size: dict[str, int]) -> None:
    case, _ = draft_at(app, "register_number", keywords=["堤防"])
    archivist = desk("archivist", size=size)
    page = archivist.go(f"/cases/{case}?tab=sheet")
    page.get_by_role("link", name="改动主题词").click()
    page.locator("#keywords").fill("水利、堤防")
    looked_at(archivist, "keywords", size)
    page.get_by_label("原因").fill("按主题词表规范")
    page.get_by_role("button", name="改动", exact=True).click()
    page.wait_for_url("**/cases/*")
    assert "水利" in page.inner_text("main")


@SIZES
def test_the_administrator_sets_the_checklist(desk: Sit, size: dict[str, int]) -> None:
    admin = desk("system.admin", size=size)
    page = admin.go("/office/checklist")
    page.get_by_label("审查事项").fill("准确：数据核对无误｜条例第二十条（四）\n｜无事项")
    page.get_by_label("原因").fill("把关从严")
    page.get_by_role("button", name="生效").click()
    assert "没有写核对什么" in page.get_by_role("alert").inner_text()
    looked_at(admin, "checklist-refused", size)
    page.get_by_label("审查事项").fill("准确：数据核对无误｜条例第二十条（四）")
    page.get_by_label("是否须逐项勾选").select_option("yes")
    page.get_by_label("依据").fill("江水办〔2026〕3号")
    page.get_by_role("button", name="生效").click()
    page.get_by_text("审查清单已改").wait_for()
    looked_at(admin, "checklist-set", size)


@SIZES
def test_a_drafter_proposes_a_series(desk: Sit, app: Flask, size: dict[str, int]) -> None:
    with app.app_context():
        world = World(db.session())
        plan = series.Plan("党组发文", ["通知"], code="江水党")
        with clock.moved_to(world.at):
            series.define(world.session, world.actor("process.admin"), world.at, plan)
            world.session.commit()
        done = world.draft(series="江水党")
        task = world.run(done, "register_number")
        assert task is not None
        stay = task.id
    drafter = desk("drafter", size=size)
    page = drafter.go("/documents/new")
    page.get_by_label("文号序列").select_option("江水党")
    looked_at(drafter, "series-drafting", size)
    printing = desk("printing", size=size)
    page = printing.go(f"/tasks/{stay}")
    chosen = page.locator("[name='field.number_from'] option:checked")
    assert chosen.get_attribute("value") == "江水党", "what was proposed is chosen beforehand"
    looked_at(printing, "series-register", size)
