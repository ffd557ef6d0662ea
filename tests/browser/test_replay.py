"""回放 as an auditor uses it: slider, keys, playing, comparing; and without the script."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app import clock
from app.database import db
from tests.browser.acts import Sit
from tests.browser.walking import SIZES
from tests.handling.editions import renamed
from tests.handling.migrating.migrating import in_force, moved, stand
from tests.world import World


@pytest.fixture
def case(app: Flask) -> int:
    """Returned once, changed, and at the leader's."""
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session) - timedelta(hours=1)
        done = world.draft()
        world.run(done, "office_check")
        (task,) = world.open(done.case)
        world.send_back(task, "office.head", "draft", opinion="请补充时限。")
        world.run(done, "leader_sign")
        return done.case.id


def words(page: Page) -> str:
    return page.locator("#now").inner_text()


@SIZES
def test_no_barrier_and_no_overflow(desk: Sit, case: int, size: dict[str, int]) -> None:
    seat = desk("auditor", size=size)
    page = seat.go(f"/audit/cases/{case}/replay")
    expect(page.locator(".diagram[data-shown=yes]").first).to_be_visible()
    found = seat.barriers()
    seat.shot(f"回放-{size['width']}")
    first = page.locator(".replay-list [data-seq]").first.get_attribute("data-seq")
    page.goto(f"{page.url}?with={first}")
    expect(page.locator("#compared")).to_be_visible()
    found += seat.barriers()
    page = seat.go("/audit/cases/")
    found += seat.barriers()
    assert not found
    assert not seat.overflows()


def test_slider_keys_and_playing_move_through_the_record(desk: Sit, case: int) -> None:
    page = desk("auditor").go(f"/audit/cases/{case}/replay")
    expect(page.locator(".diagram[data-shown=yes]").first).to_be_visible()
    last = words(page)
    page.keyboard.press("Home")
    expect(page.locator("#now")).to_contain_text("第 1 条")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#now")).to_contain_text("第 2 条")
    expect(page.locator(".diagram .diagram-badge.is-present")).to_have_count(1)
    assert "at=" in page.url
    page.keyboard.press("End")
    expect(page.locator("#now")).to_have_text(last)
    expect(page.locator(".diagram .diagram-badge.is-done").first).to_be_visible()
    page.get_by_label("第几条记录").fill("3")
    expect(page.locator("#now")).to_contain_text("第 3 条")
    page.reload()
    expect(page.locator("#now")).to_contain_text("第 3 条")
    page.get_by_label("速度").select_option("最快")
    page.get_by_role("button", name="播放").click()
    expect(page.locator("#now")).to_have_text(last, timeout=30_000)
    expect(page.get_by_role("button", name="播放")).to_have_attribute("aria-pressed", "false")


def test_links_and_forms_do_the_same_without_the_script(
    browser: Browser, desk: Sit, case: int
) -> None:
    seat = desk("auditor")
    seat.go(f"/audit/cases/{case}/replay")
    kept = seat.page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=kept)
    page = context.new_page()
    page.goto(seat.page.url)
    page.get_by_role("link", name="最早一条").click()
    assert "第 1 条" in words(page)
    page.get_by_role("link", name="后一条", exact=True).click()
    assert "第 2 条" in words(page)
    page.get_by_label("异常").select_option("退回")
    page.get_by_role("button", name="筛选").click()
    page.locator(".replay-list tbody a").first.click()
    assert "退回" in words(page)
    context.close()


@SIZES
def test_a_case_that_was_moved_is_drawn_as_it_was_then(
    desk: Sit, app: Flask, size: dict[str, int]
) -> None:
    with app.app_context():
        world = World(db.session())
        world.at = clock.now(world.session) - timedelta(hours=1)
        case = world.case_of(stand(world, "dept_review"))
        new = in_force(world, renamed("dept_review", "会办审核"), pictured=True)
        moved(world, new, case)
        number = case.id
    seat = desk("auditor", size=size)
    page = seat.go(f"/audit/cases/{number}/replay")
    frames, drawn = (
        page.locator(".replay-drawing .diagram"),
        page.locator(".replay-drawing .djs-container"),
    )
    step = page.locator(".replay-drawing [data-element-id=dept_review]").first
    expect(page.locator(".diagram[data-shown=yes]").first).to_be_visible()
    expect(step).to_contain_text("会办审核")
    page.keyboard.press("ArrowLeft")
    expect(step).to_contain_text("部门")
    expect(page.locator(".diagram .diagram-badge.is-present")).to_have_count(1)
    seat.shot(f"回放-换版本前-{size['width']}")
    found = seat.barriers()
    page.keyboard.press("End")
    expect(step).to_contain_text("会办审核")
    expect(page.locator(".diagram .diagram-badge.is-present")).to_have_count(1)
    expect(page.get_by_role("group", name="缩放流程图")).to_have_count(1)
    assert (frames.count(), drawn.count()) == (1, 1)
    seat.shot(f"回放-换版本后-{size['width']}")
    assert not found + seat.barriers()
    assert not seat.overflows()
