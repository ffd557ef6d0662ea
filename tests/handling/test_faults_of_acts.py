"""Whatever moves a document and cannot becomes an incident, and retrying plays that very act."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit, clock, workflow
from app.database import db
from app.handling.act import look_at_task
from app.handling.acts import moving, opening
from app.handling.acts.returning import return_targets
from app.handling.acts.topics import TOPICS
from app.handling.errors import CannotStart, StepFault, StillFaulty
from app.handling.models import Case, Notice, Task
from app.handling.views import foresight
from app.organization import Person
from app.organization import operations as people
from app.workflow import acting, checks, tokens, trial
from app.workflow.errors import EngineFault
from app.workflow.moves import ServiceCall
from app.workflow.spiff import CaseTree
from tests.features.rows import all_rows
from tests.handling.administering import SECOND, decide, propose
from tests.handling.signings import at_signing, present
from tests.handling.test_batching import at_close, batch, look
from tests.handling.test_repairing import listed, note, retry
from tests.handling.test_skipping import DRAFT, OFFICE, drawn, line, publish
from tests.workflow.drawing import flow, path, service, timer
from tests.world import World

LEADERS = ["leader", "leader2", "leader3"]
CAUSE = "流程停住了"
Places = list[tuple[str, str | None]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The world of all tests, on either engine."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    with app.app_context():
        yield World(db.session())
        db.session.remove()


@pytest.fixture(autouse=True)
def _unchecked_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks would find most of what goes wrong here."""
    monkeypatch.setattr(checks, "check", lambda *_given, **_more: [])
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@contextmanager
def standstill() -> Iterator[list[Places]]:
    """No act can be kept, whatever it did; where the document would have been after each."""
    seen: list[Places] = []

    def refuse(tree: CaseTree) -> str:
        open_tasks = tokens.open_tasks(tree)
        seen.append(sorted((str(t.task_spec.bpmn_id), tokens.signer(t)) for t in open_tasks))
        raise EngineFault(CAUSE)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acting, "save_state", refuse)
        yield seen


@dataclass(frozen=True)
class Try:
    """An act that is ready to be done, and what the list of faults says of it."""

    act: Callable[[], Any]
    who: str
    words: str
    case: Case
    lies_at: str


def completing(world: World) -> Try:
    task = _at(world, "dept_review")
    return Try(
        lambda: world.complete(task, "dept.head", "approve"),
        "dept.head", "在“部门负责人核稿”环节以“同意”办结时", world.case_of(task), "dept_review",
    )  # fmt: skip


def passing_on(world: World) -> Try:
    task = at_signing(world, "sequential", ["leader", "leader2"])
    return Try(
        lambda: world.complete(task, "leader", "approve", next=["leader3"]),
        "leader", "在“会签”环节以“同意会签”办结时", world.case_of(task), task.step,
    )  # fmt: skip


def returning(world: World) -> Try:
    task = _at(world, "dept_review")
    return Try(
        lambda: world.send_back(task, "dept.head", "draft"),
        "dept.head", "退回到“拟稿”时", world.case_of(task), "dept_review",
    )  # fmt: skip


def returning_straight(world: World) -> Try:
    task = _at(world, "office_check")
    return Try(
        lambda: world.send_back(task, "office.head", "draft", then="back_to_me"),
        "office.head", "退回到“拟稿”（改后直接送回）时", world.case_of(task), "office_check",
    )  # fmt: skip


def withdrawing(world: World) -> Try:
    task = _at(world, "dept_review")
    sent = world.session.get_one(Task, task.sent_from_id)
    return Try(
        lambda: world.withdraw(sent, "drafter"),
        "drafter", "在“拟稿”环节撤回时", world.case_of(task), "dept_review",
    )  # fmt: skip


def withdrawing_an_answer(world: World) -> Try:
    task = at_signing(world, "parallel", LEADERS)
    mine = present(world, task)["leader2"]
    world.complete(mine, "leader2", "approve")
    return Try(
        lambda: world.withdraw(mine, "leader2"),
        "leader2", "撤回时", world.case_of(task), task.step,
    )  # fmt: skip


def withdrawing_from_some(world: World) -> Try:
    task = at_signing(world, "parallel", LEADERS)
    seen = present(world, task)["leader2"]
    with clock.moved_to(world.at):
        opening.open_task(world.session, world.actor("leader2"), seen.id)
        world.session.commit()
    sent = world.session.get_one(Task, task.sent_from_id)
    return Try(
        lambda: world.withdraw(sent, "office.head"),
        "office.head", "撤回时", world.case_of(task), task.step,
    )  # fmt: skip


def adding_signers(world: World) -> Try:
    task = at_signing(world, "sequential", LEADERS)
    name = world.actor("secretary").name
    return Try(
        lambda: world.add_signers(task, "leader", ["secretary"], "before"),
        "leader", f"加签{name}（在本人之前）时", world.case_of(task), task.step,
    )  # fmt: skip


def removing_a_signer(world: World) -> Try:
    task = at_signing(world, "parallel", LEADERS)
    name = world.actor("leader3").name
    return Try(
        lambda: world.remove_signer(task, "drafter", "leader3"),
        "drafter", f"减签{name}时", world.case_of(task), task.step,
    )  # fmt: skip


def moving_by_administrators(world: World) -> Try:
    task = _at(world, "dept_review")
    proposal = propose(world, world.case_of(task), "move", task, "office_check")
    return Try(
        lambda: decide(world, proposal),
        SECOND, "跳转到“办公室负责人把关”时", world.case_of(task), "dept_review",
    )  # fmt: skip


def _at(world: World, step: str) -> Task:
    task = world.run(world.draft(), until=step)
    assert task is not None
    return task


VERBS = [
    *(completing, passing_on, returning, returning_straight),
    *(withdrawing, withdrawing_an_answer, withdrawing_from_some),
    *(adding_signers, removing_a_signer, moving_by_administrators),
]


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_leaves_an_incident_and_is_tried_again_as_it_was(
    world: World, verb: Callable[[World], Try]
) -> None:
    tried = verb(world)
    before = all_rows(world.session)
    with standstill() as seen:
        for _ in range(2):
            fails(world, tried.act)
        (row,) = listed(world)
        with pytest.raises(StillFaulty, match=CAUSE):
            retry(world, row.id)
    assert len(seen) == 3
    assert seen[0] == seen[1] == seen[2]
    assert changed(world, before) == {"incident", "history"}
    (row,) = listed(world)
    assert (row.kind, row.tries, row.detail) == ("fault", 3, CAUSE)
    assert row.cause.startswith(world.actor(tried.who).name)
    assert tried.words in row.cause
    assert [each.step for each in world.open(tried.case) if each.id == row.task_id] == [
        tried.lies_at
    ]
    assert raised(world, tried.case) == [row.cause]
    said = retry(world, row.id)
    mine = tried.who in world.holders(world.session.get_one(Task, row.task_id))
    again = "已请办理人" if mine else f"请{world.actor(tried.who).name}"
    assert said == f"试办通过，故障已排除，{again}重新办理。"
    assert changed(world, before) == {"incident", "history", "notice"}
    assert listed(world) == []
    told = sa.select(Person.login).join(Notice, Notice.person_id == Person.id)
    assert tried.who in world.session.scalars(told.where(Notice.kind == "repaired")).all()
    tried.act()
    assert listed(world) == []


def test_it_is_over_with_the_stay_that_could_have_been_taken_back(world: World) -> None:
    tried = withdrawing(world)
    with standstill():
        fails(world, tried.act)
    world.complete(world.open(tried.case)[0], "dept.head", "approve")
    assert listed(world) == []


def test_the_latest_act_is_the_one_that_is_tried_again(world: World) -> None:
    """Somebody who cannot finish tries to return; one row, and its cause says so."""
    task = _at(world, "dept_review")
    with standstill() as seen:
        fails(world, lambda: world.complete(task, "dept.head", "approve"))
        fails(world, lambda: world.send_back(task, "dept.head", "draft"))
        (row,) = listed(world)
        assert (row.tries, "退回到“拟稿”" in row.cause) == (2, True)
        with pytest.raises(StillFaulty):
            retry(world, row.id)
    assert seen[2] == seen[1] == [("draft", None)]
    assert len(raised(world, world.case_of(task))) == 1


@pytest.fixture
def spoilt(world: World) -> Iterator[Task]:
    """A stay from which the step ``check`` cannot be come to again; another one is open beside."""

    def lend(call: ServiceCall) -> None:
        call.variables["review_by"] = "P3D"

    def spoil(call: ServiceCall) -> None:
        call.variables["review_by"] = "随时"

    with services(lend=lend, spoil=spoil):
        publish(
            world, DRAFT, service("lending", "lend"), drawn("check", "dept-head"),
            timer("late", "check", "review_by"), service("spoiling", "spoil"), OFFICE,
            drawn("aside", "printing-room", "印制"),
            '<parallelGateway id="split"/><parallelGateway id="join"/><endEvent id="reminded"/>',
            path("begin", "draft", "lending", "check", "spoiling", "split", "office", "join"),
            path("split", "aside", "join", "finish"), flow("late", "reminded"),
        )  # fmt: skip
        yield _at(world, "office")


def test_a_time_that_cannot_be_read_any_more_stops_a_return(world: World, spoilt: Task) -> None:
    """The page of the stay still opens, where it says what else a return would end."""
    before = all_rows(world.session)
    with clock.moved_to(world.at):
        act = look_at_task(world.session, world.actor("office.head"), spoilt.id)
        assert [each.step for each in return_targets(act)] == ["check", "draft"]
    fails(world, lambda: world.send_back(spoilt, "office.head", "check"))
    (row,) = listed(world)
    assert "随时" in row.detail
    with pytest.raises(StillFaulty, match="随时"):
        retry(world, row.id)
    assert changed(world, before) == {"incident", "history"}
    world.send_back(spoilt, "office.head", "draft")
    assert listed(world) == []


def test_a_move_that_the_route_cannot_take_fails_when_it_is_proposed(
    world: World, spoilt: Task
) -> None:
    case = world.case_of(spoilt)
    with clock.moved_to(world.at):
        act = look_at_task(world.session, world.actor("office.head"), spoilt.id)
        problems = {each.step: each.problem for each in moving.targets(act)}
    assert problems["draft"] is None
    assert "无法继续" in (problems["check"] or "")
    fails(world, lambda: propose(world, case, "move", spoilt, "check"))
    (row,) = listed(world)
    assert "跳转到“核稿”" in row.cause
    with pytest.raises(StillFaulty, match="随时"):
        retry(world, row.id, SECOND)
    propose(world, case, "move", spoilt, "draft")


def test_letting_the_last_one_off_runs_what_follows_a_signing(world: World) -> None:
    task = at_signing(world, "parallel", ["leader", "leader2"])
    world.complete(present(world, task)["leader"], "leader", "approve")
    before = all_rows(world.session)
    stay = world.open(world.case_of(task))[0]
    with services(**{"countersign-done": _give_way}):
        fails(world, lambda: world.remove_signer(stay, "drafter", "leader2"))
        (row,) = listed(world)
        assert "ConnectionError" in row.detail
        with pytest.raises(StillFaulty):
            retry(world, row.id)
    assert changed(world, before) == {"incident", "history"}
    retry(world, row.id)
    world.remove_signer(stay, "drafter", "leader2")
    assert [each.step for each in world.open(world.case_of(task))] == ["office_check"]


def test_a_step_that_rules_skip_is_part_of_what_is_tried(world: World) -> None:
    """It fails behind the skipped step; the rehearsal skips as it would for who sends."""
    office = drawn("office2", "office-head", "再核", same_person="skip")
    with services(record=lambda _call: None):
        line(world, drawn("check", "office-head"), office, service("recording", "record"))
        task = _at(world, "check")
    before = all_rows(world.session)
    with services(record=_give_way):
        with clock.moved_to(world.at):
            act = look_at_task(world.session, world.actor("office.head"), task.id)
            assert foresight.view(act)
        fails(world, lambda: world.complete(task, "office.head", "approve"))
        (row,) = listed(world)
        with pytest.raises(StillFaulty, match="ConnectionError"):
            retry(world, row.id)
        assert changed(world, before) == {"incident", "history"}
    with services(record=lambda _call: None):
        retry(world, row.id)
        world.complete(task, "office.head", "approve")
    assert [each.step for each in world.open(world.case_of(task))] == ["office"]


def test_what_the_database_refuses_a_service_step_is_a_fault_of_it(world: World) -> None:
    """A value that no row takes is no better at the second try; the session reads on afterwards."""

    def twice(call: ServiceCall) -> None:
        act = call.context
        act.session.add(Person(login="drafter", name="同名", unit_id=act.case.unit_id))
        act.session.flush()

    task = _at(world, "seal")
    before = all_rows(world.session)
    with services(seal=twice):
        fails(world, lambda: world.complete(task, "seal.keeper", "seal"))
        (row,) = listed(world)
        assert "IntegrityError" in row.detail
        with pytest.raises(StillFaulty, match="IntegrityError"):
            retry(world, row.id)
    assert changed(world, before) == {"incident", "history"}
    assert "排除" in retry(world, row.id)


def test_in_a_batch_the_one_that_fails_is_in_the_list(world: World) -> None:
    found = at_close(world, 2)
    look(world, "secretary", *found)
    before = all_rows(world.session)
    with standstill():
        done = batch(world, "secretary", *found)
    assert (len(done.refused), done.done) == (2, {})
    assert changed(world, before) == {"incident", "history"}
    assert [each.task_id for each in listed(world)] == [each.id for each in found]


def test_whoever_has_left_is_stood_in_for(world: World) -> None:
    tried = completing(world)
    with standstill():
        fails(world, tried.act)
        with clock.moved_to(world.at):
            system = world.actor("system.admin")
            person = world.session.get_one(Person, world.actor("dept.head").person_id)
            people.deactivate(world.session, system, world.at, person=person)
            world.session.commit()
        (row,) = listed(world)
        with pytest.raises(StillFaulty):
            retry(world, row.id)
    (again,) = listed(world)
    assert (again.cause, again.tries) == (row.cause, 2)
    assert "排除" in retry(world, row.id)


def test_a_route_that_cannot_even_begin_leaves_nothing_and_says_whom_to_ask(
    world: World,
) -> None:
    """No stay, no incident: whoever drafts has his text before him and is told the truth."""
    with services(lend=lambda call: call.variables.update(review_by="P3D")):
        publish(
            world, service("lending", "lend"), DRAFT, OFFICE,
            path("begin", "lending", "draft", "office", "finish"),
        )  # fmt: skip
    before = all_rows(world.session)
    with services(lend=_give_way), pytest.raises(CannotStart, match="没有保存"):
        world.draft()
    assert all_rows(world.session) == before
    assert listed(world) == []


def fails(world: World, act: Callable[[], Any]) -> None:
    """As web does it: the act is undone, and what it leaves is written afterwards."""
    with pytest.raises(StepFault, match="无法继续") as refusal:
        act()
    note(world, refusal.value)


def changed(world: World, before: dict[str, Any]) -> set[str]:
    return {name for name, rows in all_rows(world.session).items() if rows != before[name]}


def raised(world: World, case: Case) -> list[str | None]:
    entries = audit.case_entries(world.session, case.id)
    return [each.reason for each in entries if each.action == "incident.raised"]


@contextmanager
def services(**topics: Callable[[ServiceCall], None]) -> Iterator[None]:
    """Service steps besides the shipped ones, or in place of them."""
    workflow.register_topics({**TOPICS, **topics})
    yield
    workflow.register_topics(TOPICS)


def _give_way(_call: ServiceCall) -> None:
    raise ConnectionError
