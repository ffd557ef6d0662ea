"""Every page as its audience sees it: no barrier, nothing overflowing, keyboard enough."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.database import db
from app.documents import letterheads
from tests.browser.acts import Sit, open_first
from tests.browser.conftest import PHONE
from tests.browser.walking import faults_of
from tests.world import MONDAY, World

LETTERHEAD = {
    "name": "函件信头",
    "description": "函和批复。",
    "format": "信函",
    "words": "江洲县水务局",
    "signature": "江洲县水务局",
    "printed_by": "江洲县水务局办公室",
    "kinds": ["函", "批复"],
}


@pytest.fixture
def office(app: Flask) -> dict[str, Any]:
    """A few documents on their way; ids of what the pages show."""
    with app.app_context():
        world = World(db.session())
        world.run(world.draft(title="江洲县水务局关于水库调度的通知"))
        returned = world.draft(title="江洲县水务局关于河道清障的通知")
        world.run(returned, until="office_check")
        world.send_back(world.open(returned.case)[0], "office.head", "draft")
        review = world.run(world.draft(urgency="urgent"), until="dept_review")
        reading = world.register()
        world.run(reading, until="distribute")
        signing = world.draft(countersigners=["leader2", "leader3"])
        world.run(signing, until="sign")
        given = letterheads.read(LETTERHEAD)
        made = letterheads.create(world.session, world.actor("dispatcher"), MONDAY, given)
        world.session.commit()
        assert review is not None
        found = {
            "review": review.id,
            "distribute": world.open(reading.case)[0].id,
            "sign": world.open(signing.case)[0].id,
            "draft": world.open(returned.case)[0].id,
            "document": returned.case.document_id,
            "case": signing.case.id,
            "letterhead": made.id,
        }
        db.session.remove()
    return found


PAGES = [
    ("drafter", "/"),
    ("drafter", "/read"),
    ("drafter", "/done"),
    ("drafter", "/mine"),
    ("drafter", "/drafts"),
    ("drafter", "/documents/new"),
    ("drafter", "/documents/{document}/edit"),
    ("drafter", "/password"),
    ("drafter", "/reminders"),
    ("secretary", "/incoming/new"),
    ("drafter", "/tasks/{draft}"),
    ("dept.head", "/tasks/{review}"),
    ("dept.head", "/tasks/{review}/limit"),
    ("secretary", "/tasks/{distribute}"),
    ("leader2", "/tasks/{sign}"),
    *(("leader2", f"/tasks/{{sign}}?tab={tab}") for tab in ("sheet", "files", "diagram", "record")),
    ("drafter", "/cases/{case}"),
    ("system.admin", "/outbox/"),
    *(("dispatcher", f"/letterheads/{page}") for page in ("", "new", "{letterhead}")),
    ("drafter", "/letterheads/{letterhead}"),
    ("drafter", "/cases/999999"),
    *(("system.admin", f"/office/{page}") for page in ("notice", "day", "hours", "policy")),
    *(("system.admin", f"/office/calendar?year={year}") for year in (2026, 2027)),
]


def test_no_barrier_and_no_overflow(desk: Sit, office: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, office, "页面")


def test_the_sign_in_page_has_no_barrier(desk: Sit) -> None:
    seat = desk(None)
    seat.go("/sign-in")
    assert not seat.barriers()


def test_large_text_fits(desk: Sit, office: dict[str, Any]) -> None:
    seat = desk("dept.head", size=PHONE)
    seat.go("/")
    seat.page.get_by_role("button", name="大字").click()
    for path in ("/", f"/tasks/{office['review']}"):
        seat.go(path)
        assert not seat.overflows()


def test_the_whole_decision_with_the_keyboard_alone(desk: Sit, office: dict[str, Any]) -> None:
    """From the list to the submitted opinion without a mouse: J, Enter, Tab, Space, Ctrl+Enter."""
    seat = desk("dept.head")
    page = seat.go("/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#decision")).to_be_visible()
    page.locator("input[name=outcome]").first.focus()
    page.keyboard.press("Space")
    page.locator("#opinion").focus()
    page.keyboard.type("同意。")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已提交").first).to_be_visible()


def test_the_diagram_shows_where_the_case_is_and_whose_it_is(
    desk: Sit, office: dict[str, Any]
) -> None:
    """The mark of bpmn.io stays visible with nothing over it, as its licence wants."""
    seat = desk("drafter")
    page = seat.go(f"/cases/{office['case']}?tab=diagram")
    expect(page.locator(".djs-container svg").first).to_be_visible()
    mark = page.locator("a[href='http://bpmn.io'], a.bjs-powered-by").first
    expect(mark).to_be_visible()
    box = mark.bounding_box()
    assert box is not None
    on_top = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('a')?.className",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert on_top == "bjs-powered-by"
    expect(page.get_by_role("table").first).to_contain_text("会签")


def test_nothing_is_chosen_beforehand_and_people_are_named(
    desk: Sit, office: dict[str, Any]
) -> None:
    page = open_first(desk("dept.head"), "关于做好冬季堤防巡查的通知")
    assert page.locator("input[name=outcome]:checked").count() == 0
    expect(page.locator(".outcome").first).to_contain_text("办理人：")
