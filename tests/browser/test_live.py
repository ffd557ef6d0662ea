"""An open page learns by itself what has newly arrived."""

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.handling.models import Task
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


def test_what_is_new_is_counted_since_the_page_is_open(desk: Sit, app: Flask) -> None:
    """Two that came one after the other are two; when they are dealt with, nothing is said."""
    seat = desk("dept.head")
    page = seat.page
    page.clock.install()
    seat.go("/reminders")
    news = page.locator("#news")
    with page.expect_response("**/waiting"):
        page.clock.fast_forward(4_000)
    expect(news).to_be_hidden()
    for count in (1, 2):
        arrive(app)
        with page.expect_response("**/waiting"):
            page.clock.fast_forward(31_000)
        expect(news).to_contain_text(f"新到待办 {count} 件。")
    page.evaluate("document.querySelector('main').style.minHeight = '3000px'; scrollTo(0, 2000)")
    expect(news).to_be_in_viewport()
    deal_with_all(app)
    with page.expect_response("**/waiting"):
        page.clock.fast_forward(31_000)
    expect(news).to_be_hidden()


def arrive(app: Flask) -> None:
    with app.app_context():
        world = World(db.session())
        world.run(world.draft(), until="dept_review")
        db.session.remove()


def deal_with_all(app: Flask) -> None:
    with app.app_context():
        world = World(db.session())
        for task in db.session.scalars(sa.select(Task).where(Task.state == "open")).all():
            world.complete(task, "dept.head", "approve")
        db.session.remove()
