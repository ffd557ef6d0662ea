"""A step drawn into the diagram changes route, screens and record, and no line of Python.

合法性审查 is inserted between the department's review and the office's check, with two ways out;
its people hold a role that this unit makes for it.
"""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import ROOT, clock, organization
from app.database import db
from app.errors import NotAllowed
from app.handling import routes
from app.handling.models import Case
from app.organization import accounts, sessions
from app.organization import operations as people
from app.organization.models import Account
from app.web.refusals import status_of
from app.workflow import checks, queries, trial
from app.workflow.errors import BadDiagram, SecondPersonNeeded
from app.workflow.models import DefinitionRow
from tests.web.conftest import Caller, call
from tests.world import MONDAY, NOTICE, World

__all__ = ["call"]
Call = Callable[[str], Caller]

STEP = """
    <bpmn:userTask id="legal_review" name="合法性审查" camunda:formKey="opinion" camunda:candidateGroups="legal-review">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="limit" value="P1D" />
          <camunda:property name="opinion" value="required" />
          <camunda:property name="stage" value="review" />
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>dept_review_to_legal_review</bpmn:incoming>
      <bpmn:outgoing>legal_review_to_finding</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="legal_finding">
      <bpmn:incoming>legal_review_to_finding</bpmn:incoming>
      <bpmn:outgoing>lawful</bpmn:outgoing>
      <bpmn:outgoing>to_be_changed</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="legal_review_to_finding" sourceRef="legal_review" targetRef="legal_finding" />
    <bpmn:sequenceFlow id="lawful" name="合法" sourceRef="legal_finding" targetRef="office_check">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">outcome == 'approve'</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="to_be_changed" name="需修改" sourceRef="legal_finding" targetRef="draft">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">outcome == 'object'</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
"""  # noqa: E501  (as a modeler writes it)


def redrawn() -> dict[str, bytes]:
    """The shipped drawing with one step more. Its flow is bent to it, the picture goes along."""
    text = (ROOT / "processes/outgoing.bpmn").read_text(encoding="utf-8")
    old, new = "dept_review_to_office_check", "dept_review_to_legal_review"
    flow = f'<bpmn:sequenceFlow id="{old}" sourceRef="dept_review" targetRef="office_check" />'
    assert text.count(flow) == 1
    text = text.replace(flow, flow.replace("office_check", "legal_review") + STEP)
    text = text.replace(f"<bpmn:outgoing>{old}<", f"<bpmn:outgoing>{new}<")
    text = text.replace(f"<bpmn:incoming>{old}<", "<bpmn:incoming>lawful<")
    begun = "<bpmn:incoming>outgoing_begin_to_draft</bpmn:incoming>"
    text = text.replace(begun, begun + begun.replace("outgoing_begin_to_draft", "to_be_changed"))
    return {
        "outgoing.bpmn": text.replace(old, new).encode(),
        "countersign.bpmn": (ROOT / "processes/countersign.bpmn").read_bytes(),
    }


def appoint_reviewer(session: Session) -> None:
    """The role comes from the security administrator, the person from the system administrator."""
    system, security = (actor(session, login) for login in ("system.admin", "security.admin"))
    unit = organization.unit(session, system.unit_id)
    people.create_role(
        session, security, MONDAY, key="legal-review", label="合法性审查员", scope="unit"
    )
    person = people.create_person(
        session, system, MONDAY, unit=unit, login="legal", name="法律审查员"
    )
    people.appoint(session, security, MONDAY, person=person, role="legal-review", title="法制员")
    accounts.set_initial_password(session, person, MONDAY)
    session.flush()
    session.execute(sa.update(Account).values(must_change=False))
    session.commit()


def actor(session: Session, login: str) -> organization.Actor:
    return organization.actor(session, organization.person_by_login(session, login).id)


def submit(session: Session, login: str = "city.process.admin") -> DefinitionRow:
    row = routes.submit(session, actor(session, login), redrawn(), MONDAY)
    session.commit()
    return row


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial in this process: starting another one takes more than a second."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture
def edited(world: World) -> World:
    """The new version is in force, by two persons; one document was under way before."""
    appoint_reviewer(world.session)
    row = submit(world.session)
    routes.put_in_force(
        world.session, actor(world.session, "city.process.admin2"), row.sha256, MONDAY
    )
    world.session.commit()
    return world


def test_a_new_document_passes_the_new_step(edited: World) -> None:
    done = edited.draft()
    assert done.case.process_version == 2
    task = edited.run(done, until="legal_review")
    assert task is not None
    assert edited.holders(task) == ["legal"]
    assert task.due_at is not None
    edited.complete(task, "legal", "approve")
    assert [each.step for each in edited.open(done.case)] == ["office_check"]
    assert edited.run(done) is None
    assert edited.document(done.case).state == "dispatched"


def test_the_other_way_out_leads_back_to_the_drafter(edited: World) -> None:
    done = edited.draft()
    task = edited.run(done, until="legal_review")
    assert task is not None
    edited.complete(task, "legal", "object", opinion="第二条缺少依据。")
    again = edited.open(done.case)[0]
    assert (again.step, edited.holders(again)) == ("draft", ["drafter"])
    assert edited.run(done, until="legal_review") is not None


def test_cases_under_way_stay_on_their_version(world: World) -> None:
    before = world.draft()
    world.run(before, until="dept_review")
    appoint_reviewer(world.session)
    row = submit(world.session)
    routes.put_in_force(
        world.session, actor(world.session, "city.process.admin2"), row.sha256, MONDAY
    )
    world.session.commit()
    steps: list[str] = []
    while tasks := world.open(before.case):
        steps.append(tasks[0].step)
        world.complete(tasks[0], world.holders(tasks[0])[0])
    assert "legal_review" not in steps
    assert steps[:2] == ["dept_review", "office_check"]
    assert world.session.get_one(Case, before.case.id).process_version == 1


def test_it_takes_a_second_person(world: World) -> None:
    """C8: whoever submitted it may not put it in force, and nothing has changed by trying."""
    appoint_reviewer(world.session)
    row = submit(world.session)
    mine = actor(world.session, "city.process.admin")
    with pytest.raises(SecondPersonNeeded) as refusal:
        routes.put_in_force(world.session, mine, row.sha256, MONDAY)
    world.session.rollback()
    assert status_of(refusal.value) == 403
    assert queries.in_force(world.session, "outgoing").version == 1
    assert world.draft().case.process_version == 1


def test_a_role_that_nobody_made_is_a_fault_of_the_drawing(world: World) -> None:
    with pytest.raises(BadDiagram) as refusal:
        submit(world.session)
    (fault,) = refusal.value.faults
    assert fault.element == "legal_review"
    assert "legal-review" in fault.message


def submitted(call: Call, login: str, step: str, outcome: str | None) -> Any:
    task = call(login).get("/api/v1/tasks").json["items"][0]
    assert task["step"] == step
    body = {"outcome": outcome, "opinion": "请审。", "revision": task["revision"]}
    answer = call(login).post(f"/api/v1/tasks/{task['id']}/complete", body)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_programs_see_step_outcomes_and_record(edited: World, call: Call) -> None:
    edited.session.close()
    case = call("drafter").post("/api/v1/documents", NOTICE).json["case_id"]
    submitted(call, "drafter", "draft", "submit")
    head = call("dept.head").get("/api/v1/tasks").json["items"][0]
    detail = call("dept.head").get(f"/api/v1/tasks/{head['id']}").json
    (ahead,) = detail["ahead"]["approve"]
    assert (ahead["step"], ahead["step_name"]) == ("legal_review", "合法性审查")
    assert ahead["people"] == ["legal"]
    submitted(call, "dept.head", "dept_review", "approve")

    mine = call("legal").get("/api/v1/tasks").json["items"][0]
    found = call("legal").get(f"/api/v1/tasks/{mine['id']}").json
    assert found["step_name"] == "合法性审查"
    assert found["outcomes"] == [
        {"key": "approve", "label": "合法"},
        {"key": "object", "label": "需修改"},
    ]
    assert [each["step"] for each in found["ahead"]["object"]] == ["draft"]
    submitted(call, "legal", "legal_review", "approve")

    lines = call("drafter").get(f"/api/v1/cases/{case}/history").json["items"]
    (line,) = [each for each in lines if each["step"] == "legal_review" and each["outcome"]]
    assert (line["outcome_label"], line["opinion"], line["actor"]) == ("合法", "请审。", "legal")
    assert line["authority"] == "法制员"
    drawn = call("drafter").get(f"/api/v1/cases/{case}/diagram").json
    assert "合法性审查" in drawn["xml"]
    assert {"step": "legal_review", "state": "done"}.items() <= next(
        each for each in drawn["steps"] if each["step"] == "legal_review"
    ).items()


def test_the_page_of_the_person_offers_both_outcomes(edited: World, app: Flask) -> None:
    task = edited.run(edited.draft(), until="legal_review")
    assert task is not None
    task_id = task.id
    person = organization.person_by_login(edited.session, "legal").id
    cookie = sessions.open_session(edited.session, person, None, clock.now(edited.session))
    edited.session.commit()
    db.session.remove()
    client = app.test_client()
    client.set_cookie("gongwen_session", cookie)
    page = client.get(f"/tasks/{task_id}")
    assert page.status_code == 200
    for words in ("合法性审查", "合法", "需修改"):
        assert words in page.text
    assert 'value="approve"' in page.text
    assert 'value="object"' in page.text


def test_a_second_holder_of_the_role_may_act_too(edited: World) -> None:
    security = actor(edited.session, "security.admin")
    second = organization.person_by_login(edited.session, "archivist")
    people.appoint(edited.session, security, MONDAY, person=second, role="legal-review")
    edited.session.commit()
    task = edited.run(edited.draft(), until="legal_review")
    assert task is not None
    assert set(edited.holders(task)) == {"legal", "archivist"}


@pytest.mark.parametrize("login", ["drafter", "unit.head", "system.admin"])
def test_only_process_administrators_publish(world: World, login: str) -> None:
    appoint_reviewer(world.session)
    with pytest.raises(NotAllowed):
        submit(world.session, login)
    row = submit(world.session)
    with pytest.raises(NotAllowed):
        routes.put_in_force(world.session, actor(world.session, login), row.sha256, MONDAY)
