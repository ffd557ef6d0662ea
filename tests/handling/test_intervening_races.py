"""Administrators and people at one case at once, on PostgreSQL: one wins, the other is told."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.database import db
from app.errors import Conflict
from app.handling.acts import deciding
from app.handling.acts.completing import Completion, complete
from app.handling.errors import ProposalStale, StaleRevision, StepAlreadyDone
from app.handling.models import Case, Intervention, Task
from tests.handling.administering import FIRST, SECOND, propose
from tests.handling.test_races import at_once
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 10


def prepared(app: Flask, kind: str, to: str) -> tuple[int, int, int, int]:
    """A proposal about a stay: its id, and case, stay and revision."""
    with app.app_context():
        world = World(db.session())
        task = world.run(world.draft(), until="office_check")
        assert task is not None
        found = propose(world, world.case_of(task), kind, task, to)
        ids = found.id, task.case_id, task.id, task.revision
        db.session.remove()
    return ids


def agreeing(proposal: int) -> Callable[[], None]:
    def act() -> None:
        actor = World(db.session()).actor(SECOND)
        deciding.decide(db.session(), actor, proposal, agree=True)

    return act


def test_who_agrees_twice_at_once_has_one_effect(postgres_app: Flask) -> None:
    for _ in range(ROUNDS):
        proposal, case, *_ = prepared(postgres_app, "move", "draft")
        results = at_once(postgres_app, agreeing(proposal), agreeing(proposal))
        (lost,) = [error for error in results if error is not None]
        assert isinstance(lost, Conflict)
        with postgres_app.app_context():
            world = World(db.session())
            stays = world.open(db.session.get_one(Case, case))
            assert [each.step for each in stays] == ["draft"]
            db.session.remove()


def test_it_is_taken_back_while_it_is_agreed_on(postgres_app: Flask) -> None:
    for _ in range(ROUNDS):
        proposal, case, *_ = prepared(postgres_app, "move", "draft")

        def take_back(proposal: int = proposal) -> None:
            deciding.withdraw(db.session(), World(db.session()).actor(FIRST), proposal)

        taken_back, agreed = at_once(postgres_app, take_back, agreeing(proposal))
        (lost,) = [error for error in (taken_back, agreed) if error is not None]
        assert isinstance(lost, Conflict)
        assert lost.code == "already_decided"
        with postgres_app.app_context():
            world = World(db.session())
            found = db.session.get_one(Intervention, proposal)
            (stay,) = world.open(db.session.get_one(Case, case))
            expected = ("done", "draft") if agreed is None else ("withdrawn", "office_check")
            assert (found.state, stay.step) == expected
            db.session.remove()


@pytest.mark.parametrize(("kind", "to"), [("move", "draft"), ("reassign", "secretary")])
def test_the_person_acts_while_it_is_agreed_on(postgres_app: Flask, kind: str, to: str) -> None:
    for _ in range(ROUNDS):
        proposal, _, task, revision = prepared(postgres_app, kind, to)

        def act(task: int = task, revision: int = revision) -> None:
            actor = World(db.session()).actor("office.head")
            complete(db.session(), actor, task, Completion(None, revision, "同意。"))

        acted, agreed = at_once(postgres_app, act, agreeing(proposal))
        assert (acted is None) != (agreed is None), (acted, agreed)
        with postgres_app.app_context():
            found = db.session.get_one(Intervention, proposal)
            stay = db.session.get_one(Task, task)
            if agreed is None:
                assert found.state == "done"
                assert isinstance(acted, Exception)
                assert stay.state == ("closed" if kind == "move" else "open")
                if kind == "move":
                    assert isinstance(acted, StepAlreadyDone | StaleRevision)
            else:
                assert isinstance(agreed, ProposalStale)
                assert (found.state, stay.state) == ("proposed", "done")
            db.session.remove()
