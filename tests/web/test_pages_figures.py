"""统计 on pages: the tables, bars that say the same, files, and the draft of a 通报."""

import pytest

from tests.web.conftest import At
from tests.web.test_pages_supervision import later
from tests.world import MONDAY, World

WEEK = "since=2026-11-23&until=2026-11-29"


@pytest.fixture
def played(world: World) -> None:
    review = world.run(world.draft(), until="dept_review")
    assert review is not None
    world.at = MONDAY.replace(day=25, hour=9)
    world.complete(review, "dept.head")
    world.session.rollback()


def test_tables_and_bars_agree(at: At, played: None) -> None:
    desk = later(at("office.head"), 27, 12)
    page = desk.get(f"/supervision/figures?{WEEK}")
    rows = page.texts("section[aria-labelledby=departments] tbody tr")
    assert any(row.startswith("工程科 2 1 1 0") for row in rows), rows
    title = page.text("svg[aria-labelledby=lateness-title] title")
    assert "工程科按时 1 · 超时 1" in title
    assert "办公室按时 0 · 超时 0 · 未办 1" in title
    assert len(page.root.cssselect("svg[aria-labelledby=lateness-title] rect")) == 3
    assert any("王建军" in row for row in page.texts("section[aria-labelledby=people] tbody tr"))


def test_words_that_mean_nothing_are_as_good_as_none(at: At, played: None) -> None:
    desk = at("office.head")
    assert desk.get("/supervision/figures?since=x&until=2026-13-45&flow=x&kind=x").status == 200
    page = desk.get("/supervision/figures?since=2026-11-29&until=2026-11-23")
    assert page.status == 422
    assert "止日不能早于起日" in page.text(".errors")
    for form in ("csv", "xlsx"):
        answer = desk.get(f"/supervision/figures.{form}?since=2026-11-29&until=2026-11-23")
        assert answer.status == 422
    empty = desk.get("/supervision/figures?since=2025-01-01&until=2025-01-31")
    assert "没有办理过" in empty.text(".empty")


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2200-01-01", "9999-12-31"])
def test_days_that_no_office_had_are_refused(at: At, played: None, day: str) -> None:
    desk = at("office.head")
    period = f"since={day}&until={day}"
    page = desk.get(f"/supervision/figures?{period}")
    assert (page.status, "2000 至 2199 年" in page.text(".errors")) == (422, True)
    assert desk.get(f"/supervision/figures.csv?{period}").status == 422
    form = desk.get(f"/supervision/figures?{WEEK}").form("form[method=post][action*=figures]")
    assert desk.post("/supervision/figures", {**form, "since": day, "until": day}).status == 422


def test_files_come_as_files(at: At, played: None) -> None:
    desk = at("office.head")
    answer = desk.get(f"/supervision/figures.csv?{WEEK}").answer
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "王建军" in answer.get_data(as_text=True)
    assert desk.get(f"/supervision/figures.xlsx?{WEEK}").answer.data[:2] == b"PK"


def test_a_bulletin_is_drafted_and_opened(at: At, played: None) -> None:
    desk = later(at("office.head"), 27, 12)
    sent = desk.press(f"/supervision/figures?{WEEK}", "form[method=post][action*=figures]")
    assert sent.status == 303
    page = desk.get(sent.leads_to)
    assert "公文办理时限情况的通报" in page.answer.text
    assert "工程科：办理2件次" in page.answer.text


def test_heads_see_no_button_for_it_and_others_nothing(at: At, played: None) -> None:
    page = at("dept.head").get(f"/supervision/figures?{WEEK}")
    assert page.status == 200
    assert not page.root.cssselect("form[method=post][action*=figures]")
    assert at("drafter").get("/supervision/figures").status == 403
