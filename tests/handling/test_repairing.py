"""What cannot go on stands in one list with its cause, and goes on once the cause is gone.

The faults are real ones: a topic that raises, and a drawing that asks for what nobody fills in.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app import audit, clock, workflow
from app.deadlines.models import Due
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling import afterwards, routes
from app.handling.acts import repairing
from app.handling.acts.topics import TOPICS
from app.handling.errors import StepFault, StillFaulty
from app.handling.models import Incident, Notice, Task
from app.handling.views import faults
from app.handling.views.faults import FaultRow
from app.workflow import checks, trial
from app.workflow.moves import ServiceCall
from tests.features.rows import all_rows
from tests.handling.administering import FIRST, SECOND, carry_out
from tests.handling.test_reposting import give
from tests.handling.test_stopped_cases import leave
from tests.workflow.drawing import END, START, file_of, flow, path, step
from tests.world import MONDAY, World

SECRET = "不应出现在任何地方的正文"


@contextmanager
def broken_seal() -> Iterator[None]:
    """The seal cannot be applied: a service outside gave way."""

    def fail(call: ServiceCall) -> None:
        TOPICS["seal"](call)  # it may have written something before
        raise ConnectionError(SECRET)

    workflow.register_topics({**TOPICS, "seal": fail})
    yield
    workflow.register_topics(TOPICS)


def seal(world: World, task: Task) -> None:
    """As web does it: the act is undone, and what it leaves is written afterwards."""
    try:
        world.complete(task, "seal.keeper", "seal")
    except StepFault as fault:
        note(world, fault)
        raise


def note(world: World, error: DomainError) -> None:
    world.session.rollback()
    with clock.moved_to(world.at):
        afterwards.leave(world.session, error, world.at)
        world.session.commit()


def retry(world: World, name: str, login: str = FIRST, reason: str = "印章服务已恢复。") -> str:
    return _settle(world, repairing.retry, name, login, reason)


def dismiss(world: World, name: str, login: str = FIRST, reason: str = "误报。") -> str:
    return _settle(world, repairing.dismiss, name, login, reason)


def _settle(world: World, operation: object, name: str, login: str, reason: str) -> str:
    world.later(minutes=1)
    with clock.moved_to(world.at):
        try:
            said = operation(world.session, world.actor(login), name, reason)
            world.session.commit()
        except DomainError as error:
            note(world, error)
            raise
    return str(said)


def listed(world: World, login: str = FIRST) -> list[FaultRow]:
    with clock.moved_to(world.at):
        return faults.faults(world.session, world.actor(login))


@pytest.fixture
def task(world: World) -> Task:
    found = world.run(world.draft(), until="seal")
    assert found is not None
    return found


def test_a_service_step_that_fails_leaves_the_case_as_it_was(world: World, task: Task) -> None:
    before = all_rows(world.session)
    with broken_seal():
        for _ in range(2):
            with pytest.raises(StepFault, match="无法继续"):
                seal(world, task)
    after = all_rows(world.session)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"incident", "history"}
    (row,) = listed(world)
    assert (row.kind, row.tries, row.step_name) == ("fault", 2, "用印")
    assert "seal" in row.detail
    assert "ConnectionError" in row.detail
    raised = [
        each
        for each in audit.case_entries(world.session, task.case_id)
        if each.action == "incident.raised"
    ]
    assert [(each.actor_login, each.step) for each in raised] == [("rule", "seal")]
    assert SECRET not in repr(after) + repr(raised)


def test_trying_again_is_a_rehearsal_and_the_person_does_it_anew(world: World, task: Task) -> None:
    with broken_seal():
        with pytest.raises(StepFault):
            seal(world, task)
        (row,) = listed(world)
        before = all_rows(world.session)
        with pytest.raises(StillFaulty, match="ConnectionError"):
            retry(world, row.id)
        changed = {name for name, rows in all_rows(world.session).items() if rows != before[name]}
        assert changed == {"incident"}
        assert [each.tries for each in listed(world)] == [2]
    assert "排除" in retry(world, row.id)
    document = world.document(world.case_of(task))
    assert (task.state, document.state, document.sealed_at) == ("open", "numbered", None)
    assert listed(world) == []
    notice = world.session.scalars(sa.select(Notice).where(Notice.kind == "repaired")).one()
    assert (notice.person_id, notice.text) == (
        world.actor("seal.keeper").person_id,
        "故障已排除，请重新办理。",
    )
    seal(world, task)
    assert document.sealed_at is not None
    with pytest.raises(Conflict, match="已经排除"):
        retry(world, row.id)
    ended = audit.case_entries(world.session, task.case_id)
    assert "印章服务已恢复。" in [each.reason for each in ended]


def test_an_act_that_succeeds_after_all_ends_it(world: World, task: Task) -> None:
    with broken_seal(), pytest.raises(StepFault):
        seal(world, task)
    assert len(listed(world)) == 1
    seal(world, task)
    assert listed(world) == []


def test_giving_it_up_takes_a_reason_and_a_new_failure_shows_anew(world: World, task: Task) -> None:
    with broken_seal():
        with pytest.raises(StepFault):
            seal(world, task)
        (row,) = listed(world)
        with pytest.raises(Invalid, match="OPS-07"):
            dismiss(world, row.id, reason=" ")
        dismiss(world, row.id)
        assert listed(world) == []
        with pytest.raises(StepFault):
            seal(world, task)
    assert [each.tries for each in listed(world)] == [1]
    assert len(world.session.scalars(sa.select(Incident)).all()) == 2


@pytest.mark.parametrize(
    ("login", "refusal"), [("seal.keeper", NotAllowed), ("city.process.admin", NotFound)]
)
def test_only_the_administrators_of_the_unit_see_to_it(
    world: World, task: Task, login: str, refusal: type[Exception]
) -> None:
    with broken_seal(), pytest.raises(StepFault):
        seal(world, task)
    (row,) = listed(world)
    with pytest.raises(refusal):
        retry(world, row.id, login)
    assert listed(world, SECOND) == [row]
    assert listed(world, "city.process.admin") == []


@pytest.mark.parametrize("name", ["fault-999", "stay-999", "due-999", "x", "fault-0", "fault--1"])
def test_what_is_not_there(world: World, name: str) -> None:
    with pytest.raises(NotFound):
        retry(world, name)


def test_a_condition_on_what_nobody_fills_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """C9: the task stays, no branch is guessed; administrators move the document past it."""
    drawn = file_of(
        START, END, step("draft", who="${drafter}"), step("check", who="dept-head", name="核稿"),
        step("send", who="office-secretary"), '<exclusiveGateway id="x" default="x_finish"/>',
        path("begin", "draft", "check", "x"), flow("x", "send", "needs_legal_review"),
        flow("x", "finish", ident="x_finish"), path("send", "finish"), process="outgoing",
    )  # fmt: skip
    monkeypatch.setattr(checks, "check", lambda *_given, **_more: [])
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    row = routes.submit(
        world.session, world.actor("city.process.admin"), {"outgoing.bpmn": drawn}, MONDAY
    )
    routes.put_in_force(world.session, world.actor("city.process.admin2"), row.sha256, MONDAY)
    world.session.commit()
    done = world.draft()
    task = world.run(done, until="check")
    assert task is not None
    with pytest.raises(StepFault) as refusal:
        world.complete(task, "dept.head")
    note(world, refusal.value)
    assert [each.id for each in world.open(done.case)] == [task.id]
    (found,) = listed(world)
    assert "needs_legal_review" in found.detail
    with pytest.raises(StillFaulty, match="needs_legal_review"):
        retry(world, found.id)
    carry_out(world, done.case, "move", task, "send")
    assert listed(world) == []
    assert world.run(done) is None


def test_a_stay_that_nobody_can_act_at(world: World) -> None:
    done = world.draft()
    world.run(done, until="leader_sign")
    leave(world, "printing")
    task = world.run(done, until="register_number")
    assert task is not None
    (row,) = listed(world)
    assert (row.id, row.cause) == (f"stay-{task.id}", task.blocked)
    with pytest.raises(Conflict, match="仍然无人可办"):
        retry(world, row.id)
    with pytest.raises(Conflict, match="指定办理人"):
        dismiss(world, row.id)
    give(world, "archivist", "printing-room")
    assert listed(world) == []


def test_a_limit_that_took_no_effect(world: World, task: Task) -> None:
    due = world.session.scalars(sa.select(Due).filter_by(subject_id=task.id, kind="overdue")).one()
    due.state, due.attempts, due.last_error = "incident", 5, "RuntimeError: 重启"
    world.session.commit()
    (row,) = listed(world)
    assert (row.id, row.tries, row.case_id) == (f"due-{due.id}", 5, task.case_id)
    retry(world, row.id)
    world.session.refresh(due)
    assert (due.state, listed(world)) == ("pending", [])
