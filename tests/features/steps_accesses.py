"""查阅记录: what looks leave behind, and the review of what auditors did."""

import json
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from pytest_bdd import parsers, step, then
from sqlalchemy.exc import DBAPIError

from app.audit import Access, AuditEntry, accesses
from tests.features.story import API, Story


@step(parsers.re(r'(?P<whole>"[^"]+"打开此件(?:，"[^"]+"打开此件)*)'))
def open_case(story: Story, whole: str) -> None:
    for who in (part.split('"')[1] for part in whole.split("，")):
        story.look(who, f"{API}/cases/{story.paper.case}")


@step(parsers.parse('"{who}"打印办理单'))
def print_sheet(story: Story, who: str) -> None:
    path = f"{API}/cases/{story.paper.case}/process-sheet.pdf"
    assert story.look(who, path).status_code == 200


@step(parsers.parse('"{who}"查看查阅记录'))
def look_at_looks(story: Story, who: str) -> None:
    story.see(who, f"{API}/audit/accesses")


@step("系统封存查阅记录")
def seal(story: Story) -> None:
    with story.change() as session:
        assert accesses.seal(session, story.at) > 0


@then(parsers.parse('"{who}"查到此件的查阅记录:'))
def looks_are(story: Story, who: str, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    found = story.see(who, f"{API}/audit/accesses?case={story.paper.case}")["items"]
    told = [[each["login"], each["kind_label"], each["subject"]] for each in found]
    assert told == [list(row) for row in rows]


@then("每条查阅记录都有时间和设备")
def complete(story: Story) -> None:
    found = story.see("auditor", f"{API}/audit/accesses?case={story.paper.case}")["items"]
    assert found
    assert all(each["at"] and each["address"] and each["device"] for each in found)


@then("数据库拒绝改动和删除查阅记录")
def unalterable(story: Story) -> None:
    for statement in ("UPDATE access_entry SET name = ''", "DELETE FROM access_entry"):
        with story.session() as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(sa.text(statement))


@then("有人绕过系统删去一条查阅记录，核验能指出")
def deletion_is_found(story: Story) -> None:
    with story.change() as session:
        session.execute(sa.text("DROP TRIGGER access_entry_no_delete"))
        first = session.scalars(sa.select(sa.func.min(Access.id))).one()
        session.execute(sa.delete(Access).where(Access.id == first))
        session.flush()
        found = accesses.verify(session)
    assert not found.ok
    assert "与封存时不符" in (found.reason or "")


@then(parsers.parse('"{who}"待复核的审计员操作有"{deed}"和对"{about}"的查阅'))
def unreviewed(story: Story, who: str, deed: str, about: str) -> None:
    found = story.see(who, f"{API}/auditor-acts")
    assert deed in [each["label"] for each in found["deeds"]]
    assert about in [each["about"] for each in found["looks"]]
    assert all("title" not in each for each in found["looks"])


@step(parsers.parse('"{who}"签署复核意见"{finding}"'))
def sign(story: Story, who: str, finding: str) -> None:
    found = story.look(who, f"{API}/auditor-acts").json or {}
    body = {"look": found.get("look", 0), "entry": found.get("entry", 1), "finding": finding}
    story.act(who, "POST", f"{API}/auditor-reviews", json=body)


@then(parsers.parse('"{who}"没有待复核的审计员操作'))
def all_reviewed(story: Story, who: str) -> None:
    found = story.see(who, f"{API}/auditor-acts")
    assert (found["deeds"], found["looks"]) == ([], [])


@then(parsers.parse('复核意见"{finding}"已记录在案'))
def on_record(story: Story, finding: str) -> None:
    with story.session() as session:
        body = session.scalars(
            sa.select(AuditEntry.body).where(AuditEntry.action == "auditors.reviewed")
        ).one()
    found = json.loads(body)
    assert (found["reason"], found["actor"]["login"]) == (finding, "security.admin")
    assert found["detail"]["entries"] >= 1
    assert found["detail"]["looks"] >= 1
