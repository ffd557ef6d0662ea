"""预演, 迁移 and 推演 in a browser: looked at in both sizes, with script and without."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app import clock
from app.database import db
from app.handling.whatif import saved
from app.workflow import queries
from tests.browser.conftest import DESK, PHONE, Desk
from tests.handling.administering import FIRST
from tests.handling.editions import inserted, kept, limited, removed, renamed
from tests.handling.migrating.migrating import in_force, propose, stand
from tests.handling.whatif.test_playing import WAY, suppose
from tests.world import World

pytestmark = pytest.mark.browser
Sit = Callable[..., Desk]
LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")
PAGES = (
    "/process/rehearsals/",
    "/process/rehearsals/{gone}",
    "/process/rehearsals/{new}",
    "/process/migrations/",
    "/process/migrations/{plan}",
    "/process/what-if/",
    "/process/what-if/{gone}",
    "/process/what-if/{gone}/tests/{test}",
)


@pytest.fixture
def edited(app: Flask) -> dict[str, Any]:
    """Cases at four steps, a version in force for them, a submitted one, a plan and a test."""
    with app.app_context():
        world = World(db.session())
        tasks = [stand(world, step) for step in ("dept_review", "office_check", "leader_sign")]
        present = queries.in_force(db.session(), "outgoing")
        old = present.sha256
        with clock.moved_to(world.at):
            test = saved.save(
                db.session(), world.actor(FIRST), present, "普通通知到发文", suppose(*WAY), world.at
            ).id
            db.session.commit()
        new = in_force(world, LEGAL, limited("dept_review", "P3D"))
        plan = propose(world, new, [tasks[0].case_id, tasks[1].case_id]).migration.id
        edits = removed("office_check"), renamed("draft", "起草")
        gone = kept(db.session(), *edits, pictured=True)
        found = {"old": old, "new": new.sha256, "gone": gone.sha256, "plan": plan, "test": test}
        db.session.remove()
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_no_barrier_and_no_overflow(
    desk: Sit, edited: dict[str, Any], size: dict[str, int]
) -> None:
    seat, found = desk("process.admin2", size=size), []
    for path in PAGES:
        seat.go(path.format(**edited))
        seat.page.wait_for_load_state("networkidle")
        name = path.format(**dict.fromkeys(edited, "x")).strip("/").replace("/", "-")
        seat.shot(f"流程版本-{size['width']}-{name}-{PAGES.index(path)}")
        found += [f"{path}: {barrier}" for barrier in seat.barriers()]
        found += [f"{path}: wider than the window"] if seat.overflows() else []
    assert not found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_what_was_left_out_stands_on_the_older_drawing(
    desk: Sit, edited: dict[str, Any], size: dict[str, int]
) -> None:
    seat = desk("process.admin2", size=size)
    page = seat.go(f"/process/versions/{edited['gone']}?against={edited['old']}")
    older = page.locator("[data-diagram*='later=']")
    expect(older.locator(".djs-shape.is-removed[data-element-id=office_check]")).to_be_visible()
    expect(older.locator(".is-added, .is-changed, .is-moved")).to_have_count(0)
    newer = page.locator("[data-diagram*='against=']")
    expect(newer.locator(".is-changed").first).to_be_attached()
    expect(newer.locator(".is-removed")).to_have_count(0)
    seat.shot(f"流程版本-{size['width']}-删去")
    assert not seat.barriers()
    assert not seat.overflows()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "plain"])
def test_an_administrator_steps_through_a_route(
    desk: Sit, edited: dict[str, Any], scripts: bool
) -> None:
    seat = desk("process.admin", scripts=scripts)
    page = seat.go(f"/process/what-if/{edited['new']}")
    page.get_by_label("发起人").select_option(value="drafter")
    page.get_by_role("button", name="开始推演").click()
    for name in ("部门负责人核稿", "法规审核"):
        page.get_by_role("button", name="走这一步").click()
        expect(page.get_by_role("group", name="怎样办理")).to_contain_text(name)
    seat.shot(f"流程版本-推演-{'script' if scripts else 'plain'}")
    page.get_by_label("名称").fill("到法规审核")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="已保存推演测试")).to_be_visible()


def test_a_plan_is_confirmed_and_put_back(desk: Sit, edited: dict[str, Any]) -> None:
    seat = desk("process.admin2")
    page = seat.go(f"/process/migrations/{edited['plan']}")
    page.get_by_role("button", name="确认迁移 2 件").click()
    expect(page.locator("section[aria-labelledby=cases]")).to_contain_text("已迁移")
    seat.shot("流程版本-已迁移")
    page.get_by_label("原因").fill("迁移有误。")
    page.get_by_role("button", name="撤销迁移").click()
    expect(page.locator("section[aria-labelledby=cases]")).to_contain_text("已恢复原版本")
