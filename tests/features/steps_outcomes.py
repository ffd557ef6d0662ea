"""Where the document lies, what it has become, and what was refused."""

import re
from typing import Any

import sqlalchemy as sa
from pytest_bdd import parsers, then

from app.audit.models import AuditEntry
from app.documents.kinds import STATES
from app.documents.layout.check import extracted_text
from tests.features.story import API, Story
from tests.features.words import people, texts

STATE_KEYS = {words: key for key, words in STATES.items()}


@then("办成了")
def done(story: Story) -> None:
    assert story.answer is not None
    assert story.answer.status_code in (200, 201), story.answer.json


@then(parsers.re(r'被拒绝，状态(?P<status>\d{3})(?:，理由含"(?P<words>[^"]+)")?'))
def refused(story: Story, status: str, words: str | None) -> None:
    assert story.answer is not None
    problem: Any = story.answer.json
    assert story.answer.status_code == int(status), problem
    sentences = [problem["detail"], *(each["message"] for each in problem.get("errors", []))]
    assert any((words or "") in sentence for sentence in sentences), sentences
    assert re.search("[一-鿿].*。", problem["detail"])


@then("什么都没有改变")
def nothing_changed(story: Story) -> None:
    after = story.kept()
    changed = {name: rows for name, rows in after.items() if story.before[name] != rows}
    assert changed == {}


@then(parsers.parse('"{who}"的被拒已记录在案'))
def refusal_is_recorded(story: Story, who: str) -> None:
    with story.session() as session:
        of_matter = sa.select(AuditEntry).where(AuditEntry.action != "token.created")
        latest = session.scalars(of_matter.order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (latest.action, latest.outcome) == ("request.refused", "refused")
    assert f'"login":"{who}"' in latest.body


@then(parsers.parse('审计记录里没有"{words}"'))
def record_does_not_say(story: Story, words: str) -> None:
    with story.session() as session:
        assert not [
            entry.seq for entry in session.scalars(sa.select(AuditEntry)) if words in entry.body
        ]


@then(parsers.re(r'当前环节是"(?P<steps>[^"]+)"'))
def stands_at(story: Story, steps: str) -> None:
    assert [stay.step for stay in story.open_stays()] == people(steps)


@then(parsers.parse('此件走"{process}"流程，当前环节是"{at}"'))
def runs_on(story: Story, process: str, at: str) -> None:
    case = story.case()
    assert (case["process"], case["state"]) == (process, "running")
    assert [task["step"] for task in case["open_tasks"]] == [at]


@then("此件已办结")
def closed(story: Story) -> None:
    assert story.case()["state"] == "closed"
    assert story.open_stays() == []


@then(parsers.parse('"{at}"在"{logins}"手上'))
def lies_with(story: Story, at: str, logins: str) -> None:
    open_tasks = [task for task in story.case()["open_tasks"] if task["step"] == at]
    holders = [login for task in open_tasks for login in task["candidates"]]
    assert sorted(holders) == sorted(people(logins))
    for login in holders:
        todo = story.see(login, f"{API}/tasks?box=todo")["items"]
        assert story.paper.case in [item["case_id"] for item in todo]


@then(parsers.parse('"{who}"看到此件在"{at}"，由"{logins}"办理'))
def sees_where_it_lies(story: Story, who: str, at: str, logins: str) -> None:
    found = story.see(who, f"{API}/cases/{story.paper.case}")["open_tasks"]
    assert [(task["step"], task["candidates"]) for task in found] == [(at, people(logins))]


@then(parsers.parse('"{logins}"的待办没有此件'))
def not_to_do(story: Story, logins: str) -> None:
    for login in people(logins):
        todo = story.see(login, f"{API}/tasks?box=todo")["items"]
        assert story.paper.case not in [item["case_id"] for item in todo], login


@then(parsers.parse('"{who}"看不到此件'))
def not_visible(story: Story, who: str) -> None:
    assert story.look(who, f"{API}/documents/{story.paper.document}").status_code == 404


@then(parsers.parse('"{who}"的待办里此件是退回件，原因是"{reason}"'))
def came_back(story: Story, who: str, reason: str) -> None:
    todo = story.see(who, f"{API}/tasks?box=todo")["items"]
    mine = [item for item in todo if item["case_id"] == story.paper.case]
    assert [(item["returned"], item["sent_opinion"]) for item in mine] == [(True, reason)]


@then(parsers.parse('"{at}"的办理要求是"{rules}"'))
def step_enforces(story: Story, at: str, rules: str) -> None:
    tasks = [task for task in story.case()["open_tasks"] if task["step"] == at]
    assert set(rules.split()) <= set(tasks[0]["rule"])


@then(parsers.parse('公文是"{state}"'))
def document_is(story: Story, state: str) -> None:
    assert story.document()["state"] == STATE_KEYS[state]


@then(parsers.parse('"{who}"能打开排好版的公文，主送"{recipients}"'))
def typeset(story: Story, who: str, recipients: str) -> None:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/document.pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert story.document()["main_recipients"] == people(recipients)


@then(parsers.parse('"{who}"打印的办理单里有:'))
def process_sheet_has(story: Story, who: str, datatable: list[list[str]]) -> None:
    answer = story.look(who, f"{API}/cases/{story.paper.case}/process-sheet.pdf")
    assert answer.status_code == 200
    text = extracted_text(answer.data)
    wanted = ["".join(row[0].split()) for row in datatable[1:]]
    assert [words for words in wanted if words not in text] == []


@then(parsers.parse('"{who}"打不开办理单'))
def process_sheet_closed(story: Story, who: str) -> None:
    answer = story.look(who, f"{API}/cases/{story.paper.case}/process-sheet.pdf")
    assert answer.status_code == 404


@then(parsers.parse('密级是"{level}"'))
def classified_as(story: Story, level: str) -> None:
    assert story.document()["classification"] == level


@then(parsers.parse('当前环节的名称是"{name}"，流程是第{version:d}版'))
def step_is_called(story: Story, name: str, version: int) -> None:
    (task,) = story.case()["open_tasks"]
    assert (task["step_name"], task["process_version"]) == (name, version)


@then("公文没有发文字号")
def no_number(story: Story) -> None:
    assert story.document()["number"] is None


@then(parsers.parse('发文字号是"{number}"'))
def numbered(story: Story, number: str) -> None:
    assert story.document()["number"] == number


@then(parsers.parse('收文编号是"{number}"，收文时间是"{at}"'))
def received(story: Story, number: str, at: str) -> None:
    document = story.document()
    assert document["receipt_number"] == number
    assert document["received_at"].startswith(at.replace(" ", "T"))


@then(parsers.parse('两份公文的发文字号是"{first}"和"{second}"'))
def two_numbers(story: Story, first: str, second: str) -> None:
    found = []
    for paper in story.papers:
        story.paper = paper
        found.append(story.document()["number"])
    assert sorted(found) == sorted([first, second])


@then(parsers.parse('签发人是"{login}"'))
def signed_by(story: Story, login: str) -> None:
    assert story.document()["signatory"] == story.name(login)


@then("公文没有签发人")
def not_signed(story: Story) -> None:
    assert (story.document()["signatory"], story.document()["signed_at"]) == (None, None)


@then(parsers.parse('"{who}"在"{at}"可送"{step}"的"{offered}"，预选"{ticked}"'))
def would_go_to(story: Story, who: str, at: str, step: str, offered: str, ticked: str) -> None:
    assert _ahead(story, who, at) == [(step, people(offered), people(ticked))]


@then(parsers.parse('"{who}"在"{at}"只能送"{step}"岗位，不能指定某人'))
def goes_to_a_post(story: Story, who: str, at: str, step: str) -> None:
    view = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")
    (ahead,) = view["ahead"].values()
    assert [(each["step"], each["choosable"]) for each in ahead] == [(step, False)]


@then(parsers.parse('"{who}"能把"{at}"退回的环节是"{steps}"'))
def can_return_to(story: Story, who: str, at: str, steps: str) -> None:
    view = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")
    assert texts(view["returns"], "step") == people(steps)


def _ahead(story: Story, who: str, at: str) -> list[tuple[str, list[str], list[str]]]:
    view = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")
    (ahead,) = view["ahead"].values()
    return [(each["step"], each["people"], each["preselected"]) for each in ahead]
