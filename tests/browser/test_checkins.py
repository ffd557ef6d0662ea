"""查收 and 核查接收情况 as their audience sees them: no barrier, nothing overflowing."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import audit, clock
from app.database import db
from app.deadlines import load, policies
from app.deadlines.workdays import local_date
from app.handling.receipts import answering
from app.handling.receipts.answering import Answer
from app.handling.receipts.models import ReceiptCheck
from tests.browser.acts import Sit
from tests.browser.walking import faults_of
from tests.handling.checking import watch
from tests.world import World

STATIONS = [f"江洲县{name}镇水务站" for name in ("城关", "河西", "石桥", "东湖新区", "南山")]


@pytest.fixture
def watched(app: Flask) -> dict[str, Any]:
    """Some days of an office that is watched, and two dispatched documents; ids of pages."""
    with app.app_context():
        world = World(db.session())
        now = clock.now(world.session)
        unit = world.actor("office.head").unit_id
        calendar = load(world.session, unit)
        day = calendar.workday_before(calendar.workday_before(local_date(now)))
        world.at = calendar.spans(day)[0].start
        with clock.moved_to(world.at):
            texts = {"accountable_after": "1"}
            by = audit.signed_by_rule("测试")
            policies.choose(
                world.session, unit, texts, "试行", by, world.at, source="局办〔2026〕7号"
            )
            world.session.commit()
        watch(world)
        found: dict[str, Any] = {"month": f"{day:%Y-%m}", "since": day}
        for name, title in (
            ("check", "江洲县水务局关于开展冬季堤防和病险水库联合巡查的通知"),
            ("other", "江洲县水务局关于报送水毁工程修复进度的通知"),
        ):
            done = world.draft(
                title=title, main_recipients=STATIONS, copy_recipients=["江洲县应急管理局"]
            )
            world.run(done)
            check = world.session.query(ReceiptCheck).filter_by(case_id=done.case.id).one()
            found[name], found[f"{name}_case"] = check.id, done.case.id
        late = world.run(world.draft(), until="dept_review")
        assert late is not None
        world._act(
            answering.answer,
            world.actor("drafter"),
            found["other"],
            [
                Answer("main", STATIONS[0], "received", "王工"),
                Answer("main", STATIONS[1], "phoned", "值班室李主任", "传真已到，正在登记"),
                Answer("main", STATIONS[2], "not_received", "", "网络中断，已请其查收"),
            ],
        )
        world.at = now - timedelta(minutes=2)
        world.sweep()
        db.session.remove()
    return found


PAGES = [
    ("drafter", "/"),
    ("drafter", "/receipt-checks/{check}"),
    ("drafter", "/receipt-checks/{other}"),
    ("secretary", "/receipt-checks/{other}"),
    ("drafter", "/cases/{other_case}?tab=receipts"),
    ("dispatcher", "/check-ins?month={month}"),
    ("drafter", "/check-ins"),
    ("office.head", "/supervision/checks?month={month}"),
    ("office.head", "/supervision/figures?since={since}"),
    ("drafter", "/standing-in"),
    ("system.admin", "/office/policy"),
]


def test_no_barrier_and_no_overflow(desk: Sit, watched: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, watched, "查收")


def test_receipts_are_written_down_without_script(desk: Sit, watched: dict[str, Any]) -> None:
    """Refused with what was typed; then one by one, and the rest at once."""
    person = desk("drafter", scripts=False)
    page = person.go(f"/receipt-checks/{watched['check']}")
    page.get_by_label(f"{STATIONS[1]}：接收情况").select_option("phoned")
    page.get_by_role("button", name="登记", exact=True).click()
    assert "写明对方是谁" in page.inner_text(".errors")
    assert page.get_by_label(f"{STATIONS[1]}：接收情况").input_value() == "phoned"
    person.shot("查收-1366-refused")
    page.get_by_label(f"{STATIONS[1]}：答复人").fill("张工")
    page.get_by_role("button", name="登记", exact=True).click()
    assert "还有收文单位没有核查" in page.inner_text("main")
    page.get_by_role("button", name="未核查的全部登记为已收到").click()
    assert "各收文单位均已核查" in page.inner_text("main")
    assert page.locator("text=未核查的全部").count() == 0
    person.go("/")
    assert "冬季堤防和病险水库" not in page.inner_text("main")
