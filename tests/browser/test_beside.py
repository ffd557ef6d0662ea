"""The acts beside the route in a browser: no barrier, nothing overflowing, no chip submits."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.opening import open_task
from app.handling.acts.urging import urge
from tests.browser.acts import Sit
from tests.browser.walking import faults_of
from tests.world import World

FAR = {
    "distribute": {"next": ["leader"]},
    "collect": {"outcome": "to_handle", "next": ["dept.head"]},
}


@pytest.fixture
def beside(app: Flask) -> dict[str, Any]:
    """A review that was circulated and urged, and received documents that wait to be closed."""
    with app.app_context():
        world = World(db.session())
        review = world.run(world.draft(urgency="urgent"), until="dept_review")
        assert review is not None
        document = world.case_of(review).document_id
        for kind, to in (("circulate", ["leader3", "sole.head"]), ("direct", ["leader2"])):
            form = Circulate(to, kind=kind, words="请了解，并提出本科室的意见。")
            world._act(circulate, world.actor("dept.head"), document, form)
        world._act(urge, world.actor("drafter"), review.id, "县政府办来电催要，请尽快审核。")
        closing = []
        for place in range(3):
            task = world.run(world.register(number=f"江市水〔2026〕{20 + place}号"), "close", **FAR)
            assert task is not None
            closing.append(task.id)
        for task_id in closing[:2]:
            world._act(open_task, world.actor("secretary"), task_id)
        found = {
            "review": review.id,
            "case": review.case_id,
            "document": document,
            "batch": "&".join(f"task={task_id}" for task_id in closing),
        }
        db.session.remove()
    return found


PAGES = [
    ("leader3", "/read"),
    ("dept.head", "/read"),
    ("leader3", "/cases/{case}"),
    ("leader2", "/cases/{case}"),
    ("leader3", "/seen"),
    ("drafter", "/mine"),
    ("drafter", "/cases/{case}"),
    ("drafter", "/tasks/{review}"),
    ("drafter", "/tasks/{review}/urge"),
    ("dept.head", "/documents/{document}/circulate"),
    ("dept.head", "/documents/{document}/circulation"),
    ("dept.head", "/tasks/{review}"),
    ("dept.head", "/phrases?task={review}"),
    ("secretary", "/"),
    ("secretary", "/tasks/batch?{batch}"),
]


def test_no_barrier_and_no_overflow(desk: Sit, beside: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, beside, "旁路")


def test_a_phrase_goes_to_the_cursor_and_is_not_submitted(
    desk: Sit, beside: dict[str, Any]
) -> None:
    seat = desk("dept.head")
    page = seat.go(f"/phrases?task={beside['review']}")
    page.get_by_label("第 1 条", exact=True).fill("拟同意。")
    page.get_by_label("第 1 条", exact=True).press("Enter")  # saves, moves nothing
    expect(page.get_by_text("常用意见已保存。")).to_be_visible()
    expect(page.get_by_label("第 1 条", exact=True)).to_have_value("拟同意。")
    page.get_by_role("link", name="返回此件").first.click()
    page.get_by_role("textbox", name="意见").fill("请加快。")
    page.get_by_role("textbox", name="意见").press("Home")
    page.get_by_role("button", name="拟同意。").click()
    expect(page.get_by_role("textbox", name="意见")).to_have_value("拟同意。请加快。")
    expect(page.locator("#decision")).to_be_visible()


def test_several_are_closed_at_once_without_a_script(desk: Sit, beside: dict[str, Any]) -> None:
    seat = desk("secretary", scripts=False)
    page = seat.go("/")
    for box in page.locator("input[name=task]:enabled").all():
        box.check()
    page.get_by_role("button", name="批量办理").click()
    page.get_by_role("button", name="提交 2 件").click()
    expect(page.get_by_text("已批量办结 2 件。")).to_be_visible()
