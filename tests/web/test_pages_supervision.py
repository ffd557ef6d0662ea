"""督办 on pages: the board and its lists agree, and each act is a page of its own."""

import re
from datetime import date

import pytest

from app.errors import NotAllowed
from app.handling.models import Task
from app.handling.supervision.rows import waiting
from app.handling.supervision.waiting import Wanted
from tests.handling.administering import carry_out
from tests.handling.test_supervising import ask, supervise
from tests.web.conftest import At
from tests.web.desk import Desk, Page
from tests.world import MONDAY, World

ORDER = {
    "department": "engineering",
    "by": "2026-11-27",
    "requirement": "完成堤防巡查。",
    "reason": "局长办公会纪要〔2026〕8号",
}


def nav(page: Page) -> list[str]:
    return page.texts("header nav a")


def later(desk: Desk, day: int, hour: int) -> Desk:
    """The person at his desk at another time of that week, signed in anew."""
    desk.at = MONDAY.replace(day=day, hour=hour)
    assert desk.sign_in().status == 303
    return desk


def one_of(page: Page) -> str:
    (link,) = page.root.cssselect("section[aria-labelledby=supervision] a:not(.btn)")
    return str(link.get("href"))


def test_the_way_in_is_for_those_who_supervise_or_answer(at: At, review: Task) -> None:
    for login in ("office.head", "secretary", "dept.head"):
        desk = at(login)
        assert "督办" in nav(desk.get("/"))
        assert desk.get("/supervision/").status == 200
    drafter = at("drafter")
    assert "督办" not in nav(drafter.get("/"))
    for path in ("", "list", "closed"):
        assert drafter.get(f"/supervision/{path}").status == 403


def test_one_from_its_opening_to_its_end(at: At, review: Task) -> None:
    head, section = at("office.head"), at("dept.head")
    case = f"/cases/{review.case_id}"
    new = f"/supervision/cases/{review.case_id}/new"
    assert not section.get(case).root.cssselect(f'a[href="{new}"]')
    refused = head.press(new, "form.card", **{**ORDER, "by": "2026-11-28", "reason": ""})
    assert refused.status == 422
    assert "立项依据" in refused.text(".errors")
    assert refused.form("form.card")["requirement"] == ORDER["requirement"]
    sent = head.press(new, "form.card", **ORDER)
    assert (sent.status, sent.leads_to) == (303, case)
    address = one_of(section.get(case))
    shown = section.get(address)
    assert ORDER["requirement"] in shown.text("section[aria-labelledby=order]")
    assert "还没有反馈" in shown.text("section[aria-labelledby=reports]")
    section.press(f"{address}/report", "form.card", text="已巡查两段。")
    section.press(f"{address}/extend", "form.card", by="2026-12-02", reason="连日降雨。")
    assert "待审批" in section.get(address).text("section[aria-labelledby=extensions]")
    asked = head.get("/supervision/")
    assert "1 件申请延期" in asked.text(".message.warn")
    granted = head.press(f"{address}/decide", "form.card", agree="yes")
    assert granted.leads_to == address
    assert "原为" in head.get(address).text("section[aria-labelledby=order]")
    author = at("drafter").get(address)  # who has the document may look at this one
    assert (author.status, author.texts("nav[aria-label=督办]")) == (200, [])
    assert section.get(address).texts("nav[aria-label=督办] a")[0] == "看板"
    urged = head.press(f"{address}/urge", "form.card", reason="汛期将至。")
    assert urged.leads_to == address
    assert "汛期将至。" in section.get(address).text("section[aria-labelledby=urges]")
    again = head.press(f"{address}/urge", "form.card", reason="快。")
    assert "以后可以再催" in again.text("div.message.bad")
    head.press(f"{address}/close", "form.card", result="已巡查，报告收讫。")
    shown = head.get(address)
    assert "按期办结" in shown.text("section[aria-labelledby=order]")
    assert not shown.root.cssselect("section[aria-labelledby=order] .bar")
    assert "已巡查，报告收讫。" in head.get("/supervision/closed").text("table.list tbody tr")
    record = head.get(f"{case}?tab=record").text("table")
    for words in ("立项督办", "督办反馈", "申请督办延期", "同意督办延期", "催办督办件", "督办办结"):
        assert words in record


@pytest.mark.parametrize("verb", ["report", "extend", "decide", "urge", "close"])
def test_a_page_without_the_right_offers_nothing(
    at: At, world: World, review: Task, verb: str
) -> None:
    found = supervise(world, world.case_of(review))
    page = at("archivist").get(f"/supervision/{found.id}/{verb}")
    assert page.status == 200
    assert not page.root.cssselect("form.card .btn.main")
    assert at("drafter").get("/supervision/999999").status == 404
    assert at("city.office.head").get(f"/supervision/{found.id}").status == 404


def test_who_heads_the_department_himself_is_told_who_closes_it(
    at: At, world: World, review: Task
) -> None:
    found = supervise(world, world.case_of(review), "secretary", department="office")
    page = at("office.head").get(f"/supervision/{found.id}")
    order = page.text("section[aria-labelledby=order]")
    assert "办结和审批延期请联系杨晓燕" in order
    assert page.texts("section[aria-labelledby=order] .bar a") == ["反馈办理情况", "申请延期"]
    refused = at("office.head").get(f"/supervision/{found.id}/close")
    assert not refused.root.cssselect("form.card .btn.main")
    assert "办结" in at("unit.head").get(f"/supervision/{found.id}").texts(".bar a")


def test_one_that_stands_still_says_so_and_offers_less(at: At, world: World, review: Task) -> None:
    found = supervise(world, world.case_of(review))
    carry_out(world, world.case_of(review), "suspend")
    head = at("office.head")
    page = head.get(f"/supervision/{found.id}")
    assert "暂停中，期限停计" in page.text(".case-head")
    assert "恢复办理以后接着催办" in page.text("section[aria-labelledby=ladder]")
    assert page.texts("section[aria-labelledby=order] .bar a") == ["办结"]
    assert "暂停中" in head.get("/supervision/list?kind=supervision").text("table.list tbody tr")
    assert "暂停中" in head.get(f"/cases/{found.case_id}").text(
        "section[aria-labelledby=supervision]"
    )


def test_every_number_of_the_board_opens_a_list_of_as_many(at: At, world: World) -> None:
    for department, day in (("engineering", 23), ("finance", 25), ("office", 27)):
        done = world.register()
        world.run(done, until="propose")
        supervise(world, done.case, department=department, by=MONDAY.replace(day=day).date())
    world.run(world.draft(urgency="urgent"), until="dept_review")
    world.run(world.draft(), until="office_check")
    desk = later(at("secretary"), 25, 10)
    page = desk.get("/supervision/")
    links = page.root.cssselect("table a")
    assert len(links) >= 10
    seen = set()
    for link in links:
        said = re.search(r"(\d+) 件$", link.get("aria-label"))
        assert said is not None
        listed = desk.get(link.get("href"))
        assert len(listed.root.cssselect("table.list tbody tr")) == int(said[1]), link.get("href")
        seen |= {key for key in ("red", "amber", "green") if f"lamp={key}" in link.get("href")}
    assert seen == {"red", "amber", "green"}
    longest = page.texts("section[aria-labelledby=supervision] tbody td:last-child")
    assert any("天" in words or "小时" in words for words in longest)


def test_what_ends_today_is_forecast(at: At, world: World) -> None:
    done = world.register()
    world.run(done, until="propose")
    supervise(world, done.case, by=MONDAY.date())
    other = world.draft()
    world.run(other, until="dept_review")
    desk = at("office.head")
    board = desk.get("/supervision/")
    assert "1 件到期" in board.text("section[aria-labelledby=today]")
    (row,) = desk.get("/supervision/list?today=1").root.cssselect("table.list tbody tr")
    assert "督办" in row.text_content()
    later(desk, 24, 9)  # the other stays are due at the end of that day
    assert "件到期" in desk.get("/supervision/").text("section[aria-labelledby=today]")
    later(desk, 24, 19)
    assert "没有还未办结" in desk.get("/supervision/").text("section[aria-labelledby=today]")


def test_a_head_sees_what_is_asked_of_his_own(at: At, world: World, review: Task) -> None:
    supervise(world, world.case_of(review), department="finance")
    supervise(world, world.case_of(review))
    rows = waiting(world.session, world.actor("dept.head"), Wanted(kind="supervision"))
    assert [row.department for row in rows] == ["工程科"]
    rows = waiting(world.session, world.actor("sole.head"), Wanted())
    assert [(row.kind, row.department) for row in rows] == [("supervision", "财务科")]
    assert waiting(world.session, world.actor("city.office.head"), Wanted()) == []
    with pytest.raises(NotAllowed):
        waiting(world.session, world.actor("leader"), Wanted())


def test_lists_are_narrowed(at: At, world: World, review: Task) -> None:
    supervise(world, world.case_of(review))
    desk = at("office.head")
    for query, found in (
        ("kind=supervision", 1),
        ("kind=stay", 1),
        ("", 2),
        ("lamp=red", 0),
        ("kind=supervision&q=堤防", 1),
        ("kind=supervision&q=%25", 0),
        ("asked=1", 0),
        ("department=none", 0),
        ("kind=x&lamp=x&department=x&page=x", 2),
        ("page=2", 0),
    ):
        rows = desk.get(f"/supervision/list?{query}").root.cssselect("table.list tbody tr")
        assert len(rows) == found, query


def test_the_column_counts_only_what_waits_for_this_person(
    at: At, world: World, review: Task
) -> None:
    found = supervise(world, world.case_of(review))
    supervise(world, world.case_of(review), department="finance")
    assert entries(at("dept.head").get("/")) == ["督办件 1件"]
    assert entries(at("office.head").get("/")) == ["督办件", "延期待审批"]
    ask(world, found, date(2026, 12, 2))
    page = at("office.head").get("/")
    assert entries(page) == ["督办件", "延期待审批 1件"]
    (link,) = [each for each in page.root.cssselect(".queues a") if "延期" in each.text_content()]
    listed = at("office.head").get(link.get("href"))
    assert len(listed.root.cssselect("table.list tbody tr")) == 1
    assert entries(at("drafter").get("/")) == []


def entries(page: Page) -> list[str]:
    """Those of 督办 in the column on the left."""
    links = page.root.cssselect('.queues a[href^="/supervision"]')
    return [" ".join(each.text_content().split()) for each in links]
