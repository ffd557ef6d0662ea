"""审批事项: asked for on a route of its own, decided, and counted among no documents."""

from collections.abc import Callable

import pytest

from app.documents import marks, requests
from app.documents.errors import WrongState
from app.documents.fields import RequestFields
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import routes
from app.handling.acts import requesting
from app.handling.acts.done import Done
from app.handling.figures import measuring
from app.handling.figures.asking import Wanted
from app.handling.views import paper, queries, word
from app.workflow import checks, trial
from app.workflow.errors import BadDiagram
from tests.web.conftest import Caller, call
from tests.workflow.drawing import END, START, file_of, flow, path, properties, service, step
from tests.world import MONDAY, World

__all__ = ["call"]

API = "/api/v1"
SUBMIT = {"opinion": "optional", "outcome": "submit", "outcome_label": "提交", "edit": "yes"}
FORM = {"title": "申请使用会议室", "body": "召开防汛会商会。"}


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def drawn(word: str = "request") -> dict[str, bytes]:
    """apply, the head of the section decides, and the request has passed or not."""
    parts = (
        properties(flow=word),
        START,
        step("apply", properties(**SUBMIT), who="${drafter}", name="填写申请"),
        step("decide", who="dept-head", name="部门负责人审批"),
        '<exclusiveGateway id="decided"/>',
        service("passed", "approve-request"),
        service("refused", "refuse-request"),
        END,
        path("begin", "apply", "decide", "decided"),
        flow("decided", "passed", "outcome == 'approve'", "同意"),
        flow("decided", "refused", "outcome == 'refuse'", "不同意"),
        path("passed", "finish"),
        path("refused", "finish"),
    )
    return {"room.bpmn": file_of(*parts, process="room")}


@pytest.fixture
def room(world: World) -> World:
    """An office that has a route of its own for requests."""
    row = routes.submit(world.session, world.actor("city.process.admin"), drawn(), MONDAY)
    routes.put_in_force(world.session, world.actor("city.process.admin2"), row.sha256, MONDAY)
    world.session.commit()
    return world


def ask(world: World, login: str = "drafter", process: str = "room", **fields: str) -> Done:
    given = RequestFields.model_validate({**FORM, **fields})
    done: Done = world._act(requesting.start_request, world.actor(login), process, given)
    return done


def test_a_request_lies_with_its_applicant_until_he_submits_it(room: World) -> None:
    done = ask(room)
    (task,) = room.open(done.case)
    assert (task.step, room.holders(task)) == ("apply", ["drafter"])
    document = room.document(done.case)
    assert (document.flow, document.state, document.kind) == ("request", "draft", None)
    room.complete(task, "drafter", opinion="")
    assert document.state == "reviewing"


@pytest.mark.parametrize(
    ("outcome", "state", "told"),
    [("approve", "approved", "测试已通过。"), ("refuse", "refused", "测试未通过：王建军不同意。")],
)
def test_what_is_decided_is_told_to_the_applicant(
    room: World, outcome: str, state: str, told: str
) -> None:
    done = ask(room)
    task = room.run(done, "decide")
    assert task is not None
    room.complete(task, "dept.head", outcome)
    assert room.document(done.case).state == state
    assert done.case.state == "closed"
    (row,) = queries.to_read(room.session, room.actor("drafter"), 10)
    assert (row.notice_kind, row.notice) == ("decided", told)


def test_without_a_reason_nobody_is_asked(room: World) -> None:
    done = ask(room, body=" ")
    (task,) = room.open(done.case)
    with pytest.raises(Invalid, match="请填写申请事由"):
        room.complete(task, "drafter", opinion="")
    assert room.document(done.case).state == "draft"


@pytest.mark.parametrize("login", ["auditor", "system.admin", "security.admin"])
def test_the_three_administrators_ask_for_nothing(room: World, login: str) -> None:
    with pytest.raises(NotAllowed, match="三员分立"):
        ask(room, login)


@pytest.mark.parametrize("process", ["outgoing", "countersign", "nothing"])
def test_other_routes_take_no_requests(room: World, process: str) -> None:
    assert "room" in [
        each.process for each in requesting.offers(room.session, room.actor("drafter").unit_id)
    ]
    with pytest.raises(NotFound, match="没有这种审批事项"):
        ask(room, process=process)


def test_requests_stand_in_lists_of_their_own_and_in_no_figures(room: World) -> None:
    drafted, done = room.draft(), ask(room)
    room.run(done, "decide", decide={"outcome": "approve"})
    room.run(drafted, "office_check")
    me, head = room.actor("drafter"), room.actor("office.head")
    assert [row.case_id for row in queries.requested(room.session, me, 10)] == [done.case.id]
    assert [row.case_id for row in queries.started(room.session, me, 10)] == [drafted.case.id]
    wanted = Wanted(MONDAY.date(), MONDAY.date())
    counted = {row.flow for row in measuring.measure(room.session, head, wanted).own}
    assert counted <= {"outgoing"}


def test_a_request_is_set_as_no_page_and_signed_by_nobody(room: World) -> None:
    done = ask(room)
    me, document = room.actor("drafter"), room.document(done.case)
    for make in (paper.of_document, word.of_document):
        with pytest.raises(Conflict, match="不是公文"):
            make(room.session, me, document.id)
    with pytest.raises(WrongState, match="不作签发"):
        marks.mark_signed(room.session, document, me, room.at)


def test_a_document_is_not_decided_as_a_request(room: World) -> None:
    document = room.document(room.draft().case)
    with pytest.raises(WrongState, match="是公文"):
        requests.decide(room.session, document, room.actor("drafter"), room.at, approved=True)


def test_a_process_is_for_requests_or_says_nothing(world: World) -> None:
    with pytest.raises(BadDiagram) as refused:
        routes.submit(world.session, world.actor("city.process.admin"), drawn("memo"), MONDAY)
    assert "只能是 request" in str(refused.value.faults[0])


def test_a_program_asks_and_submits(room: World, call: Callable[[str], Caller]) -> None:
    mine = call("drafter")
    (kind,) = [
        each for each in mine.get(f"{API}/requests").json["items"] if each["process"] == "room"
    ]
    assert kind == {"process": "room", "name": "测试", "words": ""}
    answer = mine.post(f"{API}/requests/room", FORM)
    assert answer.status_code == 201
    (task,) = answer.json["opened"]
    submitted = mine.post(
        f"{API}/tasks/{task['id']}/complete", {"outcome": "submit", "revision": task["revision"]}
    )
    assert submitted.json["opened"][0]["step"] == "decide"
    (row,) = mine.get(f"{API}/tasks?box=requests").json["items"]
    assert (row["case_id"], row["process"]) == (answer.json["case"]["id"], "room")
    assert mine.post(f"{API}/requests/outgoing", FORM).status_code == 404
