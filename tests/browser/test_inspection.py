"""检索, 抽样, 查阅记录 and the review of auditors as they are seen: no barrier, no overflow."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from app import clock
from app.database import db
from tests.browser.acts import Sit
from tests.browser.walking import SIZES
from tests.world import World

FOUND = "/audit/search?words=同意"


@pytest.fixture
def acted(app: Flask) -> None:
    """Two documents on their way, one of which was returned."""
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session) - timedelta(hours=2)
        world.run(world.draft(), "seal")
        task = world.run(world.draft(), "dept_review")
        assert task is not None
        world.send_back(task, "dept.head", "draft", opinion="水位数据有误，请核对附表。")
        world.session.commit()


@SIZES
def test_no_barrier_and_no_overflow(desk: Sit, acted: None, size: dict[str, int]) -> None:
    seat = desk("auditor", size=size)
    found = []
    seat.go(FOUND)
    expect(seat.page.get_by_role("heading", name="从结果中抽样")).to_be_visible()
    seat.page.get_by_label("保存这个检索为").fill("同意的")
    seat.page.get_by_role("button", name="保存", exact=True).click()
    seat.page.get_by_label("种子").fill("2026-07")
    seat.page.get_by_role("button", name="抽样并记入审计记录").click()
    found += seat.barriers()
    seat.shot(f"检索-{size['width']}")
    assert not seat.overflows()
    seat.page.get_by_role("link", name="种子“2026-07”").click()
    found += seat.barriers()
    seat.shot(f"样本-{size['width']}")
    assert not seat.overflows()
    seat.page.get_by_role("link", name="条记录").first.click()
    found += seat.barriers()
    seat.shot(f"记录-{size['width']}")
    assert not seat.overflows()
    seat.go("/audit/accesses")
    found += seat.barriers()
    seat.shot(f"查阅记录-{size['width']}")
    assert not seat.overflows()
    assert not found


@SIZES
def test_a_pack_is_asked_for(desk: Sit, acted: None, size: dict[str, int]) -> None:
    seat = desk("auditor", size=size)
    seat.go("/audit/packs")
    seat.page.get_by_label("种子").fill("第七号")
    seat.page.get_by_role("button", name="申请制作").click()
    expect(seat.page.get_by_text("等待制作")).to_be_visible()
    assert not seat.barriers()
    seat.shot(f"检查包-{size['width']}")
    assert not seat.overflows()


@SIZES
def test_the_review_of_auditors(desk: Sit, acted: None, size: dict[str, int]) -> None:
    auditor = desk("auditor", size=size)
    auditor.go("/audit/accesses?person=drafter")
    auditor.go("/audit/")
    auditor.page.get_by_role("button", name="核验整条记录").click()
    seat = desk("security.admin", size=size)
    seat.go("/security/auditors")
    found = seat.barriers()
    seat.shot(f"审计员复核-{size['width']}")
    seat.page.get_by_label("复核意见").fill("已逐条核对，均有检查任务。")
    seat.page.get_by_role("button", name="签署").click()
    expect(seat.page.get_by_text("没有待复核的操作")).to_be_visible()
    found += seat.barriers()
    assert not found
    assert not seat.overflows()
