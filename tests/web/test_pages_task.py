"""The handling page: what it shows before an act, what an act does, and what a refusal keeps."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import db
from app.handling import paper
from app.handling.models import Case, Notice, Opinion, OpinionDraft, Task
from app.organization.models import Appointment
from tests.web.conftest import At
from tests.web.desk import Desk, Page
from tests.world import World

DECISION = "form[data-draft]"
HOSTILE = "<script>alert(1)</script>&\"'关于核查的通知"


@pytest.fixture
def review(world: World) -> Task:
    """A notice at the review by the section head."""
    return waiting(world, world.run(world.draft(), "dept_review"))


def waiting(world: World, task: Task | None) -> Task:
    assert task is not None
    world.session.refresh(task)
    world.session.expunge(task)  # it stays as it is while pages act
    return task


def now_open(world: World, case_id: int) -> list[Task]:
    world.session.rollback()
    query = sa.select(Task).where(Task.case_id == case_id, Task.state == "open")
    return list(world.session.scalars(query.order_by(Task.id)))


def submit(desk: Desk, task: Task, **typed: object) -> Page:
    return desk.press(f"/tasks/{task.id}", DECISION, **typed)


def ticked(page: Page, name: str) -> list[str]:
    return [each.get("value") for each in page.root.cssselect(f'[name="{name}"][checked]')]


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


# --- acts


def test_an_act_leads_to_the_list_which_says_where_it_went(
    at: At, world: World, review: Task
) -> None:
    head = at("dept.head")
    assert submit(head, review, outcome="approve", opinion="同意。").leads_to == "/"
    said = head.get("/").text(".message.done")
    assert "已提交，送 办公室负责人把关：赵文涛。" in said
    assert "撤回" in said
    (opened,) = now_open(world, review.case_id)
    assert world.holders(opened) == ["office.head"]
    done = head.get(f"/tasks/{review.id}")
    assert "同意。" in done.text("section[aria-labelledby=decision]")


def test_the_list_offers_the_next_document(at: At, world: World, review: Task) -> None:
    other = waiting(world, world.run(world.draft(), "dept_review"))
    head = at("dept.head")
    submit(head, review, outcome="approve", opinion="同意。")
    links = {each.text: each.get("href") for each in head.get("/").root.cssselect(".message a")}
    assert links == {"办理下一件": f"/tasks/{other.id}"}


def test_sending_twice_has_one_effect(at: At, world: World, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION) | {"outcome": "approve", "opinion": "好"}
    answers = [head.post(f"/tasks/{review.id}/complete", form) for _ in range(2)]
    assert [each.status for each in answers] == [303, 303]
    written = sa.select(sa.func.count()).where(Opinion.task_id == review.id)
    assert world.session.scalar(written) == 1
    assert len(now_open(world, review.case_id)) == 1


def test_a_saved_draft_does_not_use_up_the_form(at: At, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION) | {"outcome": "approve", "opinion": "好"}
    assert head.post(f"/tasks/{review.id}/draft", form).status == 200
    assert head.post(f"/tasks/{review.id}/complete", form).status == 303


def test_sending_back_goes_to_who_did_it_and_straight_back(
    at: At, world: World, review: Task
) -> None:
    typed = {"outcome": "-return", "then": "back_to_me"}
    refused = submit(at("dept.head"), review, **typed)
    assert refused.status == 422
    assert "退回须写明原因" in refused.text("#opinion-error")
    assert submit(at("dept.head"), review, **typed, opinion="附件有误。").status == 303
    (back,) = now_open(world, review.case_id)
    assert (back.step, world.holders(back)) == ("draft", ["drafter"])
    page = at("drafter").get(f"/tasks/{back.id}")
    assert "王建军退回：附件有误。" in page.text(DECISION)
    assert "下一环节：部门负责人核稿 办理人：王建军" in page.texts(".outcome .hint")
    assert not page.root.cssselect('[name^="next."]')


def test_of_several_earlier_steps_one_is_named(at: At, world: World) -> None:
    task = waiting(world, world.run(world.draft(), "office_check"))
    head = at("office.head")
    refused = submit(head, task, outcome="-return", opinion="请改。")
    assert refused.status == 422
    assert refused.text("#to-error") == "请选择退回到哪个环节。"
    assert refused.root.cssselect("#to")[0].get("aria-invalid") == "true"
    assert refused.form(DECISION)["opinion"] == "请改。"
    assert submit(head, task, outcome="-return", opinion="请改。", to="draft").status == 303
    assert [each.step for each in now_open(world, task.case_id)] == ["draft"]


def test_what_was_sent_comes_back_until_it_is_opened(at: At, world: World, review: Task) -> None:
    head = at("dept.head")
    submit(head, review, outcome="approve", opinion="同意。")
    back = head.press(f"/tasks/{review.id}", ".bar form[action$=withdraw]")
    assert back.status == 303
    (again,) = now_open(world, review.case_id)
    assert back.leads_to == f"/tasks/{again.id}"
    assert "已撤回" in head.get(back.leads_to).text(".message.done")
    submit(head, again, outcome="approve", opinion="同意。")
    (sent,) = now_open(world, review.case_id)
    form = head.get(f"/tasks/{again.id}").form(".bar form[action$=withdraw]")
    at("office.head").get(f"/tasks/{sent.id}")
    late = head.post(f"/tasks/{again.id}/withdraw", form)
    assert late.status == 409
    assert "赵文涛已打开此件，不能撤回" in late.text("div.message.bad")
    assert not late.root.cssselect(".bar form[action$=withdraw]")
    assert [each.id for each in now_open(world, review.case_id)] == [sent.id]


def test_readers_get_it_in_the_order_of_their_places(at: At, world: World) -> None:
    task = waiting(world, world.run(world.register(), "distribute"))
    secretary = at("secretary")
    page = secretary.get(f"/tasks/{task.id}")
    places = page.texts("label[for^='field.readers']")
    assert places == ["第一位", "第二位", "第三位"]
    form = page.form(DECISION) | {"outcome": "distribute"}
    form["field.readers"] = ["unit.head", "", "leader"]
    assert secretary.post(f"/tasks/{task.id}/complete", form).status == 303
    (first,) = now_open(world, task.case_id)
    assert world.holders(first) == ["unit.head"]
    submit(at("unit.head"), first, outcome="read", opinion="已阅。")
    (second,) = now_open(world, task.case_id)
    assert world.holders(second) == ["leader"]


def test_without_readers_the_form_says_so_at_its_field(at: At, world: World) -> None:
    task = waiting(world, world.run(world.register(), "distribute"))
    refused = submit(at("secretary"), task, outcome="distribute")
    assert refused.status == 422
    assert refused.root.cssselect(".errors")


def test_the_handling_section_follows_the_form(at: At, world: World) -> None:
    given = {"distribute": {"next": ["leader"]}}
    task = waiting(world, world.run(world.register(), "collect", **given))
    secretary = at("secretary")
    page = secretary.get(f"/tasks/{task.id}")
    assert any("承办部门办理" in line for line in page.texts(".outcome .hint"))
    form = page.form(DECISION) | {"outcome": "to_handle", "field.handling_department": "finance"}
    looked = secretary.post(f"/tasks/{task.id}/look", form)
    assert any("周慧敏" in line for line in looked.texts(".outcome .hint"))
    assert secretary.post(f"/tasks/{task.id}/complete", form).status == 303
    (handle,) = now_open(world, task.case_id)
    assert world.holders(handle) == ["sole.head"]


def test_a_signer_passes_on_to_another(at: At, world: World) -> None:
    given = {"office_check": {"fields": {"countersigners": ["leader2"]}}}
    task = waiting(world, world.run(world.draft(), "sign", **given))
    typed = {"outcome": "approve", "opinion": "同意。", "next.approve": ["", "leader3"]}
    assert submit(at("leader2"), task, **typed).status == 303
    (following,) = now_open(world, task.case_id)
    assert (following.step, world.holders(following)) == ("sign", ["leader3"])


# --- refusals keep what was typed


def test_an_outcome_is_never_taken_for_granted(at: At, world: World, review: Task) -> None:
    refused = submit(at("dept.head"), review, opinion="写好的意见")
    assert refused.status == 422
    assert refused.text("#outcome-error") == "请选择结论。"
    assert refused.root.cssselect(".errors a[href='#outcome']")
    assert refused.form(DECISION)["opinion"] == "写好的意见"
    assert [each.id for each in now_open(world, review.case_id)] == [review.id]


@pytest.mark.parametrize("opinion", ["", "  \n ", "长" * 2001])
def test_an_opinion_that_cannot_be_taken_stays_in_its_field(
    at: At, review: Task, opinion: str
) -> None:
    refused = submit(at("dept.head"), review, outcome="approve", opinion=opinion)
    assert refused.status == 422
    field = refused.root.cssselect("#opinion")[0]
    assert field.get("aria-invalid") == "true"
    assert "opinion-error" in field.get("aria-describedby")
    assert refused.form(DECISION)["opinion"].strip() == opinion.strip()
    assert ticked(refused, "outcome") == ["approve"]


def test_the_second_person_hears_who_was_first_and_keeps_the_opinion(at: At, world: World) -> None:
    draft = world.draft().opened[0]
    world.complete(draft, "drafter", "submit", next=["dept.head", "dept.deputy"])
    (task,) = now_open(world, draft.case_id)
    task = waiting(world, task)
    second = at("dept.deputy")
    form = second.get(f"/tasks/{task.id}").form(DECISION)
    submit(at("dept.head"), task, outcome="approve", opinion="同意。")
    form |= {"outcome": "approve", "opinion": "我写了很久"}
    late = second.post(f"/tasks/{task.id}/complete", form)
    assert late.status == 409
    assert late.text("div.message.bad").startswith("此件已由王建军 于 11-23 14:00 办理")
    assert late.root.cssselect("#opinion")[0].value.strip() == "我写了很久"
    written = world.session.scalars(sa.select(Opinion.text).where(Opinion.task_id == task.id))
    assert written.all() == ["同意。"]


def test_a_form_drawn_before_a_change_is_drawn_again(at: At, world: World, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION)
    world.session.execute(sa.update(Task).where(Task.id == review.id).values(revision=7))
    world.session.commit()
    refused = head.post(
        f"/tasks/{review.id}/complete", form | {"outcome": "approve", "opinion": "好"}
    )
    assert refused.status == 409
    assert refused.form(DECISION)["revision"] == "7"
    assert refused.form(DECISION)["opinion"] == "好"


# --- drafts


def test_a_draft_is_kept_for_its_writer_until_the_act(at: At, world: World, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION) | {"opinion": "写了一半"}
    head.client.environ_base["HTTP_ACCEPT"] = "application/json"
    saved = head.post(f"/tasks/{review.id}/draft", form)
    assert saved.answer.json == {"message": "草稿已存 14:00。"}
    del head.client.environ_base["HTTP_ACCEPT"]
    again = head.get(f"/tasks/{review.id}")
    assert again.form(DECISION)["opinion"] == "写了一半"
    assert "今天 14:00 存的草稿" in again.text("#opinion-hint")
    assert "写了一半" not in at("office.head").get(f"/tasks/{review.id}").answer.text
    submit(head, review, outcome="approve", opinion="写完了")
    assert world.session.scalars(sa.select(OpinionDraft)).all() == []


def test_the_button_saves_and_keeps_the_whole_form(at: At, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION)
    form |= {"opinion": "写了一半", "outcome": "-return"}
    page = head.post(f"/tasks/{review.id}/draft", form)
    assert page.text("form .message") == "草稿已存 14:00。"
    assert ticked(page, "outcome") == ["-return"]
    dropped = head.post(f"/tasks/{review.id}/draft", page.form(DECISION) | {"do": "drop"})
    assert dropped.leads_to == f"/tasks/{review.id}"
    assert head.get(dropped.leads_to).form(DECISION)["opinion"] == ""


def test_a_draft_of_a_finished_stay_is_refused(at: At, review: Task) -> None:
    head = at("dept.head")
    form = head.get(f"/tasks/{review.id}").form(DECISION) | {"opinion": "迟了"}
    submit(head, review, outcome="approve", opinion="同意。")
    assert head.post(f"/tasks/{review.id}/draft", form).status == 409
    head.client.environ_base["HTTP_ACCEPT"] = "application/json"
    assert head.post(f"/tasks/{review.id}/draft", form).status == 409


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


@pytest.fixture
def stopped(world: World) -> Task:
    """A notice that nobody can seal."""
    done = world.draft()
    task = world.run(done, "register_number")
    assert task is not None
    dismiss(world, "seal-keeper")
    world.complete(task, "printing", "register")
    (blocked,) = now_open(world, done.case.id)
    assert blocked.blocked is not None
    return waiting(world, blocked)


def dismiss(world: World, role: str) -> None:
    unit = world.actor("drafter").unit_id
    world.session.execute(
        sa.update(Appointment)
        .where(Appointment.role_key == role, Appointment.unit_id == unit)
        .values(until=world.at)
    )
    world.session.commit()


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


# --- the paper


@pytest.mark.parametrize("tab", ["text", "sheet", "files", "diagram", "record", "versions", "x"])
def test_each_tab_has_an_address(at: At, review: Task, tab: str) -> None:
    page = at("dept.head").get(f"/tasks/{review.id}?tab={tab}")
    assert page.status == 200
    expected = "正文" if tab == "x" else None
    (current,) = page.texts(".tabs a[aria-current]")
    assert expected in (None, current)


def test_a_version_that_is_not_there_is_not_found(at: At, review: Task) -> None:
    head = at("dept.head")
    assert head.get(f"/tasks/{review.id}?tab=versions&version=1").status == 200
    for number in ("9", "9" * 30, "²"):
        page = head.get(f"/tasks/{review.id}?tab=versions&version={number}")
        assert page.status in (200, 404)
    assert head.get(f"/tasks/{review.id}?tab=versions&version=9").status == 404


def test_a_change_is_shown_with_insertions_and_deletions(at: At, world: World) -> None:
    from app.handling import drafting

    done = world.draft()
    text = world.document(done.case).body.replace("按日", "按周")
    document_id = done.case.document_id
    world._act(drafting.revise, world.actor("drafter"), document_id, {"body": text})
    page = at("drafter").get(f"/tasks/{done.opened[0].id}?tab=versions")
    assert (page.text(".sheet del"), page.text(".sheet ins")) == ("日", "周")


def test_the_text_has_an_outline(at: At, world: World) -> None:
    done = world.draft(body="（一）先有二级\n一、再有一级。内容。\n1.三级")
    page = at("drafter").get(f"/tasks/{done.opened[0].id}")
    levels = [each.get("aria-level") for each in page.root.cssselect(".sheet [role=heading]")]
    assert levels == ["3", "3", "4"]


def test_the_sheet_of_a_received_document_follows_the_rule(at: At, world: World) -> None:
    given = {
        "distribute": {"next": ["leader"]},
        "leader_read": {"opinion": "请工程科办理。"},
        "collect": {"outcome": "to_handle", "next": ["dept.head"]},
        "handle": {"fields": {"result": "已清障三处。"}},
    }
    task = waiting(world, world.run(world.register(), "close", **given))
    page = at("secretary").get(f"/tasks/{task.id}?tab=sheet")
    labels = page.texts("table.form:first-of-type th")
    assert labels == [
        *("来文机关", "文号", "来文日期", "附件份数", "收文编号", "收文日期"),
        *("事由", "办公室意见", "领导批示", "处理结果"),
    ]
    text = page.text("table.form:first-of-type")
    for words in ("2026-1", "请工程科办理。", "已清障三处。", "江市水〔2026〕12号"):
        assert words in text


def test_automatic_acts_are_signed_by_their_rule(at: At, world: World, stopped: Task) -> None:
    page = at("drafter").get(f"/cases/{stopped.case_id}?tab=record")
    assert any("规则：" in line for line in page.texts("tr.auto"))
    drawn = at("drafter").get(f"/cases/{stopped.case_id}?tab=diagram")
    states = dict(zip(drawn.texts("tbody th"), drawn.texts("tbody td:nth-child(2)"), strict=True))
    assert states["拟稿"] == "✓ 已办"
    assert states["用印"] == "● 在办"
    assert states["办公室秘书审核发送"] == "○ 未到"


def test_what_people_wrote_is_text_and_never_markup(at: At, world: World) -> None:
    done = world.draft(title=HOSTILE, body=HOSTILE, main_recipients=[HOSTILE])
    task = world.run(done, "office_check", dept_review={"opinion": HOSTILE})
    task = waiting(world, task)
    head = at("office.head")
    pages = [head.get(f"/tasks/{task.id}?tab={tab}") for tab in ("text", "sheet", "record")]
    pages.append(submit(head, task, opinion=HOSTILE))
    pages.append(head.get(f"/tasks/{task.id}/limit"))
    for page in pages:
        assert "<script>alert" not in page.answer.text
        assert HOSTILE in page.root.text_content()


@pytest.fixture
def drawn_outside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Notes whether a transaction was open while a page was set."""
    seen: list[bool] = []

    def pdf(_: paper.Paper) -> bytes:
        seen.append(db.session().in_transaction())
        return b"%PDF-"

    monkeypatch.setattr(paper.Paper, "pdf", pdf)
    return seen


def test_nobody_waits_on_a_lock_while_a_page_is_set(
    at: At, world: World, review: Task, drawn_outside: list[bool]
) -> None:
    document_id = world.session.get_one(Case, review.case_id).document_id
    for prefix in ("", "/api/v1"):
        answer = at("dept.head").get(f"{prefix}/documents/{document_id}/document.pdf").answer
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
    assert drawn_outside == [False, False]
    assert at("east.leader").get(f"/documents/{document_id}/document.pdf").status == 404
