"""回放 on pages and at the API: any moment of a case, for auditors alone, and on record."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry, case_entries, operations
from app.handling.acts.done import Done
from app.handling.replaying.rebuilding import rebuild
from app.workflow import definitions
from app.workflow.models import DefinitionRow
from tests.handling.administering import decide, propose
from tests.handling.editions import renamed, ruled
from tests.handling.migrating.migrating import in_force, moved, stand
from tests.web.conftest import At
from tests.web.desk import Page
from tests.world import World


@pytest.fixture
def done(world: World) -> Done:
    """Returned once, moved once by administrators, at the leader's now."""
    done = world.draft()
    world.run(done, "office_check")
    (task,) = world.open(done.case)
    world.send_back(task, "office.head", "draft", opinion="请补充要求。")
    world.run(done, "office_check")
    (task,) = world.open(done.case)
    decide(world, propose(world, done.case, "move", task, "draft"))
    world.run(done, "leader_sign")
    return done


def seq_of(world: World, done: Done, action: str) -> int:
    entries = case_entries(world.session, done.case.id, done.case.document_id)
    found = [each.seq for each in entries if each.action == action]
    world.session.rollback()
    return found[0]


def looks(world: World) -> list[dict[str, Any]]:
    world.session.rollback()
    query = sa.select(AuditEntry.body).where(AuditEntry.action == "case.replayed")
    return [json.loads(body) for body in world.session.scalars(query.order_by(AuditEntry.seq))]


def facts(page: Page, of: str) -> dict[str, str]:
    names, words = page.texts(f"{of} dl.facts dt"), page.texts(f"{of} dl.facts dd")
    return dict(zip(names, words, strict=True))


def test_an_auditor_sees_the_case_at_any_record(at: At, world: World, done: Done) -> None:
    desk = at("auditor")
    page = desk.get(f"/audit/cases/{done.case.id}/replay")
    assert "链校验通过" in page.text(".replay-facts .proof.good")
    back = seq_of(world, done, "task.returned")
    page = desk.get(f"/audit/cases/{done.case.id}/replay?at={back}")
    assert "退回" in page.text("#now")
    assert facts(page, "[data-moment] .look-back")["意见、原因"] == "请补充要求。"
    assert "OUT-08 正文误作附件" in facts(page, "[data-moment] .look-back")["依据条款"]
    place = page.texts("#standing + .in ul.rows li")[0]
    assert "拟稿" in place
    assert "DDL-01 普通公文一个工作日内接收办理" in place
    assert "内容与记录里的校验码一致" in page.text("#text + .in .proof")
    assert page.texts("#said") == ["意见 3 条"]
    rows = page.root.cssselect(".replay-list tr[aria-current]")
    assert [each.get("data-seq") for each in rows] == [str(back)]


def test_kinds_of_records_differ_by_word_and_sign(at: At, world: World, done: Done) -> None:
    page = at("auditor").get(f"/audit/cases/{done.case.id}/replay")
    looks_of = {each.get("class") for each in page.root.cssselect(".replay-list tbody tr")}
    assert {"look-self", "look-back", "look-jump", "look-administrator"} <= looks_of
    words = " ".join(page.texts(".replay-list td:nth-child(3)"))
    for each in ("↺ 本人 退回", "⇥ 管理员 跳转", "管 管理员", "● 本人"):
        assert each in words


def test_filters_and_comparison(at: At, world: World, done: Done) -> None:
    desk, base = at("auditor"), f"/audit/cases/{done.case.id}/replay"
    page = desk.get(f"{base}?unusual=any")
    assert [each[0] for each in page.texts(".replay-list tbody td:nth-child(3)")] == ["↺", "⇥"]
    page = desk.get(f"{base}?kind=administrator&unusual=back")
    assert "没有符合条件的记录" in page.text(".replay-list tbody td")
    first, last = seq_of(world, done, "case.started"), seq_of(world, done, "task.returned")
    page = desk.get(f"{base}?at={last}&with={first}")
    rows = page.texts("#compared + .in tbody tr")
    assert "意见 0 条 3 条" in rows
    same = desk.get(f"{base}?at={first}&n=2")
    assert not same.root.cssselect("#compared")


def test_every_look_is_on_record_and_none_in_the_record_of_the_case(
    at: At, world: World, done: Done
) -> None:
    desk, base = at("auditor"), f"/audit/cases/{done.case.id}/replay"
    before = len(case_entries(world.session, done.case.id, done.case.document_id))
    page = desk.get(base)
    (look,) = looks(world)
    assert (look["subject"], look["actor"]["login"]) == (["case", done.case.id], "auditor")
    ticket = page.root.cssselect("[data-look]")[0].get("data-look")
    first = seq_of(world, done, "case.started")
    part = desk.get(f"{base}?at={first}&part=moment&look={ticket}")
    assert part.root.get("data-moment") == str(first)
    assert len(looks(world)) == 1
    desk.get(f"{base}?at={first}&part=moment&look=forged")
    desk.get(f"{base}?at={first}&look={ticket}")
    assert len(looks(world)) == 3
    assert len(case_entries(world.session, done.case.id, done.case.document_id)) == before


def test_nobody_else_comes_in_and_nothing_absent_is_shown(at: At, world: World, done: Done) -> None:
    base = f"/audit/cases/{done.case.id}/replay"
    for login in ("drafter", "unit.head", "process.admin", "security.admin"):
        assert at(login).get(base).status == 403
        assert at(login).get(f"/api/v1{base.removeprefix('/audit')}").status == 403
    desk = at("auditor")
    for path in (f"{base}?at=999999", f"{base}?at=x", "/audit/cases/999999/replay", f"{base}?n=x"):
        assert desk.get(path).status == 404
    assert not [each for each in looks(world) if each["subject"] == ["case", 999999]]


def test_a_case_is_found_by_its_number(at: At, world: World, done: Done) -> None:
    desk = at("auditor")
    page = desk.get("/audit/cases/")
    assert page.root.cssselect(f"a[href='/audit/cases/{done.case.id}/replay']")
    assert desk.get(f"/audit/cases/find?number={done.case.id}").leads_to.endswith("/replay")
    assert desk.get("/audit/cases/find?number=江水").status == 404


def test_a_refusal_and_a_changed_entry_are_seen(at: At, world: World, done: Done) -> None:
    base = f"/audit/cases/{done.case.id}/replay"
    (task,) = world.open(done.case)
    world.session.rollback()
    refused = at("east.drafter").get(f"/tasks/{task.id}")
    assert refused.status == 404
    desk = at("auditor")
    page = desk.get(f"{base}?unusual=refused")
    assert "拒绝" in page.text(".replay-list tbody td:nth-child(3)")
    session = world.session
    where = {"seq": seq_of(world, done, "task.returned")}
    session.execute(sa.text("DROP TRIGGER audit_entry_no_update"))
    session.execute(sa.text("UPDATE audit_entry SET body = body || ' ' WHERE seq = :seq"), where)
    session.commit()
    page = desk.get(base)
    assert f"第 {where['seq']} 条记录的内容与散列值不符" in page.text(".replay-facts .proof.bad")


def test_a_text_and_a_record_that_are_gone_are_said(at: At, world: World, done: Done) -> None:
    desk, base, session = at("auditor"), f"/audit/cases/{done.case.id}/replay", world.session
    for table in ("document_version", "audit_entry"):
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER {table}_no_{verb}"))
    session.execute(sa.text("DELETE FROM document_version"))
    session.commit()
    page = desk.get(base)
    assert "版已不在库中" in page.text("#text + .in .proof.bad")
    assert page.texts("h1") == ["（公文读不出来）"]
    for spoil, said in (
        ("UPDATE audit_entry SET body = '{' WHERE case_id IS NOT NULL", "读不出来"),
        ("DELETE FROM audit_entry WHERE document_id IS NOT NULL", "一条也没有"),
    ):
        session.execute(sa.text(spoil))
        session.commit()
        refused = desk.get(base)
        assert (refused.status, said in refused.answer.text) == (409, True)


def test_a_case_of_before_the_notes_tells_its_steps_and_says_what_is_missing(
    at: At, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_attach", lambda _notes, _pending: None)
    done = world.draft()
    world.run(done, "office_check")
    monkeypatch.undo()
    desk, base = at("auditor"), f"/audit/cases/{done.case.id}/replay"
    page = desk.get(base)
    assert "此件的记录没有写明办理人和时限" in page.answer.text
    place = page.texts("#standing + .in ul.rows li")[0].replace(" ", "")
    assert place.startswith("办公室负责人把关：办理人未记录时限未记录")
    world.run(done, "leader_sign")
    page = desk.get(base)
    assert "条以前的记录没有写明办理人和时限" in page.answer.text
    assert world.actor("leader").name in page.texts("#standing + .in ul.rows li")[0]


def test_programs_get_the_same(at: At, world: World, done: Done) -> None:
    desk = at("auditor")
    back = seq_of(world, done, "task.returned")
    found = desk.get(f"/api/v1/cases/{done.case.id}/replay?at={back}").answer.json
    assert (found["at"], found["state"], found["chain_ok"]) == (back, "running", True)
    assert (found["content_ok"], found["diagram_ok"]) == (True, True)
    assert [each["step"] for each in found["open_stays"]] == ["draft"]
    assert found["open_stays"][0]["people"] == [world.actor("drafter").name]
    states = {each["step"]: each["state"] for each in found["steps"]}
    assert states == {"draft": "present", "dept_review": "done", "office_check": "returned"}
    assert [each["seq"] for each in found["records"] if each["unusual"] == ["back"]] == [back]
    assert desk.get(f"/api/v1/cases/{done.case.id}/replay?at=999999").status == 404
    assert len(looks(world)) == 2


def test_each_moment_has_the_diagram_of_its_time(at: At, world: World) -> None:
    """Picture, version, proof and clauses, before the case was moved and afterwards."""
    case = world.case_of(stand(world, "dept_review"))
    entries = case_entries(world.session, case.id, case.document_id)
    before, old = entries[-1].seq, rebuild(entries)
    new = in_force(world, renamed("dept_review", "Joint"), ruled("dept_review", "DRF-17"))
    moved(world, new, case)
    desk, base = at("auditor"), f"/audit/cases/{case.id}/replay"
    for path, sha256, version, clause in (
        (f"{base}?at={before}", old.diagram, old.process_version, "DDL-01"),
        (base, new.sha256, new.version, "DRF-17"),
    ):
        page = desk.get(path)
        assert page.root.cssselect("[data-moment]")[0].get("data-diagram") == sha256
        assert page.root.cssselect("[data-drawn]")[0].get("data-drawn") == sha256
        assert facts(page, "#standing + .in")["流程图"] == f"第 {version} 版，校验码 {sha256[:8]}"
        drawn = json.loads(page.root.cssselect(".diagram script")[0].text)
        assert ('name="Joint"' in drawn["xml"]) == (sha256 == new.sha256)
        assert clause in page.texts("#standing + .in ul.rows li")[0]
    found = [desk.get(f"/api/v1{base[6:]}{query}").answer.json for query in (f"?at={before}", "")]
    assert [each["diagram_sha256"] for each in found] == [old.diagram, new.sha256]


def test_a_diagram_that_was_changed_or_lost_is_said_at_its_moments_alone(
    at: At, world: World
) -> None:
    case = world.case_of(stand(world, "dept_review"))
    entries = case_entries(world.session, case.id, case.document_id)
    before, old = entries[-1].seq, rebuild(entries).diagram
    moved(world, in_force(world, renamed("dept_review", "会办")), case)
    desk, base = at("auditor"), f"/audit/cases/{case.id}/replay"
    try:
        for change, said in ((_with_a_line_more, "校验码不符"), (_not_json, "不在库中")):
            row = world.session.get_one(DefinitionRow, old)
            row.files = change(row.files)
            world.session.commit()
            definitions.forget()
            assert said in desk.get(f"{base}?at={before}").text("#standing + .in .proof.bad")
            assert not desk.get(base).root.cssselect("#standing + .in .proof.bad")
    finally:
        definitions.forget()


def _with_a_line_more(files: str) -> str:
    return json.dumps({name: f"{text}\n" for name, text in json.loads(files).items()})


def _not_json(_: str) -> str:
    return "{"
