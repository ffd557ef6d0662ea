"""工作日历 on pages: the year, a notice by two people, days and hours of a unit, what they move."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry
from app.clock import SHANGHAI
from app.deadlines.models import CalendarYear, WorkdayOverride
from app.handling.models import Task
from tests.deadlines.test_notice_text import NOTICES
from tests.web.conftest import At
from tests.web.desk import Desk, Page
from tests.world import World

FOR_2027 = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。2月14日（周日）、2月20日（周六）上班。
三、清明节：4月3日至5日放假，共3天。
四、劳动节：5月1日至5日放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日放假。
六、中秋节：9月15日放假。
七、国庆节：10月1日至7日放假调休，共7天。10月9日（周六）上班。"""
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕9号）"
NOTICE = {"year": "2027", "source": SOURCE, "lines": FOR_2027}
DAY = {
    "day": "2026-11-24",
    "works": "no",
    "reason": "县庆",
    "source": "县政府办〔2026〕30号",
}
PAGES = ("calendar", "notice", "day", "hours", "policy")


def nav(page: Page) -> list[str]:
    return page.texts("header nav a")


def said(world: World, task: Task) -> str:
    world.session.rollback()
    found = world.session.get_one(Task, task.id, populate_existing=True)
    assert found.due_at is not None
    return f"{found.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def enter(admin: Desk, look: Page, path: str) -> Page:
    """Press the second button of a preview."""
    return admin.post(path, {**look.form("form.card"), "do": "enter"})


def actions(world: World) -> list[str]:
    query = sa.select(AuditEntry.action).order_by(AuditEntry.seq)
    return [each for each in world.session.scalars(query) if "calendar" in each or "moved" in each]


@pytest.fixture
def newyear(world: World) -> Task:
    """A draft of the last day of 2026; it runs out in a year without a notice."""
    world.at = datetime(2026, 12, 31, 10, tzinfo=SHANGHAI)
    (task,) = world.open(world.draft().case)
    return task


def test_only_the_administrators_of_the_calendar_come_in(at: At) -> None:
    system, security, drafter = at("system.admin"), at("security.admin"), at("drafter")
    assert "工作日历" in nav(system.get("/"))
    assert "工作日历" not in nav(drafter.get("/"))
    for page in PAGES:
        assert system.get(f"/office/{page}").status == 200
        assert drafter.get(f"/office/{page}").status == 403
        only_looks = page in ("day", "hours")
        assert security.get(f"/office/{page}").status == (403 if only_looks else 200)
    assert drafter.post("/office/day", {**DAY, "do": "enter"}).status in (400, 403)


def test_a_year_is_shown_day_by_day_and_marked_where_it_is_assumed(at: At) -> None:
    admin = at("system.admin")
    known = admin.get("/office/calendar?year=2026")
    assert "全年 248 个工作日" in known.text(".case-head .hint")
    february = known.texts("section[aria-labelledby=m2] .notes > li")
    assert february == ["14 日 班：调休上班", "15 至 23 日 休：春节", "28 日 班：调休上班"]
    assert known.text(".message.warn").startswith("2027 年放假安排未录入")
    assumed = admin.get("/office/calendar?year=2027")
    assert "2027 年放假安排未录入，按周末和法定节日推算" in assumed.text(".message.warn")
    assert assumed.texts(".month h2 .tag") == ["推算"] * 12
    assert len(known.root.cssselect(".month td:not(:empty)")) == 365
    for odd in ("0", "99999", "x"):
        assert admin.get(f"/office/calendar?year={odd}").status == 200


def test_a_notice_changed_while_it_was_read_is_not_confirmed(at: At, world: World) -> None:
    admin, second = at("system.admin"), at("security.admin")
    admin.press("/office/notice", "form.card", **NOTICE, do="propose")
    read = second.get("/office/notice").form("form[action$='/2027']")
    shorter = FOR_2027.replace("\n五、端午节：6月9日放假。", "")
    admin.press("/office/notice", "form.card", **{**NOTICE, "lines": shorter}, do="propose")
    late = second.post("/office/notice/2027", read)
    assert late.status == 409
    assert "改过，没有生效" in late.text(".message.bad[role=alert]")
    assert "端午节：" not in late.text("section[aria-labelledby=w2027]")
    assert world.session.get_one(CalendarYear, 2027).confirmed_at is None
    assert second.press("/office/notice", "form[action$='/2027']").status == 303


@pytest.mark.parametrize("year", ["1999", "2200", "9223372036854775807", "9" * 20])
def test_years_that_no_calendar_has_are_not_there(at: At, year: str) -> None:
    admin = at("system.admin")
    assert (
        admin.post(f"/office/notice/{year}", admin.get("/office/notice").form("form.card")).status
        == 404
    )


def test_a_notice_is_previewed_proposed_and_confirmed_by_another_person(
    at: At, world: World, newyear: Task
) -> None:
    admin, second = at("system.admin"), at("security.admin")
    assert said(world, newyear) == "2027-01-04 18:00"
    monday = FOR_2027.replace("至3日（周日）放假，共3天", "至4日（周一）放假，共4天")
    typed = {**NOTICE, "lines": monday}
    look = admin.press("/office/notice", "form.card", **typed, do="look")
    assert "元旦：2027-01-01 周五 至 2027-01-04 周一 放假" in look.text("#effect > .notes")
    assert "推后 1 个" in look.text("#effect p.under")
    assert "推后至 2027-01-05 18:00" in look.text("#effect")
    assert world.session.get(CalendarYear, 2027) is None
    proposed = admin.press("/office/notice", "form.card", **typed, do="propose")
    assert proposed.status == 303
    assert "等另一位" in admin.get("/office/notice").text("section[aria-labelledby=w2027]")
    assert said(world, newyear) == "2027-01-04 18:00"
    refused = admin.post("/office/notice/2027", second_form(second.get("/office/notice")))
    assert refused.status in (400, 403)
    assert second.press("/office/notice", "form[action$='/2027']").status == 303
    assert said(world, newyear) == "2027-01-05 18:00"
    shown = world.session.get_one(Task, newyear.id)
    assert not shown.limit_provisional
    assert "推算" not in " ".join(shown.limit_steps)
    assert actions(world) == [
        *("calendar.year_proposed", "calendar.year_confirmed", "task.limit_moved"),
    ]
    year = admin.get("/office/calendar?year=2027")
    assert year.texts(".message.warn") == []
    assert SOURCE in year.text("section[aria-labelledby=own]")


def second_form(page: Page) -> dict[str, str]:
    return page.form("form[action$='/2027']")


def test_a_correction_leaves_the_notice_in_force_until_it_is_confirmed(
    at: At, world: World
) -> None:
    admin, second = at("system.admin"), at("security.admin")
    admin.press("/office/notice", "form.card", **NOTICE, do="propose")
    second.press("/office/notice", "form[action$='/2027']")
    shorter = FOR_2027.replace("六、中秋节：9月15日放假。\n", "")
    admin.press("/office/notice", "form.card", **{**NOTICE, "lines": shorter}, do="propose")
    assert admin.get("/office/calendar?year=2027").texts(".message.warn") == []
    waits = second.get("/office/notice").text("section[aria-labelledby=w2027]")
    assert "2027-09-15 周三 休息（中秋节） 上班" in waits
    second.press("/office/notice", "form[action$='/2027']")
    notes = admin.get("/office/calendar?year=2027").text("section[aria-labelledby=m9]")
    assert "中秋" not in notes
    assert world.session.get_one(CalendarYear, 2027).state == "official"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"year": "soon"}, "请填写 2004 至 2199"),
        ({"source": " "}, "请写明通知的名称和文号"),
        ({"lines": ""}, "没有找到放假的日期"),
        ({"lines": FOR_2027.replace("周五", "周四")}, "第 1 行：1月1日在 2027 年是周五"),
        ({"lines": NOTICES[2026]}, "第 1 行"),
        ({"lines": "元旦：1月1日至2月28日放假。"}, "个工作日，应在 240 至 256 之间"),
    ],
)
def test_what_cannot_be_a_notice_is_refused_with_the_text_kept(
    at: At, world: World, typed: dict[str, str], words: str
) -> None:
    for button in ("look", "propose"):
        page = at("system.admin").press(
            "/office/notice", "form.card", **{**NOTICE, **typed}, do=button
        )
        assert page.status == 422
        assert any(words in each for each in page.texts("[role=alert]"))
        assert page.form("form.card")["lines"] == {**NOTICE, **typed}["lines"]
    assert world.session.get(CalendarYear, 2027) is None


def test_a_day_of_the_unit_is_previewed_entered_and_moves_its_limits(at: At, world: World) -> None:
    (task,) = world.open(world.draft().case)
    (other,) = world.open(world.register("city.secretary").case)
    admin = at("system.admin")
    look = admin.press("/office/day", "form.card", **DAY, do="look")
    assert "2026-11-24 周二 上班 休息（县庆）" in look.text("#effect")
    assert "共看 1 个，提前 0 个，推后 1 个" in look.text("#effect p.under")
    assert said(world, task) == "2026-11-24 18:00"
    unseen = admin.press("/office/day", "form.card", **DAY, do="enter")
    assert (unseen.status, said(world, task)) == (200, "2026-11-24 18:00")
    changed = {**look.form("form.card"), "day": "2026-11-25", "do": "enter"}
    assert "2026-11-25" in admin.post("/office/day", changed).text("#effect")
    assert enter(admin, look, "/office/day").status == 303
    assert (said(world, task), said(world, other)) == ("2026-11-25 18:00", "2026-11-24 18:00")
    row = world.session.scalars(sa.select(WorkdayOverride)).one()
    assert (row.source, row.reason) == (DAY["source"], "县庆")
    assert row.entered_by == world.actor("system.admin").person_id
    assert actions(world) == ["calendar.day_entered", "task.limit_moved"]
    assert DAY["source"] in admin.get("/office/calendar?year=2026").text(
        "section[aria-labelledby=own]"
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"day": "11-24"}, ["day"]),
        ({"works": ""}, ["works"]),
        ({"reason": "", "source": ""}, ["reason", "source"]),
        ({"hours": "08:30"}, ["hours"]),
        ({"works": "yes", "hours": "8点到12点"}, ["hours"]),
        ({"day": "", "works": "", "reason": "", "source": "x" * 201}, [*DAY]),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_fields(
    at: At, typed: dict[str, str], fields: list[str]
) -> None:
    for button in ("look", "enter"):
        page = at("system.admin").press("/office/day", "form.card", **{**DAY, **typed}, do=button)
        assert page.status == 422
        found = [each.get("href") for each in page.root.cssselect(".errors a")]
        assert sorted(found) == sorted(f"#{each}" for each in fields)


def test_new_hours_of_the_unit_move_the_close_of_business(at: At, world: World) -> None:
    (task,) = world.open(world.draft().case)
    admin = at("system.admin")
    typed = {"since": "2026-11-24", "hours": "09:00-12:00 13:30-17:00", "source": "局办〔2026〕7号"}
    look = admin.press("/office/hours", "form.card", **typed, do="look")
    assert "提前至 2026-11-24 17:00" in look.text("#effect")
    assert enter(admin, look, "/office/hours").status == 303
    assert said(world, task) == "2026-11-24 17:00"
    assert "09:00-12:00 13:30-17:00" in admin.get("/office/hours").text(
        "section[aria-labelledby=own]"
    )
    bad = admin.press("/office/hours", "form.card", since="", hours="9-5", source="", do="enter")
    assert bad.status == 422
    assert len(bad.texts(".errors a")) == 3


POLICY = {"count": "elapsed", "reason": "试行", "source": "局办〔2026〕8号"}


def test_a_policy_is_previewed_chosen_and_moves_what_is_open(at: At, world: World) -> None:
    (task,) = world.open(world.draft().case)
    admin = at("system.admin")
    look = admin.press("/office/policy", "form.card", **POLICY, do="look")
    effect = look.text("#effect")
    assert "按天计的 到达当日不计，末日下班到期 满整日，同一钟点到期" in effect
    assert "共看 1 个，提前 1 个，推后 0 个" in effect
    assert said(world, task) == "2026-11-24 18:00"
    changed = {**look.form("form.card"), "alarm_every": "25", "do": "enter"}
    assert "25 分钟" in admin.post("/office/policy", changed).text("#effect")
    assert enter(admin, look, "/office/policy").status == 303
    assert said(world, task) == "2026-11-24 09:01"
    shown = admin.get("/office/policy")
    assert "按天计的 满整日，同一钟点到期 本单位" in shown.text("section[aria-labelledby=now]")
    assert "局办〔2026〕8号" in shown.text("section[aria-labelledby=past]")
    again = admin.press("/office/policy", "form.card", **POLICY, do="look")
    assert "没有一项与现行规则不同" in again.text("#effect")
    assert "相同" in enter(admin, again, "/office/policy").text("[role=alert]")


def test_the_security_administrator_sees_the_policy_and_does_not_change_it(at: At) -> None:
    security = at("security.admin")
    page = security.get("/office/policy")
    assert page.root.cssselect("form.card") == []
    (token, *_) = (each.value for each in page.root.cssselect("[name=csrf_token]"))
    refused = security.post("/office/policy", {**POLICY, "csrf_token": token, "do": "enter"})
    assert refused.status == 403


def test_a_policy_that_cannot_be_is_refused_at_its_fields(at: At) -> None:
    typed = {"urgent_immediate": "0", "remind_before": "1 3", "reason": "", "source": " "}
    for button in ("look", "enter"):
        page = at("system.admin").press("/office/policy", "form.card", **typed, do=button)
        assert page.status == 422
        found = [each.get("href") for each in page.root.cssselect(".errors a")]
        assert found == [f"#{each}" for each in typed]
        assert page.form("form.card")["remind_before"] == "1 3"
