"""推演 on pages and through the API."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.handling.whatif import playing, saved
from app.web.api import what_ifs
from app.web.process import trying, what_if
from app.workflow.models import ProcessTerm
from app.workflow.queries import in_force
from tests.handling.editions import inserted, kept
from tests.handling.whatif.test_playing import WAY, suppose
from tests.web.conftest import At, Caller
from tests.world import MONDAY, World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")
BEGIN = "form[aria-labelledby=begin]"
NEXT = "form[aria-labelledby=next-step]"


def present(world: World) -> str:
    found = in_force(world.session, "outgoing").sha256
    world.session.rollback()
    return found


def test_an_administrator_steps_through_and_saves_it(at: At, world: World) -> None:
    admin, here = at("city.process.admin"), f"/process/what-if/{present(world)}"
    page = admin.press(here, BEGIN, starter="drafter", at="2026-11-23T09:00")
    assert page.status == 200
    assert "拟稿" in page.text("section[aria-labelledby=way] tbody")
    sent = {**page.form(NEXT), "do": "more", "at": "2026-11-23T10:00"}
    page = admin.post(here, sent)
    assert "部门负责人核稿：王建军" in page.text("section[aria-labelledby=way] tbody")
    wrong = admin.post(here, {**page.form(NEXT), "do": "more", "at": "x"})
    assert wrong.status == 422
    back = {**page.form(NEXT), "do": "more", "step": "dept_review:←", "back": "draft"}
    page = admin.post(here, back)
    assert "退回" in page.text("section[aria-labelledby=way] tbody")
    page = admin.post(here, {**page.form(NEXT), "do": "less"})
    assert "退回 " not in page.text("section[aria-labelledby=way] tbody")
    kept_ = admin.post(
        f"{here}/tests", {**page.form("form[aria-labelledby=keep]"), "name": "普通通知"}
    )
    assert kept_.status == 303
    assert "✓ 通过" in admin.get(here).text("section[aria-labelledby=tests] tbody")


def test_a_version_that_fails_is_said_to_and_may_be_waived(
    at: At, call: Callable[[str], Caller], world: World
) -> None:
    sha256 = present(world)
    new = kept(world.session, LEGAL).sha256
    body = {"name": "普通通知", "sha256": sha256, "scenario": suppose(*WAY).stored()}
    first = call("city.process.admin")
    assert first.post("/api/v1/process-tests", body).status_code == 201
    run = first.get(f"/api/v1/definitions/{new}/tests").json
    assert (run["passed"], "法规审核" in str(run["items"][0]["said"])) == (False, True)
    admin = at("city.process.admin")
    page = admin.get(f"/process/what-if/{new}")
    assert "没有通过 1 项" in page.text("section[aria-labelledby=tests] h2")
    waived = admin.press(f"/process/what-if/{new}", "form[action*=waiver]", reason="随后更新。")
    assert waived.status == 303
    second = at("city.process.admin2")
    there = second.get(f"/process/versions/{new}").answer.text
    for path in (f"/process/what-if/{new}", f"/process/rehearsals/{new}"):
        assert f'href="{path}"' in there
    seen = second.get(f"/process/what-if/{new}")
    assert "随后更新。" in seen.text("section[aria-labelledby=tests]")
    file = admin.get(f"/process/what-if/{sha256}/export")
    assert file.answer.mimetype == "application/json"
    form = page.form("form[action*=import]") | {"file": (io.BytesIO(file.answer.data), "a.json")}
    assert admin.post(f"/process/what-if/{sha256}/import", form).status == 303
    test = run["items"][0]["id"]
    shown = admin.get(f"/process/what-if/{new}/tests/{test}")
    assert "应到“办公室负责人把关”" in shown.text(".message.warn")
    deleted = admin.press(f"/process/what-if/{new}", "form[action*=deletion]")
    assert deleted.status == 303


def test_what_takes_its_time_is_played_while_nothing_is_locked(
    at: At, call: Callable[[str], Caller], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_read: list[Any] = []

    def watched(session: Session, *given: Any) -> Any:
        if session.get_bind().dialect.name == "sqlite":
            only_read.append(session.scalar(sa.text("PRAGMA query_only")) == 1)
        return playing.play(session, *given)

    for module in (saved, trying, what_if, what_ifs):
        monkeypatch.setattr(module, "play", watched)
    sha256, new = present(world), kept(world.session, LEGAL).sha256
    supposed, first = suppose(*WAY).stored(), call("city.process.admin")
    body = {"name": "普通通知", "sha256": sha256, "scenario": supposed}
    assert first.post("/api/v1/process-tests", body).status_code == 201
    path = f"/api/v1/definitions/{sha256}/what-if"
    assert first.post(path, {"scenario": supposed}).status_code == 200
    admin = at("city.process.admin")
    begun = admin.press(f"/process/what-if/{sha256}", BEGIN, starter="drafter")
    form = begun.form("form[aria-labelledby=keep]") | {"name": "二"}
    assert admin.post(f"/process/what-if/{sha256}/tests", form).status == 303
    waived = admin.press(f"/process/what-if/{new}", "form[action*=waiver]", reason="随后更新。")
    assert waived.status == 303
    term = world.session.scalar(sa.select(ProcessTerm.id).where(ProcessTerm.sha256 == new))
    world.session.rollback()
    answer = call("city.process.admin2").post(
        f"/api/v1/process/terms/{term}/decision", {"agree": True}
    )
    assert answer.status_code == 200, answer.text
    assert len(only_read) >= 6
    assert all(only_read)


def test_the_api_plays_and_writes_nothing(call: Callable[[str], Caller], world: World) -> None:
    path = f"/api/v1/definitions/{present(world)}/what-if"
    found = call("city.process.admin").post(path, {"scenario": suppose(*WAY).stored()}).json
    assert found["finished"]
    assert [line["written"][0]["topic"] for line in found["lines"] if line["written"]] == [
        "write-signatory",
        "register-number",
        "seal",
        "dispatch",
    ]
    assert call("drafter").post(path, {"scenario": suppose().stored()}).status_code == 403
    wrong = {"scenario": {"starter": "drafter", "at": MONDAY.isoformat(), "x": 1}}
    assert call("city.process.admin").post(path, wrong).status_code == 422
    early = {"scenario": {"starter": "drafter", "at": "0001-01-01T00:00:00+08:00"}}
    assert call("city.process.admin").post(path, early).status_code == 422
    exported = call("city.process.admin").get("/api/v1/processes/outgoing/tests").json
    assert exported == {"file": {}}
