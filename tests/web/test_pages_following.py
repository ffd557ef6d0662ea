"""The page and the API of a process in one unit: its own version, or following the one above."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.organization.models import Unit
from app.workflow import checks, queries, trial
from app.workflow.models import ProcessTerm
from tests.handling.test_following import county, own
from tests.handling.test_process_drafts import dismiss_all
from tests.web.conftest import At, Caller
from tests.web.test_pages_lists import counting
from tests.world import World

HERE = "/process/definitions/outgoing/units/jiangzhou-county-water"
FORM = "form[aria-labelledby=follow]"
DECISION = "form[action*=terms\\/]"


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def test_a_unit_follows_again_on_its_page(at: At, world: World) -> None:
    own(world)
    first, second = at("process.admin"), at("process.admin2")
    assert "本单位的第 2 版" in first.get("/process/definitions/outgoing").text("main")
    page = first.get(HERE)
    assert "用本单位的版本" in page.text(".case-head")
    assert "法规审核" in page.text("section[aria-labelledby=differences]")
    refused = first.press(HERE, FORM, reason="")
    assert refused.status == 422
    assert "请写明改为跟随上级的理由" in refused.text("#reason-error")
    assert first.press(HERE, FORM, reason="改", in_force_from="x").status == 422
    assert first.press(HERE, FORM, reason="与市局一致").status == 303
    page = first.get(HERE)
    assert "等另一位流程管理员同意" in page.text("main")
    assert not page.root.cssselect(f"{FORM}, {DECISION}")
    assert "流程 1" in second.get(HERE).text("nav.tabs")
    assert second.press(HERE, DECISION, agree="no", answer="").status == 422
    assert second.press(HERE, DECISION, agree="yes").status == 303
    page = second.get(HERE)
    assert "跟随上级" in page.text(".case-head")
    assert "与市局一致" in page.text("section[aria-labelledby=terms]")
    listed = second.get("/process/definitions/outgoing").text("main")
    assert "跟随全机关，第 1 版" in listed
    assert "县水务局" not in second.get("/process/definitions").text("table.list")
    assert queries.in_force(world.session, "outgoing", county(world)).version == 1


def test_roles_that_the_unit_lacks_for_the_version_above_are_named(
    at: At, call: Callable[[str], Caller], world: World
) -> None:
    """Before it is proposed and before it is agreed to; it may be, since they can be appointed."""
    own(world)
    first, second = at("process.admin"), at("process.admin2")
    assert "没有办理人" not in first.get(HERE).text("main")
    assert call("process.admin").get(f"/api/v1{HERE}").json["stops"] == []
    dismiss_all(world, "seal-keeper", county(world))
    world.session.rollback()
    said = "“用印”：江洲县水务局没有人担任“印章管理员”，届时停在流程管理员处，请先任命"
    assert said in first.get(HERE).text(".message.warn")
    assert said in call("process.admin").get(f"/api/v1{HERE}").json["stops"]
    assert first.press(HERE, FORM, reason="与市局一致").status == 303
    assert said in second.get(HERE).text(".message.warn")
    assert second.press(HERE, DECISION, agree="yes").status == 303
    assert "没有办理人" not in second.get(HERE).text("main")


def test_who_may_not_and_what_is_not_there(at: At, world: World) -> None:
    own(world)
    east = at("east.process.admin").get(HERE)
    assert east.status == 200
    assert not east.root.cssselect(FORM)
    assert at("process.admin").get(f"{HERE}x").status == 404
    assert at("process.admin").get(HERE.replace("outgoing", "nothing")).status == 404
    assert at("drafter").get(HERE).status == 403
    assert at("process.admin").get(f"{HERE}/following").status == 200


def test_more_units_need_no_more_statements(at: At, app: Flask, world: World) -> None:
    """However many have a version of their own, and however deep they lie."""
    sha256, path = own(world), "/process/definitions/outgoing"

    def add(numbers: range) -> None:
        above = county(world)
        for number in numbers:
            name = f"第{number}所"
            unit = Unit(
                key=f"u{number}", name=name, short_name=name, agency_code=name, letterhead=name,
                rank=3, parent_id=above,
            )  # fmt: skip
            world.session.add(unit)
            world.session.flush()
            above = unit.id
            term = ProcessTerm(
                process_id="outgoing", unit_id=unit.id, sha256=sha256, state="in_force",
                reason="试", proposed_at=world.at, started_at=world.at,
            )  # fmt: skip
            world.session.add(term)
        world.session.commit()
        world.session.rollback()

    add(range(2))
    reader = at("process.admin")
    reader.get(path)
    with counting(app) as few:
        reader.get(path)
    add(range(2, 22))
    with counting(app) as many:
        page = reader.get(path)
    assert "第21所" in page.text("main")
    assert len(many) == len(few)
    deep = reader.get(f"{path}/units/u21").text("section[aria-labelledby=now]")
    assert "上级（第20所）" in deep


def test_through_the_api(call: Callable[[str], Caller], world: World) -> None:
    mine = own(world)
    first, second = call("process.admin"), call("process.admin2")
    here = f"/api/v1{HERE}"
    found = first.get(here).json
    assert (found["own"]["sha256"], found["may_follow"]) == (mine, True)
    assert (found["above"]["version"], found["above"]["where"]) == (1, "全机关")
    assert call("east.process.admin").get(here).json["may_follow"] is False
    body = {"reason": "与市局一致"}
    refused = call("east.process.admin").post(f"{here}/following", body)
    assert (refused.status_code, refused.json["code"]) == (403, "out_of_reach")
    assert first.post(f"{here}/following", {"reason": ""}).status_code == 422
    term = first.post(f"{here}/following", body).json
    assert (term["follows"], term["unit"], term["state"]) == (
        True,
        "jiangzhou-county-water",
        "proposed",
    )
    again = first.post(f"{here}/following", body)
    assert (again.status_code, again.json["code"]) == (409, "already_decided")
    decision = f"/api/v1/process/terms/{term['id']}/decision"
    assert first.post(decision, {"agree": True}).status_code == 403
    assert second.post(decision, {"agree": True}).json["state"] == "in_force"
    found = first.get(here).json
    assert (found["own"], found["may_follow"]) == (None, False)
    assert [each["follows"] for each in found["terms"]] == [True, False]
