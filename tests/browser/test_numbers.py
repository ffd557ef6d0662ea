"""发文登记 as the registry sees it: no barrier, nothing overflowing, on desk and phone."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app import clock
from app.clock import SHANGHAI
from app.database import db
from app.documents.numbering import ledger, series
from app.documents.numbering.series import Plan
from app.organization import roles
from tests.browser.acts import Sit
from tests.browser.walking import faults_of
from tests.world import World


@pytest.fixture
def numbered(app: Flask) -> dict[str, Any]:
    """A book with numbers in every state, a document that may choose, and ids of pages."""
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session) - timedelta(days=2)
        printing, admin = world.actor("printing"), world.actor("process.admin")
        plan = Plan("局令", ["命令"], roles.PRINTING_ROOM, "江水令", "order")
        found: dict[str, Any] = {}
        with clock.moved_to(world.at):
            session, at = world.session, world.at
            series.define(session, admin, at, plan)
            other = Plan("局办公室发文", ["通知", "函"], code="江水办")
            series.define(session, admin, at, other)
            ledger.skip(session, "江水", printing, at, count=3, reason="启用前已在纸质登记簿使用")
            today = at.astimezone(SHANGHAI).date()
            given = {"count": 1, "purpose": "全县水利工作会议材料"}
            ledger.reserve(session, "江水", printing, at, until=today, **given)
            later = today.replace(month=12, day=31)
            (line,) = ledger.reserve(session, "江水", printing, at, until=later, **given)
            found["reserved"], found["until"] = line.id, str(later)
            session.commit()
        world.run(world.draft(title="江洲县水务局关于做好冬季堤防巡查和水毁工程修复工作的通知"))
        world.run(world.draft(), "seal")
        world.run(world.draft(), "seal")
        world.at = clock.now(world.session)
        lines = ledger_lines(world)
        found["used"] = lines[-1]
        with clock.moved_to(world.at):
            ledger.void_line(session, lines[-2], printing, world.at, "文号印错，重新编号")
            session.commit()
        found["task"] = world.run(world.draft(), "register_number").id
        db.session.remove()
    return found


def ledger_lines(world: World) -> list[int]:
    query = "SELECT id FROM issued_number WHERE state = 'used' ORDER BY number"
    return [row[0] for row in world.session.connection().exec_driver_sql(query)]


PAGES = [
    ("printing", "/numbers/"),
    ("printing", "/numbers/?state=gaps"),
    ("printing", "/numbers/?series=江水令"),
    ("printing", "/numbers/register.pdf?series=江水&first=x"),
    ("printing", "/numbers/reserve?series=江水"),
    ("printing", "/numbers/skip?series=江水"),
    ("printing", "/numbers/{reserved}/release"),
    ("printing", "/numbers/{reserved}/strike"),
    ("printing", "/numbers/{used}/void"),
    ("printing", "/tasks/{task}"),
    ("office.head", "/numbers/"),
    ("process.admin", "/process/series"),
    ("process.admin", "/process/series/new"),
    ("process.admin", "/process/series/edit?series=江水令"),
    ("process.admin", "/process/series/end?series=江水令"),
]


def test_no_barrier_and_no_overflow(desk: Sit, numbered: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, numbered, "发文登记")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_the_registry_keeps_a_number_back_and_gives_it(
    desk: Sit, numbered: dict[str, Any], scripts: bool
) -> None:
    """As people do it, with and without script: reserve, then choose it at the registration."""
    seat = desk("printing", scripts=scripts)
    page = seat.go("/numbers/?series=江水")
    page.get_by_role("link", name="预留文号").click()
    page.get_by_label("个数").fill("2")
    page.get_by_role("button", name="预留文号").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写用途")
    assert page.get_by_label("个数").input_value() == "2"
    page.get_by_label("用途").fill("年度工作报告")
    page.get_by_label("预留到").fill(numbered["until"])
    page.get_by_role("button", name="预留文号").click()
    expect(page.get_by_role("status").filter(has_text="已预留")).to_be_visible()
    page = seat.go(f"/tasks/{numbered['task']}")
    page.get_by_role("radio", name="登记编号").check()
    offered = page.get_by_label("发文字号").locator("option").all_inner_texts()
    kept = [each for each in offered if "年度工作报告" in each]
    assert len(kept) == 2
    page.get_by_label("发文字号").select_option(label=kept[-1])
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="提交").click()
    page = seat.go("/numbers/?series=江水&state=used")
    assert kept[-1].removeprefix("预留的").partition("（")[0] in page.locator("tbody").inner_text()
