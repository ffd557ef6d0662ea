"""A refused form of the handling page keeps what was typed; so does a draft."""

import pytest
import sqlalchemy as sa

from app.handling.models import Opinion, OpinionDraft, Task
from tests.web.conftest import At
from tests.web.handling import DECISION, now_open, submit, ticked, waiting
from tests.world import World

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
    task = waiting(world, world.register().opened[0])
    second = at("dispatcher")
    form = second.get(f"/tasks/{task.id}").form(DECISION)
    submit(at("secretary"), task, outcome="submit", opinion="请阅。")
    form |= {"outcome": "submit", "opinion": "我写了很久"}
    late = second.post(f"/tasks/{task.id}/complete", form)
    assert late.status == 409
    assert late.text("div.message.bad").startswith("此件已由杨晓燕 于 11-23 14:00 办理")
    assert late.root.cssselect("#opinion")[0].value.strip() == "我写了很久"
    written = world.session.scalars(sa.select(Opinion.text).where(Opinion.task_id == task.id))
    assert written.all() == ["请阅。"]


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
