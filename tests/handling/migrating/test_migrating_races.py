"""Administrators and people at the cases of one plan at once, on PostgreSQL."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.audit import AuditEntry
from app.database import db
from app.errors import Conflict, DomainError
from app.handling.acts.completing import Completion, complete
from app.handling.migrating import carrying_out, deciding
from app.handling.migrating.carrying_out import carry_out
from app.handling.migrating.models import Migration, MigrationCase
from app.handling.models import Case
from app.workflow.models import WorkflowCase
from tests.faults.invariants import violations
from tests.handling.administering import FIRST, SECOND
from tests.handling.editions import inserted, timed
from tests.handling.migrating.migrating import decide, in_force, propose, stand
from tests.handling.test_races import at_once
from tests.handling.test_stopped_cases import leave
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 6
EDITS = (
    inserted("dept_review_to_office_check", "legal_review", "法规审核"),
    timed("office_check"),
)


def prepared(app: Flask, *, confirmed: bool = False) -> tuple[int, int, int, int]:
    """A plan for a case at the office: its id, and case, stay and revision."""
    with app.app_context():
        world = World(db.session())
        task = stand(world, "office_check")
        new = in_force(world, *EDITS)
        ids = task.case_id, task.id, task.revision
        plan = propose(world, new, [task.case_id]).migration
        if confirmed:
            decide(world, plan)
        found = plan.id, *ids
        db.session.remove()
    return found


def agreeing(plan: int) -> Callable[[], None]:
    return lambda: _followed(
        SECOND, lambda actor: deciding.decide(db.session(), actor, plan, agree=True)
    )


def undoing(plan: int) -> Callable[[], None]:
    return lambda: _followed(
        FIRST, lambda actor: deciding.undo(db.session(), actor, plan, "有误。")
    )


def _followed(login: str, operation: Callable[..., object]) -> None:
    """The decision, and its cases after the commit."""
    _as(login, operation)
    db.session.commit()
    while carry_out(db.session(), clock.now(db.session())):
        db.session.commit()


def acting(task: int, revision: int) -> Callable[[], None]:
    form = Completion(None, revision, "同意。")
    return lambda: _as("office.head", lambda actor: complete(db.session(), actor, task, form))


def _as(login: str, operation: Callable[..., object]) -> None:
    operation(World(db.session()).actor(login))


def sound(app: Flask, case: int) -> tuple[str, str, list[str]]:
    """State of the row of the plan, version, open steps; all invariants hold."""
    with app.app_context():
        world = World(db.session())
        assert violations(db.session(), case_id=case) == {}
        row = db.session.query(MigrationCase).filter_by(case_id=case).one()
        run = db.session.get_one(WorkflowCase, case)
        steps = [each.step for each in world.open(db.session.get_one(Case, case))]
        found = row.state, "old" if run.sha256 == row.from_sha256 else "new", steps
        db.session.remove()
    return found


def test_two_confirm_at_once(postgres_app: Flask) -> None:
    plan, case, *_ = prepared(postgres_app)
    results = at_once(postgres_app, agreeing(plan), agreeing(plan))
    (lost,) = [error for error in results if error is not None]
    assert isinstance(lost, Conflict)
    assert sound(postgres_app, case) == ("moved", "new", ["office_check"])


def test_it_is_taken_back_while_it_is_confirmed(postgres_app: Flask) -> None:
    plan, case, *_ = prepared(postgres_app)

    def take_back() -> None:
        _as(FIRST, lambda actor: deciding.withdraw(db.session(), actor, plan))

    taken, agreed = at_once(postgres_app, take_back, agreeing(plan))
    assert (taken is None) != (agreed is None)
    expected = ("moved", "new") if agreed is None else ("dropped", "old")
    assert sound(postgres_app, case)[:2] == expected


def test_two_carry_out_one_plan(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        cases = [stand(world, "office_check").case_id for _ in range(ROUNDS)]
        plan = propose(world, in_force(world, *EDITS), cases).migration.id
        _as(SECOND, lambda actor: deciding.decide(db.session(), actor, plan, agree=True))
        db.session.commit()
        db.session.remove()

    def carry_on() -> None:
        while carry_out(db.session(), clock.now(db.session())):
            db.session.commit()

    assert at_once(postgres_app, carry_on, carry_on) == [None, None]
    for case in cases:
        assert sound(postgres_app, case) == ("moved", "new", ["office_check"])
    with postgres_app.app_context():
        done = db.session.query(AuditEntry).filter_by(action="migration.finished").count()
        assert done == 1
        db.session.remove()


def test_two_are_refused_one_case_before_they_hold_anything(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who confirmed it has left: neither gets as far as a lock, and one of them says so."""
    case = confirmed_by_one_who_left(postgres_app)
    both, real = threading.Barrier(2, timeout=30), carrying_out._tried

    def tried(*given: Any) -> str | None:
        found = real(*given)
        both.wait()
        return found

    monkeypatch.setattr(carrying_out, "_tried", tried)

    def carry_on() -> None:
        assert carry_out(db.session(), clock.now(db.session())) == 1

    assert at_once(postgres_app, carry_on, carry_on) == [None, None]
    assert sound(postgres_app, case) == ("refused", "old", ["office_check"])
    assert finished(postgres_app) == [{"refused": 1}]


def test_who_fails_late_takes_nothing_back_that_another_has_done(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One comes to grief on the program; another moves the case before he can say so."""
    plan, case, *_ = prepared(postgres_app)
    with postgres_app.app_context():
        _as(SECOND, lambda actor: deciding.decide(db.session(), actor, plan, agree=True))
        db.session.commit()
        db.session.remove()
    failed, moved, real = threading.Event(), threading.Event(), carrying_out._tried

    def tried(*given: Any) -> str | None:
        if failed.is_set():
            return real(*given)
        failed.set()
        assert moved.wait(30)
        return carrying_out.BROKEN

    monkeypatch.setattr(carrying_out, "_tried", tried)

    def late() -> None:
        carry_out(db.session(), clock.now(db.session()))

    def early() -> None:
        assert failed.wait(30)
        assert carry_out(db.session(), clock.now(db.session())) == 1
        db.session.commit()
        moved.set()

    assert at_once(postgres_app, late, early) == [None, None]
    assert sound(postgres_app, case) == ("moved", "new", ["office_check"])
    assert finished(postgres_app) == [{"moved": 1}]


def confirmed_by_one_who_left(app: Flask) -> int:
    """A confirmed plan for one case, nothing moved yet; the case."""
    plan, case, *_ = prepared(app)
    with app.app_context():
        _as(SECOND, lambda actor: deciding.decide(db.session(), actor, plan, agree=True))
        db.session.commit()
        leave(World(db.session()), SECOND)
        db.session.remove()
    return case


def finished(app: Flask) -> list[dict[str, int]]:
    """What the entries say of the cases of the one plan at its end."""
    with app.app_context():
        rows = db.session.query(AuditEntry).filter_by(action="migration.finished")
        found = [json.loads(each.body)["detail"]["cases"] for each in rows]
        db.session.remove()
    return found


def race(app: Flask, plan: int, case: int, task: int, revision: int, *, undo: bool) -> None:
    """Somebody acts while the case moves: both may be done one after the other, never mixed."""
    verb = undoing(plan) if undo else agreeing(plan)
    acted, moved = at_once(app, acting(task, revision), verb)
    assert moved is None  # the plan as a whole goes through; its case may be refused
    assert acted is None or isinstance(acted, DomainError), acted
    state, version, steps = sound(app, case)
    assert (state, version) in {
        ("refused", "old"),
        ("moved", "new"),
        ("undone", "old"),
    }
    assert ("office_check" in steps) == (acted is not None)


@pytest.mark.parametrize("undo", [False, True], ids=["confirming", "undoing"])
def test_the_person_acts_while_the_case_moves(postgres_app: Flask, undo: bool) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        tasks = [stand(world, "office_check") for _ in range(ROUNDS)]
        new = in_force(world, *EDITS)
        rounds = []
        for task in tasks:
            plan = propose(world, new, [task.case_id]).migration
            if undo:
                decide(world, plan)
            rounds.append((plan.id, task.case_id, task.id, task.revision))
        db.session.remove()
    for each in rounds:
        race(postgres_app, *each, undo=undo)
    with postgres_app.app_context():
        assert db.session.query(Migration).count() == ROUNDS
        db.session.remove()
