"""流程分析, 运行 and 事件日志, on pages and at the API: who may, and what opens the cases."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.audit import AuditEntry
from tests.web.conftest import At, Caller
from tests.world import World

Call = Callable[[str], Caller]


@pytest.fixture
def case_id(world: World) -> int:
    """Returned once by the office; waits for the seal."""
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft")
    world.run(done, until="seal")
    found = done.case.id
    world.session.rollback()
    return found


@pytest.mark.parametrize(("login", "room"), [("auditor", "audit"), ("process.admin", "process")])
def test_figures_open_the_cases_behind_them(at: At, case_id: int, login: str, room: str) -> None:
    desk = at(login)
    page = desk.get(f"/{room}/flow")
    assert page.status == 200
    links = [each.get("href") for each in page.root.cssselect("#heat + .in table a")]
    assert len(links) >= 8
    for link in links:
        opened = desk.get(link)
        assert opened.status == 200
        assert opened.texts("tbody tr"), link
    assert '"heat"' in page.answer.text


def test_the_administrator_starts_from_where_cases_stand(at: At, case_id: int) -> None:
    desk = at("process.admin")
    page = desk.get("/process/flow")
    (link,) = page.root.cssselect("#now + .in table a")
    opened = desk.get(link.get("href"))
    assert opened.texts("tbody .title a")
    assert f"/process/cases/{case_id}" in opened.answer.text
    assert not desk.get("/process/cases?process=outgoing&version=2").texts("tbody tr")


def test_nobody_else_comes_in(at: At, call: Call) -> None:
    for login in ("drafter", "system.admin", "security.admin"):
        for path in ("/audit/flow", "/audit/event-logs", "/audit/event-log", "/process/flow"):
            assert at(login).get(path).status == 403
        for path in ("audit/event-log", "audit/net?process=outgoing"):
            assert call(login).get(f"/api/v1/{path}").status_code == 403
        assert call(login).get("/api/v1/flow?process=outgoing&version=1").status_code == 403
    assert at("process.admin").get("/audit/event-log").status == 403


@pytest.mark.parametrize("form", ["xes", "ocel", "csv"])
def test_the_log_is_taken_away_and_that_is_on_record(
    at: At, world: World, case_id: int, form: str
) -> None:
    page = at("auditor").get(f"/audit/event-log?form={form}&process=outgoing")
    assert page.status == 200
    assert "dept_review" in page.answer.text
    assert page.answer.headers["Content-Disposition"].startswith("attachment")
    world.session.rollback()
    last = world.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert last.action == "event_log.exported"
    assert f'"form":"{form}"' in last.body


def test_the_net_of_a_version(at: At, call: Call, case_id: int) -> None:
    desk = at("auditor")
    (link,) = desk.get("/audit/event-logs").root.cssselect("#nets + .in table a")
    net = desk.get(link.get("href")).answer.text
    assert "<pnml" in net
    assert call("auditor").get("/api/v1/audit/net?process=outgoing").text == net
    assert desk.get("/audit/nets/none").status == 404


def test_through_the_api(call: Call, case_id: int) -> None:
    found = call("auditor").get("/api/v1/flow?process=outgoing&version=1").json
    assert found is not None
    steps = {each["step"]: each for each in found["steps"]}
    assert (steps["office_check"]["returned"], found["reworked"]) == (1, 1)
    assert call("process.admin").get("/api/v1/flow?process=outgoing&version=1").json == found
    assert call("auditor").get("/api/v1/flow?process=outgoing&version=9").status_code == 404
    assert call("auditor").get("/api/v1/audit/event-log?form=csv").text.count("\n") > 5
