"""Acts through the forms of the handling page: each has one effect, whoever sends it how often."""

import sqlalchemy as sa

from app.handling.models import Opinion, Task
from tests.web.conftest import At
from tests.web.handling import DECISION, now_open, submit, waiting
from tests.world import World


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
