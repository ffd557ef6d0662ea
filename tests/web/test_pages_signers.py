"""加签、减签 on pages: the signers, the form, and the case page of who has no stay there."""

from collections.abc import Callable
from typing import Any

import pytest

from app.handling.models import Task
from tests.handling.signings import STEPS, at_signing, present
from tests.web.conftest import At, Caller
from tests.web.handling import DECISION, now_open, submit, waiting
from tests.world import World

FORM = "form[aria-labelledby=act]"
REMOVAL = "form[action$='/signers/remove']"


def signing(world: World, mode: str = "parallel") -> Task:
    return waiting(world, at_signing(world, mode, ["leader2", "leader3"]))


def test_the_link_stands_at_signings_only(at: At, world: World, review: Task) -> None:
    task = signing(world)
    assert "加签、减签" in at("leader2").get(f"/tasks/{task.id}").texts(".more a")
    assert "加签、减签" not in at("dept.head").get(f"/tasks/{review.id}").texts(".more a")
    page = at("dept.head").get(f"/tasks/{review.id}/signers")
    assert "请改用转办或征求意见" in page.text(FORM)


def test_a_signer_is_told_who_is_missing(at: At, world: World) -> None:
    task = signing(world)
    leader2 = at("leader2")
    page = leader2.get(f"/tasks/{task.id}")
    assert "▲ 除本人外尚未签署：吴志刚" in page.texts(".warn-line")
    submit(leader2, task, outcome="approve", opinion="同意。")
    last = next(each for each in now_open(world, task.case_id))
    page = at("leader3").get(f"/tasks/{last.id}")
    assert "其他会签人都已签署。" in page.text(DECISION)
    office = at("office.head").get(f"/cases/{task.case_id}")
    assert "▲ 尚未签署：吴志刚" in office.texts(".warn-line")
    assert office.texts("ol.signers li") == ["孙丽华 已签：同意会签", "吴志刚 在签"]


POSITIONS = [
    ("before", "已请刘国强先会签", {"leader", "leader3"}, "/"),
    ("after", "已请刘国强在您之后会签", {"leader2", "leader3"}, None),
    ("parallel", "已请刘国强与您同时会签", {"leader", "leader2", "leader3"}, None),
]


@pytest.mark.parametrize(("position", "said", "then", "leads_to"), POSITIONS)
def test_a_signer_asks_another(
    at: At, world: World, position: str, said: str, then: set[str], leads_to: str | None
) -> None:
    task = signing(world)
    leader2 = at("leader2")
    path = f"/tasks/{task.id}/signers"
    answer = leader2.press(path, FORM, logins=["leader"], position=position, reason="涉及资金。")
    assert answer.status == 303
    assert answer.leads_to == (leads_to or f"/tasks/{task.id}")
    assert said in leader2.get(answer.leads_to).text(".message.done")
    world.session.rollback()
    assert set(present(world, task)) == then
    listed = at("office.head").get(f"/cases/{task.case_id}").texts("ol.signers li")
    assert any(each.startswith("刘国强") and "孙丽华加签" in each for each in listed)
    record = leader2.get(f"/cases/{task.case_id}?tab=record").text("table")
    assert "加签：刘国强" in record
    assert "涉及资金。" in record


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"position": "after"}, "logins", "请选择"),
    ({"logins": ["drafter"], "position": "after"}, "logins", "OUT-04"),
    ({"logins": ["leader"]}, "position", "之前"),
]


@pytest.mark.parametrize(("typed", "field", "words"), WRONG)
def test_a_refusal_keeps_what_was_typed(
    at: At, world: World, typed: dict[str, Any], field: str, words: str
) -> None:
    task = signing(world)
    page = at("leader2").press(f"/tasks/{task.id}/signers", FORM, reason="请总工先看。", **typed)
    assert page.status == 422
    assert words in page.text(f"#{field}-error")
    assert page.root.cssselect(f".errors a[href='#{field}']")
    assert page.root.cssselect(f"#{field}")
    kept = page.form(FORM)
    assert kept["reason"] == "请总工先看。"
    assert kept.get("position") == typed.get("position")
    assert "leader" not in typed.get("logins", []) or "leader" in kept["logins"]
    world.session.rollback()
    assert set(present(world, task)) == {"leader2", "leader3"}


def test_who_sent_it_lets_one_off_on_the_case_page(at: At, world: World) -> None:
    task = signing(world)
    office = at("office.head")
    path = f"/cases/{task.case_id}"
    answer = office.press(path, REMOVAL, login="leader3", reason="已电话沟通。")
    assert (answer.status, answer.leads_to) == (303, path)
    page = office.get(path)
    assert "不再请吴志刚会签" in page.text(".message.done")
    assert page.texts("ol.signers li") == ["孙丽华 在签"]
    assert not page.root.cssselect(REMOVAL)
    assert any("已减签）吴志刚" in each for each in page.texts(".trace li"))
    assert at("leader3").get(path).status == 404


def test_a_refused_removal_is_told_in_the_list(at: At, world: World) -> None:
    task = signing(world)
    office = at("office.head")
    path = f"/cases/{task.case_id}"
    page = office.press(path, REMOVAL, reason="已电话沟通。")
    assert page.status == 422
    assert page.root.cssselect(f"#removal-{task.id}-login[aria-invalid=true]")
    assert page.text(f"#removal-{task.id}-login-error") == "请选择要减签的人员。"
    assert page.form(REMOVAL)["reason"].strip() == "已电话沟通。"
    form = office.get(path).form(REMOVAL) | {"login": "leader2"}
    submit(at("leader2"), task, outcome="approve", opinion="同意。")
    late = office.post(f"/tasks/{task.id}/signers/remove", form)
    assert late.status == 409
    assert late.root.cssselect(".message.bad")


def test_who_may_not_sees_the_list_without_the_form(at: At, world: World) -> None:
    task = signing(world)
    page = at("secretary").get(f"/cases/{task.case_id}")
    assert page.texts("ol.signers li") == ["孙丽华 在签", "吴志刚 在签"]
    assert not page.root.cssselect(REMOVAL)
    assert at("secretary").get(f"/tasks/{task.id}/signers/remove").status == 303


def test_programs_add_and_remove(call: Callable[[str], Caller], world: World) -> None:
    task = signing(world, "sequential")
    world.session.close()
    path = f"/api/v1/tasks/{task.id}/signers"
    body = {"logins": ["leader", "unit.head"], "position": "before", "reason": "请先核。"}
    assert call("leader2").post(path, {**body, "position": "first"}).status_code == 422
    done = call("leader2").post(path, body)
    assert done.status_code == 200, done.json
    (opened,) = done.json["opened"]
    assert (opened["step"], opened["candidates"]) == (STEPS["sequential"], ["leader"])
    path = f"/api/v1/tasks/{opened['id']}"
    signers = call("leader").get(path).json["signers"]
    assert [(each["login"], each["state"], each["added_by"]) for each in signers] == [
        ("leader", "present", "孙丽华"),
        ("unit.head", "waiting", "孙丽华"),
        ("leader2", "waiting", None),
        ("leader3", "waiting", None),
    ]
    assert all(each["missing"] and not each["removable"] for each in signers)
    assert call("secretary").delete(f"{path}/signers/leader").status_code == 403
    assert call("city.leader").delete(f"{path}/signers/leader").status_code == 404
    assert call("leader2").delete(f"{path}/signers/nobody").status_code == 422
    assert call("leader2").delete(f"{path}/signers/unit.head?reason=不需要").status_code == 200
    gone = call("office.head").delete(f"{path}/signers/leader", {"reason": "已沟通。"})
    assert [each["candidates"] for each in gone.json["opened"]] == [["leader2"]]
    items = call("office.head").get(f"/api/v1/cases/{task.case_id}/history").json["items"]
    acts = [each for each in items if each["action"].startswith("task.signer")]
    assert [(each["action_label"], each["reason"]) for each in acts] == [
        ("加签：刘国强、郑德明（在本人之前）", "请先核。"),
        ("减签：郑德明", "不需要"),
        ("减签：刘国强", "已沟通。"),
    ]
