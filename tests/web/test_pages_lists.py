"""The boxes of a person as pages: what stands in them, in which order, and how it is narrowed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.handling.models import Task
from app.handling.views import given
from app.web.desk import filters, lists
from tests.web.desk import Desk, Page
from tests.world import World

FIRST, SECOND, THIRD = (f"江洲县水务局关于{each}的通知" for each in "甲乙丙")
SENT, SIGNED = "江洲县水务局关于已发的通知", "江洲县水务局关于会签的通知"

HOSTILE = "<script>alert(1)</script>&\"'关于核查的通知"
At = Callable[[str], Desk]


@pytest.fixture
def at(app: Flask, password: str, world: World) -> At:
    """``at("leader")``: that person's browser, signed in, on the Monday afternoon."""

    def sign_in(login: str) -> Desk:
        desk = Desk(app, login, password, rest=world.session.rollback)
        assert desk.sign_in().status == 303
        return desk

    return sign_in


def titles(page: Page) -> list[str]:
    return page.texts("td.title a")


def chip(page: Page, words: str) -> str:
    """Address of the filter that begins with these words."""
    (found,) = [each for each in page.root.cssselect("a.pick") if words in each.text_content()]
    return str(found.get("href"))


def three_drafts(world: World) -> None:
    """Urgent, returned and plain, in the drafter's 待办."""
    sent = world.draft(title=FIRST)
    review = world.run(sent, "dept_review")
    assert review is not None
    world.send_back(
        review, "dept.head", "draft", opinion="附件二表头与正文不一致，请核对后再报，" * 3
    )
    world.draft(title=SECOND, urgency="extra_urgent")
    world.later(hours=1)
    world.draft(title=THIRD)


def test_what_runs_out_first_stands_on_top(at: At, world: World) -> None:
    three_drafts(world)
    page = at("drafter").get("/")
    assert titles(page) == [f"特急{SECOND}", f"退回{FIRST}", THIRD]
    assert "超时" in page.texts("tbody td:first-child")[0]
    assert page.text("title").startswith("待办 3 件")
    assert page.text("th[aria-sort=ascending]") == "时限"
    row = page.texts("tbody tr")[1]
    assert "王建军" in row
    assert "附件二表头与正文不一致，请核对后再报，附件二表头与正文不一致…" in row
    assert "本机关发文 · 签发后编号" in row


def test_filters_are_links_that_combine(at: At, world: World) -> None:
    three_drafts(world)
    drafter = at("drafter")
    page = drafter.get("/")
    assert page.texts("a.pick") == ["超时 1", "临近 0", "正常 2", "特急 1", "退回给我 1"]
    late = drafter.get(chip(page, "超时"))
    assert titles(late) == [f"特急{SECOND}"]
    assert late.text("h1") == "待办：超时"
    both = drafter.get(chip(late, "退回给我"))
    assert titles(both) == []
    assert "没有符合条件的待办（超时、退回给我）" in both.text(".empty")
    assert both.root.cssselect(".empty a[href='/']")
    assert titles(drafter.get(chip(both, "超时"))) == [f"退回{FIRST}"]
    assert titles(drafter.get("/?q=丙&urgent=0&lamp=green")) == [THIRD]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=甲", [f"退回{FIRST}"]),
        ("q=%00甲", [f"退回{FIRST}"]),
        ("q=%25", []),
        ("flow=incoming", []),
        ("flow=outgoing&returned=1", [f"退回{FIRST}"]),
        (
            "lamp=violet&flow=x&sort=--due&page=-1&urgent=yes",
            [f"特急{SECOND}", f"退回{FIRST}", THIRD],
        ),
        ("page=99999999999999999999", [f"特急{SECOND}", f"退回{FIRST}", THIRD]),
        ("page=2", []),
        ("sort=-due", [THIRD, f"退回{FIRST}", f"特急{SECOND}"]),
        ("sort=title", [THIRD, f"退回{FIRST}", f"特急{SECOND}"]),
        ("sort=-arrived", [THIRD, f"特急{SECOND}", f"退回{FIRST}"]),
    ],
)
def test_an_address_always_opens(at: At, world: World, query: str, found: list[str]) -> None:
    three_drafts(world)
    page = at("drafter").get(f"/?{query}")
    assert page.status == 200
    assert titles(page) == found


def test_pressing_a_heading_turns_the_order_round(at: At, world: World) -> None:
    three_drafts(world)
    drafter = at("drafter")
    page = drafter.get("/?lamp=green")
    (link,) = page.root.cssselect("th[aria-sort=ascending] a")
    page = drafter.get(link.get("href"))
    assert titles(page) == [THIRD, f"退回{FIRST}"]
    assert page.text("th[aria-sort=descending]") == "时限"


def test_pages_of_a_long_list(at: At, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    three_drafts(world)
    monkeypatch.setattr(filters, "PAGE_ROWS", 2)
    monkeypatch.setattr(lists, "PAGE_ROWS", 2)
    drafter = at("drafter")
    for path in ("/", "/mine"):
        first = drafter.get(f"{path}?q=通知")
        assert len(titles(first)) == 2
        (link,) = first.root.cssselect(".pager a[rel=next]")
        second = drafter.get(link.get("href"))
        assert len(titles(second)) == 1
        assert set(titles(first)) | set(titles(second)) == {f"特急{SECOND}", f"退回{FIRST}", THIRD}
        assert "上一页 第 2 页" in second.text(".pager")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "没有待办。"),
        ("/read", "没有待阅。"),
        ("/drafts", "没有草稿。"),
        ("/mine", "还没有发起过公文。"),
        ("/done", "还没有办过公文。"),
    ],
)
def test_an_empty_box_says_so(at: At, path: str, words: str) -> None:
    page = at("leader2").get(path)
    assert words in page.text(".empty")
    assert page.root.cssselect(".queues a[aria-current=page]")


def test_a_search_without_a_hit_offers_everything(at: At, world: World) -> None:
    world.run(world.draft(), "dept_review")
    drafter = at("drafter")
    for path in ("/mine", "/done"):
        page = drafter.get(f"{path}?q=没有这个")
        assert page.root.cssselect(f".empty a[href='{path}']")
        assert titles(drafter.get(f"{path}?q=堤防巡查")) == [
            "江洲县水务局关于做好冬季堤防巡查的通知"
        ]


def test_opening_is_reading(at: At, world: World) -> None:
    done = world.draft()
    world.run(done)
    case_id = done.case.id
    drafter = at("drafter")
    page = drafter.get("/read")
    assert "已发送，文号江水〔2026〕1号。" in page.text("tbody tr")
    assert page.texts(".queues b") == ["1件", "1件"]  # to ask whether it has arrived, and this
    (link,) = page.root.cssselect("td.title a")
    assert link.get("href") == f"/cases/{case_id}"
    assert drafter.get(link.get("href")).status == 200
    assert "没有待阅。" in drafter.get("/read").text(".empty")


def test_drafts_are_what_nobody_else_has_seen(at: At, world: World) -> None:
    three_drafts(world)
    drafter = at("drafter")
    page = drafter.get("/drafts")
    assert titles(page) == [THIRD, f"特急{SECOND}"]
    assert page.texts(".queues b") == ["3件", "2件"]
    (link, _) = page.root.cssselect("td a.btn")
    assert drafter.get(link.get("href")).form("#drafting")["title"] == THIRD
    assert titles(at("dept.head").get("/drafts")) == []


def test_where_things_are_now(at: At, world: World) -> None:
    world.run(world.draft(title=SENT))
    world.run(world.draft(title=SIGNED, countersigners=["leader2"]), "sign")
    page = at("drafter").get("/mine")
    assert titles(page) == [SIGNED, SENT]
    first, second = page.texts("tbody tr")
    assert "孙丽华" in first
    assert "办结" in second
    assert "江水〔2026〕1号" in second
    assert page.texts("tbody td.number")[1] == "7 分"


def test_what_was_sent_can_be_taken_back_until_it_is_opened(at: At, world: World) -> None:
    world.run(world.draft(title=FIRST), "dept_review")
    opened = world.run(world.draft(title=SECOND), "dept_review")
    assert opened is not None
    task_id = opened.id
    drafter, head = at("drafter"), at("dept.head")
    assert head.get(f"/tasks/{task_id}").status == 200
    page = drafter.get("/done")
    first, second = page.root.cssselect("tbody tr")
    assert first.cssselect("form") == []
    (form,) = second.cssselect("form")
    answer = drafter.post(form.get("action"), page.form("tbody form"))
    assert answer.status == 303
    page = drafter.get("/done")
    assert "已撤回" in page.texts("tbody tr")[1]
    assert page.root.cssselect("tbody form") == []
    assert FIRST in titles(drafter.get("/drafts")) + titles(drafter.get("/"))
    assert titles(head.get("/")) == [SECOND]


def test_a_title_is_text_wherever_it_stands(at: At, world: World) -> None:
    done = world.draft(title=HOSTILE)
    case_id = done.case.id
    task_id, document_id = done.opened[0].id, done.case.document_id
    drafter = at("drafter")
    paths = ["/", "/drafts", "/mine", f"/documents/{document_id}/edit", f"/tasks/{task_id}"]
    for path in [*paths, f"/cases/{case_id}", f"/?q={HOSTILE[:25]}"]:
        page = drafter.get(path)
        assert page.status == 200, path
        assert HOSTILE in page.root.text_content(), path
        assert "<script>alert" not in page.answer.text, path
    world.run(done)
    for path in ("/read", "/done"):
        assert HOSTILE in drafter.get(path).root.text_content()


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_more_rows_need_no_more_statements(at: At, app: Flask, world: World) -> None:
    def sent(number: int) -> None:
        for _ in range(number):
            world.run(world.draft(countersigners=["leader2"]), "dept_review")
            world.draft()

    sent(1)
    drafter = at("drafter")
    paths = ("/", "/read", "/done", "/mine", "/drafts")
    few: dict[str, int] = {}
    for path in paths * 2:  # the first round fills what is kept per process
        with counting(app) as seen:
            drafter.get(path)
        few[path] = len(seen)
    sent(4)
    for path in paths:
        with counting(app) as seen:
            drafter.get(path)
        assert len(seen) <= few[path], path
        assert len(seen) <= 9, (path, seen)


def test_what_was_given_says_that_its_list_is_cut(
    at: At, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        world.run(world.draft(), "register_number")
    leader = at("leader")
    assert "只列" not in leader.get("/given").text("main")
    monkeypatch.setattr(given, "MOST", 1)
    page = leader.get("/given")
    assert "在办 2 件，已办结 0 件。清单只列最近 1 件，件数按全部计算。" in page.text("main")
    assert len(page.root.cssselect("table[data-rows] tbody tr")) == 1


def test_a_stay_that_nobody_can_do_says_why(at: At, world: World) -> None:
    done = world.draft()
    world.session.execute(sa.update(Task).values(blocked="没有部门负责人，请指定办理人。"))
    world.session.commit()
    assert done.case.id
    assert "停下：没有部门负责人" in at("drafter").get("/").text("tbody tr")


def test_the_time_of_arrival_is_there_in_full(at: At, world: World) -> None:
    world.draft()
    (time,) = at("drafter").get("/").root.cssselect("tbody time")
    assert time.get("title") == "2026-11-23 09:01:00"
