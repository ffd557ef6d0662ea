"""登录查收 and 核查接收情况 on the pages: what a visit leaves, who sees what, what is sent."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.handling.checkins.models import Visit
from app.handling.receipts.models import ReceiptAnswer, ReceiptCheck
from tests.handling.checking import choose, moment, sweep_at, watch
from tests.web.conftest import At, Caller
from tests.web.desk import AFTERNOON
from tests.world import World


def visits(session: Session) -> list[Visit]:
    session.rollback()
    return session.query(Visit).populate_existing().all()


def test_looking_at_ones_lists_is_a_visit_and_leaves_its_minute_only(at: At, world: World) -> None:
    clerk = at("dispatcher")
    assert visits(world.session) == []  # signing in shows no list yet
    clerk.get("/")
    (row,) = visits(world.session)
    assert row.at == AFTERNOON.replace(second=0)
    clerk.at = moment("23 14:20:30")
    clerk.get("/mine")
    clerk.get("/waiting")
    assert visits(world.session)[0].at == AFTERNOON
    clerk.get("/read")
    assert visits(world.session)[0].at.astimezone(SHANGHAI) == moment("23 14:20")
    assert set(Visit.__table__.columns.keys()) == {"person_id", "at", "counted_at", "visits"}


def test_of_whom_nothing_is_asked_nothing_is_kept(at: At, world: World) -> None:
    at("drafter").get("/")
    at("system.admin").get("/")
    assert visits(world.session) == []
    choose(world, checkin_mode="off")
    at("dispatcher").get("/")
    assert visits(world.session) == []


def test_a_program_with_a_token_is_nobody_who_looks(
    call: Callable[[str], Caller], world: World
) -> None:
    program = call("dispatcher")
    assert program.get("/api/v1/tasks?box=todo").status_code == 200
    assert program.client.get("/", headers=program._headers(None)).status_code == 200
    assert visits(world.session) == []


def test_missed_checks_are_shown_to_the_person_and_who_supervises(at: At, world: World) -> None:
    watch(world)
    sweep_at(world, "23 11:01:30")
    clerk = at("dispatcher")
    page = clerk.get("/check-ins?month=2026-11")
    assert page.texts("tbody td.nowrap") == ["11-23 09:00 至 11:00"]
    assert "每 2 小时工作时间至少一次（DDL-04）" in page.answer.text
    assert "没有。" in clerk.get("/check-ins?month=2026-10").text("main .card .hint")
    assert "没有要求您" in at("drafter").get("/check-ins").answer.text
    office = at("office.head").get("/supervision/checks?month=2026-11")
    assert [each.split()[0] for each in office.texts("td.title")] == ["杨晓燕", "徐海波"]
    other = at("dept.head").get("/supervision/checks?month=2026-11")
    assert "没有人未按时查收" in other.text(".empty")
    assert at("drafter").get("/supervision/checks").status == 403
    assert clerk.get("/check-ins?month=nonsense").status == 200


def test_the_drafter_checks_receipts_from_his_list(at: At, world: World) -> None:
    done = world.draft(main_recipients=["城关镇水务站", "河西镇水务站"])
    world.run(done)
    drafter = at("drafter")
    page = drafter.get("/")
    assert page.text("#checks") == "发文后核查接收情况 1 件"
    (link,) = page.root.cssselect("td.title a")
    address = link.get("href")
    refused = drafter.press(address, "form.card", **{"r0-answer": "phoned"})
    assert refused.status == 422
    assert "写明对方是谁" in refused.text(".errors")
    nothing = drafter.press(address, "form.card")
    assert nothing.status == 422
    assert "至少填写一个" in nothing.texts(".message.bad")[-1]
    sent = drafter.press(address, "form.card", **{"r0-answer": "phoned", "r0-answered_by": "张工"})
    assert (sent.status, sent.leads_to) == (303, address)
    drafter.press(address, "form.card", do="rest")
    world.session.rollback()
    assert world.session.query(ReceiptAnswer).count() == 2
    assert world.session.query(ReceiptCheck).one().done_at is not None
    tab = drafter.get(f"/cases/{done.case.id}?tab=receipts")
    assert "核查完毕" in tab.text("main")
    assert "☎ 已电话联系" in tab.texts("td[data-label=接收情况]")
    assert "没有待办。" in drafter.get("/").text(".empty")


def test_others_read_and_do_not_write(at: At, world: World) -> None:
    done = world.draft()
    world.run(done)
    address = f"/receipt-checks/{world.session.query(ReceiptCheck).one().id}"
    secretary = at("secretary").get(address)
    assert secretary.status == 200
    assert secretary.root.cssselect("form.card button") == []
    assert at("sole.head").get(address).status == 404
    assert at("drafter").get("/receipt-checks/999").status == 404
    draft = world.draft()
    page = at("drafter").get(f"/cases/{draft.case.id}?tab=receipts")
    assert "接收情况" not in page.texts(".tabs a")


def test_somebody_who_travels_needs_a_telephone_on_the_page(at: At) -> None:
    person = at("dept.head")
    form = {"away_until": "2026-11-25", "words": "赴市局", "travelling": "on"}
    refused = person.press("/standing-in", "form[aria-labelledby=set-away]", **form)
    assert refused.status == 422
    assert refused.root.cssselect("#travelling[aria-invalid=true][checked]")
    person.press("/reminders", "form.card", phone="13900000000")
    done = person.press("/standing-in", "form[aria-labelledby=set-away]", **form)
    assert done.status == 303
    assert "出差，短信提醒" in person.get("/standing-in").text("main .tag")
