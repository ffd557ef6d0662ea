"""合规检查 on the page and at the API: for auditors alone, and on record."""

from collections.abc import Callable

import sqlalchemy as sa

from app.audit import AuditEntry
from tests.web.conftest import At, Caller
from tests.world import World


def withdrawn(world: World) -> int:
    """Number of a case that went by the diagram, but for one act that was taken back."""
    done = world.draft()
    (task,) = world.open(done.case)
    world.complete(task, "drafter")
    world.withdraw(task, "drafter", "漏了附件。")
    world.run(done)
    case_id = done.case.id
    world.session.rollback()
    return case_id


def last_action(world: World) -> str:
    world.session.rollback()
    query = sa.select(AuditEntry.action).order_by(AuditEntry.seq.desc())
    return str(world.session.scalars(query).first())


def test_the_auditor_checks_a_case_and_reads_what_deviates(at: At, world: World) -> None:
    case_id = withdrawn(world)
    desk = at("auditor")
    assert "还没有检查过" in desk.get("/audit/deviations").text("main")
    sent = desk.press("/audit/deviations", "form[action='/audit/deviations']", case=str(case_id))
    page = desk.get(sent.leads_to)
    assert "均有据可查" in page.texts("main [role=status]")[-1]
    assert "漏了附件。" in page.text("tbody tr")
    assert world.actor("drafter").name in page.text("tbody tr")
    assert last_action(world) == "conformance.checked"
    assert desk.get("/audit/deviations?kind=wrong").text(".empty") == "没有符合条件的偏离。"


def test_what_is_no_case_is_refused_at_its_field(at: At, world: World) -> None:
    desk = at("auditor")
    for typed, words in (("abc", "案件编号应为数字"), ("99", "没有 99 号案件")):
        page = desk.press("/audit/deviations", "form[action='/audit/deviations']", case=typed)
        assert page.status == 422
        assert words in page.text("main")


def test_nobody_else_comes_in(at: At, call: Callable[[str], Caller]) -> None:
    for login in ("drafter", "process.admin", "system.admin", "security.admin"):
        assert at(login).get("/audit/deviations").status == 403
        assert call(login).get("/api/v1/audit/deviations").status_code == 403
        assert call(login).post("/api/v1/audit/cases/1/conformance").status_code == 403


def test_through_the_api(call: Callable[[str], Caller], world: World) -> None:
    case_id = withdrawn(world)
    auditor = call("auditor")
    checked = auditor.post(f"/api/v1/audit/cases/{case_id}/conformance").json
    assert checked == {"case_id": case_id, "deviations": 1, "wrong": 0}
    found = auditor.get("/api/v1/audit/deviations?kind=lawful").json
    assert (found["summary"]["checked"], found["summary"]["deviating"]) == (1, 1)
    (item,) = found["items"]
    assert (item["kind"], item["step"], item["reason"]) == ("withdrawn", "draft", "漏了附件。")
    assert auditor.get(f"/api/v1/audit/deviations?case={case_id + 1}").json["items"] == []
    assert auditor.post("/api/v1/audit/cases/99/conformance").status_code == 404
