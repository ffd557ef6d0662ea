"""流程管理 on pages: where cases stand, four acts by two people, and what stopped; no documents."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock, workflow
from app.audit.models import AuditEntry
from app.handling.acts.topics import TOPICS
from app.handling.models import Task
from app.organization import roles
from app.organization.models import Appointment
from app.workflow import checks, losing
from app.workflow.moves import ServiceCall
from tests.handling.administering import carry_out, propose
from tests.handling.test_skipping import DRAFT, OFFICE, publish
from tests.web.conftest import At, Caller
from tests.web.desk import AFTERNOON, Desk, Page
from tests.web.handling import now_open, submit, waiting
from tests.workflow import drawing
from tests.world import MONDAY, NOTICE, World

BODY = str(NOTICE["body"]).split("\n")[1]
WHY = {"reason": "办理人突发疾病。", "clause": "办公会纪要〔2026〕3号"}


def nav(page: Page) -> list[str]:
    return page.texts("header nav a")


def address(task: Task, kind: str) -> str:
    return f"/process/cases/{task.case_id}/{kind}?task={task.id}"


def confirm(second: Desk) -> Page:
    return second.press("/process/proposals", "form[action*=proposals]", agree="yes")


def test_only_process_administrators_come_in(at: At, review: Task) -> None:
    assert "流程管理" in nav(at("process.admin").get("/"))
    drafter = at("drafter")
    assert "流程管理" not in nav(drafter.get("/"))
    for path in ("", "cases", "proposals", "incidents", f"cases/{review.case_id}"):
        assert drafter.get(f"/process/{path}").status == 403
    city = at("city.process.admin")
    assert city.get(f"/process/cases/{review.case_id}").status == 404
    assert NOTICE["title"] not in city.get("/process/cases").answer.text


def test_they_see_where_it_stands_and_not_what_it_says(at: At, review: Task) -> None:
    admin = at("process.admin")
    page = admin.get("/process/cases")
    row = page.text("table.list tbody tr")
    for words in ("堤防巡查", "部门负责人核稿", "王建军", "拟稿"):
        assert words in row
    shown = admin.get(f"/process/cases/{review.case_id}")
    assert "王建军" in shown.text("section[aria-labelledby=now]")
    assert "第 1 版" in shown.text("section[aria-labelledby=steps]")
    assert BODY not in shown.answer.text
    assert admin.get(f"/cases/{review.case_id}").status == 404
    assert admin.get(f"/tasks/{review.id}").status == 404


def test_the_list_is_narrowed(at: At, world: World, review: Task) -> None:
    carry_out(world, world.register().case, "suspend")
    admin = at("process.admin")
    for query, found in (
        ("", 2),
        ("?process=incoming", 1),
        ("?step=dept_review", 1),
        ("?only=suspended", 1),
        ("?only=blocked", 0),
        ("?only=incident", 0),
        ("?only=proposed", 0),
        ("?q=清障", 1),
        ("?q=%25", 0),
        ("?only=x&page=x&days=2", 2),
        ("?days=1", 0),
        ("?page=2", 0),
    ):
        rows = admin.get(f"/process/cases{query}").root.cssselect("table.list tbody tr")
        assert len(rows) == found, query
    assert "暂停" in admin.get("/process/cases?only=suspended").text("table.list .lamp")


def test_what_the_list_is_narrowed_to_is_shown_and_cleared(at: At) -> None:
    admin = at("process.admin")
    shown = "form.filters > a:not(.pick)"
    assert not admin.get("/process/cases").root.cssselect(shown)
    page = admin.get("/process/cases?days=5&only=suspended&q=水")
    form = page.form("form.filters")
    assert (form["days"], form["only"], form["q"]) == ("5", "suspended", "水")
    assert [each.get("href") for each in page.root.cssselect(shown)] == ["/process/cases"]
    assert "days=5" in page.root.cssselect("a.pick")[0].get("href")


def test_who_administers_several_units_picks_one(at: At, world: World, review: Task) -> None:
    admin = at("process.admin")
    assert not admin.get("/process/cases").root.cssselect("[name=unit]")
    city, county = world.actor("city.drafter"), world.actor("process.admin")
    world.draft("city.drafter", title="江洲市水务局关于冬季水质监测的通知")
    further = {"title": "", "in_charge": False, "since": world.at}
    of_city = {"unit_id": city.unit_id, "role_key": roles.PROCESS_ADMIN}
    world.session.add(Appointment(person_id=county.person_id, **of_city, **further))
    world.session.commit()
    for query, titles in (
        ("", ["堤防巡查", "水质监测"]),
        (f"unit={city.unit_key}", ["水质监测"]),
        (f"unit={county.unit_key}&days=", ["堤防巡查"]),
        ("unit=nowhere", []),
    ):
        rows = admin.get(f"/process/cases?{query}").texts("table.list tbody tr")
        assert len(rows) == len(titles), query
        assert all(any(title in row for row in rows) for title in titles)
    page = admin.get(f"/process/cases?unit={city.unit_key}")
    assert page.form("form.filters")["unit"] == city.unit_key
    assert city.unit_name in page.text("table.list tbody tr")


def test_a_program_narrows_the_list_in_the_same_way(
    call: Callable[[str], Caller], world: World, review: Task
) -> None:
    world.session.rollback()
    program, unit = call("process.admin"), call("drafter").get("/api/v1/me").json["unit"]
    for day, query, found in (
        (24, "days=1", 0),
        (25, "days=1", 1),
        (25, "days=2", 0),
        (25, f"days=1&unit={unit}", 1),
        (25, "days=1&unit=nowhere", 0),
    ):
        with clock.moved_to(MONDAY.replace(day=day, hour=9)):
            items = program.get(f"/api/v1/cases?{query}").json["items"]
        assert [each["id"] for each in items] == [review.case_id] * found, (day, query)
    for wrong in ("days=-1", "days=x", "days=251"):
        assert program.get(f"/api/v1/cases?{wrong}").status_code == 422


def test_one_proposes_and_the_other_confirms(at: At, world: World, review: Task) -> None:
    first, second = at("process.admin"), at("process.admin2")
    sent = first.press(address(review, "reassign"), "form.card", to="dept.deputy", **WHY)
    assert sent.leads_to == f"/process/cases/{review.case_id}"
    assert "等另一位流程管理员确认" in first.get(sent.leads_to).text(
        "section[aria-labelledby=proposals]"
    )
    assert not first.get("/process/proposals").root.cssselect("[name=agree]")
    assert "待确认 1件" in " ".join(second.get("/process/cases").texts("nav.tabs a"))
    assert "待确认 1件" in second.get("/").texts(".queues a")
    assert "待确认" in first.get("/").texts(".queues a")
    assert confirm(second).status == 303
    (now,) = now_open(world, review.case_id)
    assert world.holders(now) == ["dept.deputy"]
    record = at("drafter").get(f"/cases/{review.case_id}?tab=record")
    (row,) = [each for each in record.texts("tr.admin") if "改派给" in each]
    for words in ("管理员", WHY["reason"], WHY["clause"], "提请", "确认"):
        assert words in row
    (measure,) = record.texts(".trace .measure")
    for words in ("管理员改派", WHY["reason"], WHY["clause"], "提请", "确认"):
        assert words in measure


def test_the_route_is_drawn_for_who_administers_the_case(
    at: At, call: Callable[[str], Caller], review: Task
) -> None:
    page = at("process.admin").get(f"/process/cases/{review.case_id}")
    (frame,) = page.root.cssselect("section[aria-labelledby=steps] .diagram")
    assert page.root.cssselect("head script[src*=diagram]")
    with clock.moved_to(AFTERNOON):
        drawn = call("process.admin").get(frame.get("data-diagram"))
        assert drawn.json == call("drafter").get(frame.get("data-diagram")).json
    states = {each["step"]: each for each in drawn.json["steps"]}
    assert (states["draft"]["state"], states["dept_review"]["state"]) == ("done", "present")
    assert states["dept_review"]["people"] == ["王建军"]
    assert BODY not in drawn.text
    for login in ("city.process.admin", "system.admin", "printing"):
        assert call(login).get(frame.get("data-diagram")).status_code == 404, login


@pytest.mark.parametrize("path", ["/process/proposals", "/process/cases/{}"])
def test_who_proposed_it_takes_it_back(at: At, world: World, review: Task, path: str) -> None:
    propose(world, world.case_of(world.session.get_one(Task, review.id)), "suspend")
    button = "form[action*=withdrawal]"
    second = at("process.admin2")
    assert not second.get(path.format(review.case_id)).root.cssselect(button)
    first = at("process.admin")
    before = first.get(path.format(review.case_id))
    path_back = before.root.cssselect(button)[0].get("action")
    taken_back = first.press(path.format(review.case_id), button)
    assert taken_back.leads_to == f"/process/cases/{review.case_id}"
    shown = first.get(taken_back.leads_to).text("section[aria-labelledby=proposals]")
    assert "已撤回" in shown
    assert "已撤回" in second.get("/process/proposals").text("section[aria-labelledby=decided]")
    late = first.post(path_back, before.form(button))
    assert late.status == 409
    assert "已撤回" in late.text("div.message.bad")
    assert first.get(path_back).leads_to == "/process/proposals"


def test_a_party_is_told_who_decides_and_gets_no_buttons(
    at: At, world: World, review: Task
) -> None:
    stay = world.session.get_one(Task, review.id)
    case = world.case_of(stay)
    propose(world, case, "suspend")
    world.hand_over(stay, "dept.head", "process.admin2")
    party = at("process.admin2")
    assert "待确认 1件" not in " ".join(party.get("/process/cases").texts("nav.tabs a"))
    waiting_page = party.get("/process/proposals")
    assert not waiting_page.root.cssselect("[name=agree]")
    assert "由其他流程管理员确认" in waiting_page.text("section.card .hint")
    page = party.get(f"/process/cases/{case.id}")
    assert "请安全管理员增设" in page.text("section[aria-labelledby=now] .message")
    assert not page.root.cssselect("section[aria-labelledby=now] a.btn")
    form = party.get(f"/process/cases/{case.id}/suspend")
    assert "您是此件的拟稿人或者办理人" in form.text("div.message.bad")
    assert not form.root.cssselect("form.card")


def test_what_is_missing_is_said_at_its_field_and_all_is_kept(at: At, review: Task) -> None:
    admin = at("process.admin")
    refused = admin.press(
        address(review, "reassign"), "form.card", to="dept.deputy", reason="病了。"
    )
    assert refused.status == 422
    assert "请写明依据" in refused.text("#clause-error")
    kept = refused.form("form.card")
    assert (kept["to"], kept["reason"]) == ("dept.deputy", "病了。")


def test_where_it_may_be_moved_and_where_not(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(), "leader_sign"))
    admin = at("process.admin")
    page = admin.get(address(task, "move"))
    steps = [each.get("value") for each in page.root.cssselect("[name=to]")]
    assert "draft" in steps
    assert "seal" not in steps
    assert "尚未签发" in page.text("details")
    assert admin.press(address(task, "move"), "form.card", to="draft", **WHY).status == 303
    assert confirm(at("process.admin2")).status == 303
    assert [each.step for each in now_open(world, task.case_id)] == ["draft"]


def test_not_agreeing_needs_a_reason(at: At, world: World, review: Task) -> None:
    propose(world, world.case_of(world.session.get_one(Task, review.id)), "suspend")
    second = at("process.admin2")
    refused = second.press("/process/proposals", "form[action*=proposals]", agree="no")
    assert refused.status == 422
    assert "不同意须写明理由" in refused.answer.text
    typed = {"agree": "no", "answer": "不必暂停。"}
    assert second.press("/process/proposals", "form[action*=proposals]", **typed).status == 303
    assert "不必暂停。" in second.get("/process/proposals").text("section[aria-labelledby=decided]")


def test_what_has_changed_since_is_not_done(at: At, world: World, review: Task) -> None:
    propose(world, world.case_of(world.session.get_one(Task, review.id)), "suspend")
    second = at("process.admin2")
    form = second.get("/process/proposals").form("form[action*=proposals]")
    case = world.case_of(world.session.get_one(Task, review.id))
    world.complete(world.open(case)[0], "dept.head")
    stay = world.open(case)[0]
    world.session.rollback()
    path = (
        second.get("/process/proposals").root.cssselect("form[action*=proposals]")[0].get("action")
    )
    assert second.post(path, form | {"agree": "yes"}).status == 303  # about the case as a whole
    propose(world, case, "resume")
    assert confirm(at("process.admin2")).status == 303
    propose(world, case, "reassign", stay, "secretary")
    form = second.get("/process/proposals").form("form[action*=proposals]")
    path = (
        second.get("/process/proposals").root.cssselect("form[action*=proposals]")[0].get("action")
    )
    world.complete(stay, "office.head")
    world.session.rollback()
    late = second.post(path, form | {"agree": "yes"})
    assert late.status == 409
    assert "已失效" in late.text("div.message.bad")
    assert "已失效" in late.text("section[aria-labelledby=decided]")


def test_a_case_that_stands_still_says_so(at: At, world: World, review: Task) -> None:
    form = {"outcome": "approve", "opinion": "同意。"}
    head = at("dept.head")
    sent = head.get(f"/tasks/{review.id}").form("form[data-draft]") | form
    first, second = at("process.admin"), at("process.admin2")
    assert first.press(f"/process/cases/{review.case_id}/suspend", "form.card", **WHY).status == 303
    assert confirm(second).status == 303
    refused = head.post(f"/tasks/{review.id}/complete", sent)
    assert refused.status == 409
    assert "暂停办理" in refused.answer.text
    assert "暂停" in head.get(f"/cases/{review.case_id}").text(".case-head")
    assert first.get(f"/process/cases/{review.case_id}/suspend").root.cssselect(".message.bad")
    assert first.press(f"/process/cases/{review.case_id}/resume", "form.card", **WHY).status == 303
    assert confirm(second).status == 303
    assert submit(head, review, **form).status == 303


@pytest.fixture
def broken(app: Flask) -> Iterator[Flask]:
    def fail(_call: ServiceCall) -> None:
        raise ConnectionError

    workflow.register_topics({**TOPICS, "seal": fail})
    yield app
    workflow.register_topics(TOPICS)


@pytest.fixture
def unsealed(world: World) -> Task:
    return waiting(world, world.run(world.draft(), "seal"))


@pytest.mark.usefixtures("broken")
def test_what_failed_is_seen_by_all_and_tried_again(at: At, world: World, unsealed: Task) -> None:
    keeper, admin = at("seal.keeper"), at("process.admin")
    refused = submit(keeper, unsealed, outcome="seal")
    assert refused.status == 409
    assert "已通知流程管理员" in refused.answer.text
    seen = at("drafter").get(f"/cases/{unsealed.case_id}")
    assert "此件有故障，流程管理员正在处理" in seen.text("section[aria-labelledby=now]")
    page = admin.get("/process/incidents")
    for words in ("办理失败", "用印", "ConnectionError", "试过 1 次"):
        assert words in page.text("section.card")
    form = "form[action*=incidents]"
    failed = admin.press("/process/incidents", form, do="retry", reason="已联系机房。")
    assert failed.status == 409
    assert "试过 2 次" in failed.text("section.card")
    assert "已联系机房。" in failed.text("section.card")
    workflow.register_topics(TOPICS)
    assert admin.press("/process/incidents", form, do="retry", reason="已修复。").status == 303
    assert "没有故障" in admin.get("/process/incidents").text(".empty")
    assert "故障已排除，请重新办理。" in keeper.get("/read").answer.text
    assert submit(keeper, unsealed, outcome="seal").status == 303


@pytest.mark.usefixtures("broken")
def test_a_route_that_cannot_begin_hands_the_text_back(
    at: At, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing stands still, so no fault is listed; the refusal is on record."""
    monkeypatch.setattr(checks, "check", lambda *_given, **_more: [])
    monkeypatch.setattr(losing, "faults", lambda *_given: [])
    way = drawing.path("begin", "sealing", "draft", "office", "finish")
    publish(world, drawing.service("sealing", "seal"), DRAFT, OFFICE, way)
    refused = at("drafter").press("/documents/new", "#drafting", **NOTICE)
    assert refused.status == 409
    assert "公文没有保存。请联系流程管理员检查流程图" in refused.answer.text
    assert BODY in refused.answer.text
    latest = sa.select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(1)
    assert world.session.scalar(latest) == "request.refused"
    assert "没有故障" in at("process.admin").get("/process/incidents").text(".empty")


def test_a_stay_without_people_stands_among_the_faults(at: At, stopped: Task) -> None:
    admin = at("process.admin")
    page = admin.get("/process/incidents")
    assert "无人可办" in page.text("section.card")
    assert "▲ 停下" in admin.get("/process/cases?only=blocked").text("table.list tbody tr")
    refused = admin.press(
        "/process/incidents", "form[action*=incidents]", do="retry", reason="查过。"
    )
    assert refused.status == 409
    assert "仍然无人可办" in refused.text("div.message.bad")


def test_addresses_of_what_is_not_there(at: At, review: Task) -> None:
    admin = at("process.admin")
    for path in (
        "cases/999999",
        f"cases/{2**63}",
        f"cases/{review.case_id}/move",
        f"cases/{review.case_id}/move?task=999999",
        f"cases/{review.case_id}/delete",
    ):
        assert admin.get(f"/process/{path}").status == 404, path
    assert admin.get("/process/proposals/1").leads_to == "/process/proposals"
    assert admin.get("/process/incidents/x").leads_to == "/process/incidents"
