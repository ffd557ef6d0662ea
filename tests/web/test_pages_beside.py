"""Pages of the acts beside the route: 传阅, 催办, 常用意见, 批量办理."""

import pytest
import sqlalchemy as sa

from app.handling.models import Case, Circulation, Phrase, Task
from tests.web.conftest import At
from tests.web.desk import Page
from tests.web.handling import now_open, waiting
from tests.world import World

FORM = "form.card"
FAR = {
    "distribute": {"next": ["leader"]},
    "collect": {"outcome": "to_handle", "next": ["dept.head"]},
}


def links(page: Page, selector: str) -> dict[str, str]:
    found = page.root.cssselect(selector)
    return {" ".join(each.text_content().split()): each.get("href") for each in found}


def copies(world: World) -> list[Circulation]:
    world.session.rollback()
    return list(world.session.scalars(sa.select(Circulation).order_by(Circulation.id)))


@pytest.fixture
def document(world: World, review: Task) -> int:
    return world.session.get_one(Case, review.case_id).document_id


def test_a_document_is_circulated_read_and_followed(
    at: At, world: World, review: Task, document: int
) -> None:
    head = at("dept.head")
    more = links(head.get(f"/tasks/{review.id}"), "details.more a")
    assert more["传阅、专送"] == f"/documents/{document}/circulate"
    page = head.get(more["传阅、专送"])
    assert {"工程科", "财务科"} <= set(page.texts("fieldset fieldset legend"))
    offered = {each.get("value") for each in page.root.cssselect("[name=readers]")}
    assert "dept.head" not in offered
    assert not offered & {"auditor", "security.admin", "system.admin"}
    empty = head.press(more["传阅、专送"], FORM, words="请了解。")
    assert empty.status == 422
    assert "CIR-07" in empty.text("#readers-error")
    assert empty.form(FORM)["words"] == "请了解。"
    typed = {"readers": ["leader3", "sole.head"], "words": "请了解。"}
    sent = head.press(more["传阅、专送"], FORM, **typed)
    assert (sent.status, sent.leads_to) == (303, f"/documents/{document}/circulation")
    followed = head.get(sent.leads_to)
    assert "已传阅 2 人" in followed.text(".message.done")
    assert "未阅 2 份" in followed.text("section[aria-labelledby=copies] .in > p")
    assert "应阅 2 人，已阅 0 人；未阅 2 人" in followed.text("section[aria-labelledby=bulletin]")

    reader = at("leader3")
    row = reader.get("/read")
    assert "传阅王建军传阅：请了解。" in "".join(row.texts("tbody td"))
    assert [each.read_at for each in copies(world)] == [None, None]
    assert not reader.get("/").root.cssselect("table.list")
    case = reader.get(f"/cases/{review.case_id}")
    assert "请了解。" in case.text("section[aria-labelledby=circulation]")
    assert links(case, "section[aria-labelledby=circulation] .bar a") == {
        "传阅…": f"/documents/{document}/circulate"
    }
    assert copies(world)[1].read_at or copies(world)[0].read_at
    assert not reader.get("/read").root.cssselect("table.list")
    assert reader.get("/seen").root.cssselect(f'a[href="/cases/{review.case_id}"]')


def test_what_was_sent_directly_offers_no_passing_on(at: At, review: Task, document: int) -> None:
    path = f"/documents/{document}/circulate"
    at("dept.head").press(path, FORM, readers="leader3", kind="direct")
    reader = at("leader3")
    case = reader.get(f"/cases/{review.case_id}")
    assert "不能再传（CIR-01）" in case.text("section[aria-labelledby=circulation]")
    assert not links(case, "section[aria-labelledby=circulation] a")
    assert reader.get(path).status == 403
    assert reader.get(f"/documents/{document}/circulation").status == 403


def test_a_copy_is_taken_back_until_it_is_read(
    at: At, world: World, review: Task, document: int
) -> None:
    head = at("dept.head")
    head.press(f"/documents/{document}/circulate", FORM, readers=["leader3", "sole.head"])
    first, second = copies(world)
    readers = {world.actor(login).person_id: login for login in ("leader3", "sole.head")}
    path = f"/cases/{review.case_id}"
    recall = f'form[action$="/{first.id}/recall"]'
    assert head.press(path, recall).status == 303
    assert at(readers[first.reader_id]).get(path).status == 404
    assert at(readers[second.reader_id]).get(path).status == 200
    late = f"/documents/{document}/circulation/{second.id}/recall"
    form = head.get(f"/documents/{document}/circulate").form(FORM)
    refused = head.post(late, form)
    assert refused.status == 409
    assert "阅读此件，不能收回" in refused.text(".message.bad[role=alert]")
    assert not head.get(path).root.cssselect('form[action$="/urge"]')


def test_readers_are_urged_from_the_case(at: At, world: World, review: Task, document: int) -> None:
    head = at("dept.head")
    head.press(f"/documents/{document}/circulate", FORM, readers="leader3")
    path, urge = f"/cases/{review.case_id}", 'form[action$="/circulation/urge"]'
    refused = head.press(path, urge)
    assert refused.status == 422
    assert "原因" in refused.text("#reason-error")
    assert head.press(path, urge, reason="明日开会用。").status == 303
    assert "王建军催读：明日开会用。" in "".join(at("leader3").get("/read").texts("tbody td"))


def test_a_stay_is_urged_and_both_sides_see_it(at: At, review: Task) -> None:
    drafter = at("drafter")
    path = f"/tasks/{review.id}/urge"
    case = drafter.get(f"/cases/{review.case_id}")
    assert links(case, "section[aria-labelledby=now] a.btn") == {"催办": path}
    assert path in links(drafter.get("/mine"), "tbody a.btn").values()
    assert path in links(drafter.get("/done"), "tbody a.btn").values()
    assert path in links(drafter.get(f"/tasks/{review.id}"), ".bar a.btn").values()
    empty = drafter.press(path, FORM, reason=" ")
    assert empty.status == 422
    assert "原因" in empty.text("#reason-error")
    assert drafter.press(path, FORM, reason="会议等用。").status == 303
    head = at("dept.head")
    read = head.get("/read")
    assert links(read, "td.title a").popitem()[1] == f"/tasks/{review.id}"
    for page in (
        drafter.get(f"/cases/{review.case_id}"),
        drafter.get(f"/tasks/{review.id}"),
        head.get(f"/tasks/{review.id}"),
    ):
        assert "陈雨桐催办" in page.text(".message.warn")
        assert "会议等用。" in page.text(".message.warn")
    again = drafter.press(path, FORM, reason="再催。")
    assert again.status == 409
    assert "14:00 催办过，14:10 以后" in again.text(".message.bad[role=alert]")
    assert again.form(FORM)["reason"] == "再催。"
    assert "不能由您催办" in head.get(path).text(FORM)


def test_process_administrators_see_that_a_stopped_stay_is_urged(at: At, stopped: Task) -> None:
    at("drafter").press(f"/tasks/{stopped.id}/urge", FORM, reason="等着发。")
    administrator = at("process.admin")
    (address,) = links(administrator.get("/read"), "td.title a").values()
    assert address == f"/tasks/{stopped.id}"
    assert "等着发。" in "".join(administrator.get(address).texts(".message.warn"))
    assert not administrator.get("/read").root.cssselect("table.list")


def test_phrases_are_kept_moved_and_dropped(at: At, world: World, review: Task) -> None:
    head = at("dept.head")
    page = head.get(f"/tasks/{review.id}")
    assert page.texts(".phrases button")[:2] == ["同意。", "已阅。"]
    manage = page.root.cssselect(".phrases a")[0].get("href")
    assert manage == f"/phrases?task={review.id}"
    saved = head.press(manage, FORM, text=["拟同意。", "请会商。", "拟退回。"], do="save")
    assert (saved.status, saved.leads_to) == (303, manage)
    shown = ["拟同意。", "请会商。", "拟退回。"]
    for do, now in (
        ("up.2", ["拟同意。", "拟退回。", "请会商。"]),
        ("down.0", ["拟退回。", "拟同意。", "请会商。"]),
        ("drop.1", ["拟退回。", "请会商。"]),
        ("up.0", ["拟退回。", "请会商。"]),
        ("nonsense", ["拟退回。", "请会商。"]),
    ):
        assert head.press(manage, FORM, text=shown, do=do).status == 303
        shown = [text for text in head.get(manage).form(FORM)["text"] if text]
        assert shown == now
    assert head.get(f"/tasks/{review.id}").texts(".phrases button") == shown
    refused = head.press(manage, FORM, text=["好。", "好。"], do="save")
    assert refused.status == 422
    assert "相同" in refused.text("li .error")
    world.session.rollback()
    assert world.session.scalar(sa.select(sa.func.count()).select_from(Phrase)) == 2
    crumb = head.get(manage).root.cssselect(".crumb a")[0]
    assert crumb.get("href") == f"/tasks/{review.id}"
    assert head.get("/phrases?task=x").root.cssselect(".crumb a")[0].get("href") == "/"


def at_close(world: World, number: int) -> list[Task]:
    found = []
    for place in range(number):
        done = world.register(number=f"江市水〔2026〕{20 + place}号")
        found.append(waiting(world, world.run(done, "close", **FAR)))
    return found


def test_several_are_done_at_once_after_a_look_at_each(at: At, world: World) -> None:
    one, other, unopened = at_close(world, 3)
    secretary = at("secretary")
    for task in (one, other):
        secretary.get(f"/tasks/{task.id}")
    page = secretary.get("/")
    boxes = {each.get("value"): each for each in page.root.cssselect("[name=task]")}
    assert boxes[str(one.id)].get("disabled") is None
    assert boxes[str(unopened.id)].get("disabled") is not None
    assert page.texts("label[title=先打开]") == ["先打开"]
    path = f"/tasks/batch?task={one.id}&task={other.id}&task={unopened.id}"
    confirm = secretary.get(path)
    assert confirm.texts(".bar button") == ["提交 2 件"]
    assert "秘书办结：办结" in confirm.text("ul.rows:not(h3 ~ ul)")
    assert "请先打开" in confirm.text("h3 ~ ul")
    assert [each.state for each in now_open(world, one.case_id)] == ["open"]
    form = confirm.form(FORM) | {"opinion": "已办毕。"}
    assert len(form["item"]) == 2
    assert secretary.post("/tasks/batch", form).leads_to == "/"
    assert "已批量办结 2 件。" in secretary.get("/").text(".message.done")
    assert now_open(world, one.case_id) == now_open(world, other.case_id) == []
    assert len(now_open(world, unopened.case_id)) == 1


def test_a_batch_in_which_nothing_can_be_done_comes_again(at: At, world: World) -> None:
    (task,) = at_close(world, 1)
    secretary = at("secretary")
    secretary.get(f"/tasks/{task.id}")
    path = f"/tasks/batch?task={task.id}"
    form = secretary.get(path).form(FORM) | {"opinion": "办结。" * 1000}
    refused = secretary.post("/tasks/batch", form)
    assert refused.status == 422
    assert "最多 2000 字" in refused.text("#opinion-error")
    form["item"] = f"{task.id}.9"
    stale = secretary.post("/tasks/batch", form | {"opinion": "办结。"})
    assert stale.status == 409
    assert stale.form(FORM)["opinion"] == "办结。"
    for query in ("", "?task=", "?" + "&".join(f"task={number}" for number in range(1, 53))):
        assert secretary.get(f"/tasks/batch{query}").leads_to == "/"
    assert len(secretary.get("/").texts(".message.bad:not(#notice)")) == 3


def test_lists_without_such_steps_have_no_boxes(at: At, review: Task) -> None:
    page = at("dept.head").get("/")
    assert page.root.cssselect(f'a[href="/tasks/{review.id}"]')
    assert not page.root.cssselect("[name=task], form[action='/tasks/batch']")
