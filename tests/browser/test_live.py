"""An open page learns by itself what has newly arrived."""

from flask import Flask
from playwright.sync_api import expect

from app.database import db
from tests.browser.acts import Sit
from tests.world import World


def test_new_work_shows_on_an_open_page(desk: Sit, app: Flask) -> None:
    seat = desk("dept.head")
    page = seat.page
    page.clock.install()
    seat.go("/")
    todo = page.locator("nav.queues a[data-count=todo] b")
    with page.expect_response("**/waiting"):
        page.clock.fast_forward(4_000)
    expect(todo).to_have_count(0)
    with app.app_context():
        world = World(db.session())
        world.run(world.draft(urgency="urgent"), until="dept_review")
        world.later(minutes=1)
        world.sweep()
        db.session.remove()
    page.clock.fast_forward(31_000)
    expect(todo).to_contain_text("1")
    expect(page.locator("#news")).to_contain_text("有 1 件紧急公文等候您办理。")
    assert not seat.barriers()
    page.locator("#news a").click()
    expect(page.get_by_role("link", name="关于做好冬季堤防巡查的通知").first).to_be_visible()
