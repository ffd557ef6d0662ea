"""The handling page: what it shows before an act, and to whom."""

import pytest
import sqlalchemy as sa

from app.handling.models import Case, Notice, Task
from tests.web.conftest import At
from tests.web.handling import DECISION, dismiss, now_open, submit, ticked, waiting
from tests.world import World

# --- before the act


def test_nothing_is_chosen_beforehand_and_the_next_people_are_named(at: At, review: Task) -> None:
    page = at("dept.head").get(f"/tasks/{review.id}")
    assert page.text("h1") == "江洲县水务局关于做好冬季堤防巡查的通知"
    assert page.texts(".outcome > label") == ["同意", "退回"]
    assert ticked(page, "outcome") == []
    assert "下一环节：办公室负责人把关 办理人：赵文涛" in page.texts(".outcome .hint")
    assert "退至：拟稿 办理人：陈雨桐" in page.texts(".outcome .hint")
    assert "必填" in page.text("label[for=opinion]")


def test_where_the_sender_chooses_the_one_in_charge_is_ticked(at: At, world: World) -> None:
    task = waiting(world, world.draft().opened[0])
    page = at("drafter").get(f"/tasks/{task.id}")
    assert ticked(page, "next.submit") == ["dept.head"]
    page = submit(at("drafter"), task, outcome="submit", **{"next.submit": "dept.deputy"})
    assert page.status == 303
    (opened,) = now_open(world, task.case_id)
    assert world.holders(opened) == ["dept.deputy"]


def test_the_head_says_when_it_is_due_and_the_sum_has_a_page(at: At, review: Task) -> None:
    page = at("dept.head").get(f"/tasks/{review.id}")
    assert "今天 09:02 到达，时限 1 个工作日，应于明天 18:00 前办结。" in page.text(".case-head")
    limit = at("dept.head").get(f"/tasks/{review.id}/limit")
    text = limit.text("main")
    assert "当日不计" in text
    assert "DDL-01" in text
    assert "2026-11-24 18:00:00" in text


def test_opening_is_noted_and_reads_the_notices(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(urgency="urgent"), "dept_review"))
    at("dept.deputy").get(f"/tasks/{task.id}")
    at("dept.head").get(f"/tasks/{task.id}")
    kept = world.session.get_one(Task, task.id)
    assert kept.opened_at is not None
    unread = sa.select(Notice).where(Notice.read_at.is_(None), Notice.case_id == task.case_id)
    mine = unread.where(Notice.person_id == world.actor("dept.head").person_id)
    assert world.session.scalars(mine).all() == []


def test_the_column_shows_what_was_is_and_will_be(at: At, review: Task) -> None:
    page = at("dept.head").get(f"/tasks/{review.id}")
    steps = page.texts(".trace > li b")
    assert steps == [
        *("拟稿", "部门负责人核稿", "办公室负责人把关", "主管领导签发"),
        *("文印室登记编号排版", "用印", "办公室秘书审核发送"),
    ]
    assert page.texts(".trace > li.now b") == ["部门负责人核稿"]
    assert "王建军（我）" in page.text(".trace > li.now")
    assert "预计 11-25 前" in page.texts(".trace > li.next")[0]


def test_an_outcome_that_leads_to_nobody_cannot_be_chosen(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(), "register_number"))
    dismiss(world, "seal-keeper")
    page = at("printing").get(f"/tasks/{task.id}")
    assert page.root.cssselect("#outcome")[0].get("disabled") is not None
    assert "印章管理员" in page.text(".outcome .warn-line")


def test_the_way_is_worked_out_again_from_what_is_filled_in(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(), "office_check"))
    head = at("office.head")
    form = head.get(f"/tasks/{task.id}").form(DECISION)
    form |= {"outcome": "approve", "opinion": "请会签", "field.countersigners": ["", "leader2"]}
    page = head.post(f"/tasks/{task.id}/look", form)
    assert page.status == 200
    assert "下一环节：会签 办理人：孙丽华" in page.texts(".outcome .hint")
    assert page.form(DECISION)["opinion"] == "请会签"
    assert ticked(page, "outcome") == ["approve"]
    assert [each.step for each in now_open(world, task.case_id)] == ["office_check"]


# --- who may look, and at what


def test_absent_and_hidden_are_told_apart_by_nobody(at: At, review: Task) -> None:
    stranger = at("east.drafter")
    seen = []
    for path in (f"/tasks/{review.id}", "/tasks/999999", f"/tasks/{2**70}"):
        page = stranger.get(path)
        assert page.status == 404
        seen.append(page.text("main"))
    assert len(set(seen)) == 1
    for path in ("limit", "complete"):
        assert stranger.get(f"/tasks/{review.id}/{path}").status in (303, 404)


def test_who_may_look_sees_it_without_a_form_and_without_a_mark(
    at: At, world: World, review: Task
) -> None:
    page = at("office.head").get(f"/tasks/{review.id}")
    assert page.status == 200
    assert not page.root.cssselect(DECISION)
    assert world.session.get_one(Task, review.id).opened_at is None
    token = page.form("header form[action$=sign-out]")["csrf_token"]
    form = {"csrf_token": token, "outcome": "approve", "opinion": "好", "revision": "1"}
    refused = at("office.head")
    token = refused.get(f"/tasks/{review.id}").form("header form[action$=sign-out]")["csrf_token"]
    answer = refused.post(f"/tasks/{review.id}/complete", form | {"csrf_token": token})
    assert answer.status == 403
    assert "您不是“部门负责人核稿”环节的办理人" in answer.text("div.message.bad")


def test_a_form_without_its_token_is_refused(at: At, world: World, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION)
    form |= {"outcome": "approve", "opinion": "好", "csrf_token": "forged"}
    assert head.post(f"/tasks/{review.id}/complete", form).status == 400
    assert [each.id for each in now_open(world, review.case_id)] == [review.id]


@pytest.mark.parametrize("act", ["complete", "draft", "look", "withdraw", "assign"])
def test_the_address_of_an_act_leads_back_to_its_page(at: At, review: Task, act: str) -> None:
    page = at("dept.head").get(f"/tasks/{review.id}/{act}")
    assert (page.status, page.leads_to) == (303, f"/tasks/{review.id}")


def test_an_administrator_names_somebody_and_sees_no_document(
    at: At, world: World, stopped: Task
) -> None:
    admin = at("process.admin")
    path = f"/tasks/{stopped.id}"
    page = admin.get(path)
    assert "停下：" in page.text("main")
    assert "按日巡查" not in page.answer.text
    refused = admin.press(path, "form.card", to="archivist")
    assert refused.status == 422
    assert "须写明原因" in refused.text("#reason-error")
    assert refused.form("form.card")["to"] == "archivist"
    assert admin.press(path, "form.card", reason="缺岗").status == 422
    case = world.session.get_one(Case, stopped.case_id)
    document_id = case.document_id
    for hidden in (
        f"/cases/{stopped.case_id}",
        f"/documents/{document_id}/document.pdf",
        f"/api/v1/documents/{document_id}",
    ):
        assert admin.get(hidden).status == 404
    assert admin.press(path, "form.card", to="archivist", reason="缺岗").leads_to == "/"
    assert "已指定“用印”由马静文办理。" in admin.get("/").text(".message.done")
    (mine,) = now_open(world, stopped.case_id)
    assert world.holders(mine) == ["archivist"]
    assert at("archivist").get(path).root.cssselect(DECISION)
    assert admin.get(path).status == 404


def test_taking_a_sign_off_back_asks_for_the_reason_at_its_field(at: At, world: World) -> None:
    done = world.draft(process="outgoing_free")
    for login, outcome, to in (
        ("drafter", "sign", ["leader"]),
        ("leader", "to_handler", []),
    ):
        world.complete(world.open(done.case)[0], login, outcome, next=to)
    task = waiting(world, world.open(done.case)[0])
    drafter = at("drafter")
    page = drafter.get(f"/tasks/{task.id}")
    assert "（可不填，收回签发时必填）" in page.text("label[for=opinion]")
    refused = submit(drafter, task, outcome="reopen", opinion="")
    assert refused.status == 422
    assert "“收回签发”须写明原因" in refused.text("#opinion-error")
    assert refused.root.cssselect("[name=outcome][value=reopen][checked]")
    assert submit(drafter, task, outcome="reopen", opinion="第二条有误。").status == 303
