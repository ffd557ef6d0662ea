"""Whatever moves a document and cannot becomes an incident, and retrying plays that very act."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app import clock
from app.database import db
from app.handling.act import look_at_task
from app.handling.acts import moving
from app.handling.acts.returning import return_targets
from app.handling.errors import CannotStart, StillFaulty
from app.handling.models import Notice, Task
from app.handling.views import foresight
from app.organization import Person
from app.organization import operations as people
from app.workflow import checks, trial
from app.workflow.moves import ServiceCall
from tests.features.rows import all_rows
from tests.handling.administering import SECOND, propose
from tests.handling.signings import at_signing, present
from tests.handling.test_batching import at_close, batch, look
from tests.handling.test_repairing import listed, retry
from tests.handling.test_skipping import DRAFT, OFFICE, drawn, line, publish
from tests.handling.trying import (
    CAUSE,
    VERBS,
    Try,
    at,
    changed,
    completing,
    fails,
    give_way,
    raised,
    services,
    standstill,
    withdrawing,
)
from tests.workflow.drawing import flow, path, service, timer
from tests.world import World


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
    task = at(world, "dept_review")
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
        yield at(world, "office")


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
    with services(**{"countersign-done": give_way}):
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
        task = at(world, "check")
    before = all_rows(world.session)
    with services(record=give_way):
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

    task = at(world, "seal")
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
    with services(lend=give_way), pytest.raises(CannotStart, match="没有保存"):
        world.draft()
    assert all_rows(world.session) == before
    assert listed(world) == []
