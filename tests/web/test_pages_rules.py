"""规则对照: computed from diagrams, program and tests; for auditors and process administrators."""

import re

import pytest

from app import rules
from tests.web.conftest import At
from tests.world import World


def row(page_text: str, id_: str) -> str:
    found = re.search(rf'<tr id="{id_}">.*?</tr>', page_text, re.S)
    assert found is not None, id_
    return found[0]


@pytest.mark.parametrize("login", ["auditor", "process.admin"])
def test_each_clause_stands_beside_steps_program_and_tests(at: At, login: str) -> None:
    page = at(login).get("/audit/rules")
    assert page.status == 200
    text = row(page.answer.text, "OUT-05")
    assert "唯一负责人由本人核稿、步骤不省" in text
    assert "· 核稿" in text or "部门" in text
    assert "organization/candidates.py" in text
    assert page.answer.text.count('<tr id="') == len(rules.catalogue())


def test_what_nothing_carries_out_is_listed(at: At) -> None:
    page = at("auditor").get("/audit/rules?show=bare")
    shown = re.findall(r'<tr id="([A-Z]{3}-\d\d)">', page.answer.text)
    assert shown
    assert all(rules.catalogue()[each].kind == "must" for each in shown)
    assert "OUT-05" not in shown
    assert all("没有对应" in row(page.answer.text, each) for each in shown)
    assert at("auditor").get("/audit/rules?show=nonsense").status == 200


@pytest.mark.parametrize("login", ["drafter", "unit.head", "security.admin"])
def test_it_is_nobody_elses(at: At, login: str) -> None:
    assert at(login).get("/audit/rules").status == 403


def test_a_process_administrator_reads_no_more_of_the_record(at: At) -> None:
    assert at("process.admin").get("/audit/").status == 403


def test_each_step_of_a_case_shows_what_it_carries_out(at: At, world: World) -> None:
    done = world.draft()
    task = world.run(done, "dept_review")
    assert task is not None
    page = at("dept.head").get(f"/tasks/{task.id}")
    assert "OUT-05 唯一负责人由本人核稿、步骤不省" in " ".join(page.texts("form.card .hint"))
    page = at("drafter").get(f"/cases/{done.case.id}")
    assert "各环节的依据" in page.answer.text
    assert "OUT-09" in page.answer.text  # of the registration, which is still to come
    sums = at("dept.head").get(f"/tasks/{task.id}/limit")
    assert "DDL-01：普通公文一个工作日内接收办理" in sums.answer.text


def test_a_refusal_shows_its_clause(at: At, world: World) -> None:
    task = world.run(world.draft(), "dept_review")
    assert task is not None
    desk = at("dept.head")
    page = desk.press(f"/tasks/{task.id}", "form.card", outcome="approve", opinion="")
    assert page.status == 422
    assert "OUT-06 审核须填写意见并保存" in " ".join(page.texts(".hint"))
