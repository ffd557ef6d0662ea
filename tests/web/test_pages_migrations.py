"""迁移 on pages and through the API: proposed from the rehearsal, confirmed by another one."""

from collections.abc import Callable

import pytest

from app.handling.models import Task
from app.web import carrying_out
from app.workflow.models import WorkflowCase
from tests.handling import administering
from tests.handling.editions import inserted, limited, removed, timed
from tests.handling.migrating.migrating import followed, in_force, stand
from tests.web.conftest import At, Caller
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")
WHY = {"reason": "新办法自本月起执行。", "clause": "办公会纪要〔2026〕8号"}
FORM = "form[action*=rehearsals]"


def version_of(world: World, case_id: int) -> str:
    world.session.rollback()
    found = world.session.get_one(WorkflowCase, case_id, populate_existing=True).sha256
    world.session.rollback()
    return found


def test_two_administrators_move_a_case_and_one_puts_it_back(
    at: At, world: World, review: Task
) -> None:
    before = version_of(world, review.case_id)
    new = in_force(world, LEGAL, limited("dept_review", "P3D"))
    first, second = at("process.admin"), at("process.admin2")
    here = f"/process/rehearsals/{new.sha256}"
    refused = first.press(here, FORM, which="chosen", cases=str(review.case_id), reason="")
    assert refused.status == 422
    assert "请写明原因" in refused.text(".errors")
    plan = first.press(here, FORM, which="all", with_limits="yes", **WHY)
    assert plan.status == 303
    page = first.get(plan.leads_to)
    assert "多办：法规审核" in page.text("section[aria-labelledby=cases]")
    assert "确认迁移" not in page.answer.text
    assert "迁移 1" in second.get("/process/migrations/").text("nav.tabs")
    confirmed = second.press(plan.leads_to, "form[action*=decision]", agree="yes")
    assert confirmed.status == 303
    assert version_of(world, review.case_id) == new.sha256
    shown = second.get(plan.leads_to)
    assert "已迁移" in shown.text("section[aria-labelledby=cases] tbody")
    assert first.press(plan.leads_to, "form[action*=undoing]", reason="有误。").status == 303
    assert version_of(world, review.case_id) == before


@pytest.mark.parametrize("where", ["do_chores", "current_session"])
def test_a_fault_after_the_decision_takes_nothing_of_it_back(
    at: At,
    world: World,
    review: Task,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its cases are left to the scheduler, and the log says why."""
    new = in_force(world, LEGAL)
    here = f"/process/rehearsals/{new.sha256}"
    plan = at("process.admin").press(here, FORM, which="chosen", cases=str(review.case_id), **WHY)
    with monkeypatch.context() as patch:
        patch.setattr(carrying_out, where, failing)
        confirmed = at("process.admin2").press(plan.leads_to, "form[action*=decision]", agree="yes")
    assert confirmed.status == 303
    assert "what nobody thought of" in caplog.text
    assert "正在迁移" in at("process.admin2").get(plan.leads_to).text("main")
    followed(world)
    assert version_of(world, review.case_id) == new.sha256


def failing(*_given: object) -> None:
    raise KeyError("what nobody thought of")


def test_the_proposer_takes_it_back_and_does_not_confirm(
    at: At, world: World, review: Task
) -> None:
    new = in_force(world, LEGAL)
    first = at("process.admin")
    here = f"/process/rehearsals/{new.sha256}"
    plan = first.press(here, FORM, which="chosen", cases=str(review.case_id), **WHY)
    form = first.get(plan.leads_to).form("form[action*=withdrawal]")
    own = first.post(f"{plan.leads_to}/decision", {**form, "agree": "yes"})
    assert own.status == 403
    assert first.press(plan.leads_to, "form[action*=withdrawal]").status == 303
    assert "已撤回" in first.get(plan.leads_to).text(".case-head")
    assert at("city.process.admin").get(plan.leads_to).status == 404


def test_the_api_does_the_same(call: Callable[[str], Caller], world: World) -> None:
    fits, gone = stand(world, "dept_review"), stand(world, "office_check")
    ids = [fits.case_id, gone.case_id]
    new = in_force(world, removed("office_check"))
    first, second = call("process.admin"), call("process.admin2")
    made = first.post("/api/v1/migrations", {"sha256": new.sha256, "cases": ids, **WHY})
    assert made.status_code == 201
    assert [each["case_id"] for each in made.json["left_out"]] == [gone.case_id]
    number = made.json["migration"]["id"]
    assert first.post(f"/api/v1/migrations/{number}/decision", {"agree": True}).status_code == 403
    done = second.post(f"/api/v1/migrations/{number}/decision", {"agree": True}).json
    assert [each["state"] for each in done["cases"]] == ["moved"]
    undone = second.post(f"/api/v1/migrations/{number}/undo", {"reason": "有误。"}).json
    assert undone["state"] == "undone"
    assert first.get("/api/v1/migrations").json["items"][0]["id"] == number
    assert call("drafter").get(f"/api/v1/migrations/{number}").status_code == 403


def test_timers_that_end_are_told_and_stop_a_case_that_stands_still(
    at: At, call: Callable[[str], Caller], world: World
) -> None:
    in_force(world, timed("dept_review"))
    goes, still = (world.case_of(stand(world, "dept_review")) for _ in range(2))
    administering.carry_out(world, still, "suspend")
    new = in_force(world, limited("office_check", "P4D"))
    page = at("process.admin").get(f"/process/rehearsals/{new.sha256}").text("main")
    assert "定时器“dept_review_late”不再计时" in page
    assert "此件已暂停，而两个版本的定时器不同，请恢复办理后再迁移。" in page
    found = call("process.admin").get(f"/api/v1/definitions/{new.sha256}/rehearsal").json
    lines = {each["case_id"]: each for each in found["items"]}
    assert lines[goes.id]["timers_ended"] == ["dept_review_late"]
    assert (lines[goes.id]["obstacles"], lines[goes.id]["kinds"]) == ([], ["timers"])
    (why,) = lines[still.id]["obstacles"]
    assert (why["element"], why["gone"], lines[still.id]["kinds"]) == ("", False, ["cannot"])
