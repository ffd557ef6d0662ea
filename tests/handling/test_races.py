"""Two people at one stay, on PostgreSQL: SQLite puts them one after another and hides the fault."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from app import clock, organization
from app.database import db
from app.errors import Conflict
from app.handling.act import hold_task
from app.handling.acts import opening, withdrawing
from app.handling.acts.completing import Completion, complete
from app.handling.acts.removing_signers import remove_signer
from app.handling.errors import CannotWithdraw, NotYourTask, StaleRevision, StepAlreadyDone
from app.handling.models import Opinion, Task
from app.handling.stays.people import resettle
from tests.conftest import LONG
from tests.handling.signings import at_signing, present
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 200
HOLDERS = ("secretary", "dispatcher")
"""Either may do the registration step."""


def at_once(app: Flask, *acts: Callable[[], None]) -> list[Exception | None]:
    """Run each act in a thread and a session of its own, started together."""
    barrier = threading.Barrier(len(acts))
    results: list[Exception | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], None]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                act()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                results[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def completing(
    login: str, task_id: int, revision: int, outcome: str = "submit"
) -> Callable[[], None]:
    def act() -> None:
        person = organization.person_by_login(db.session(), login)
        actor = organization.actor(db.session(), person.id)
        form = Completion(outcome=outcome, revision=revision, opinion=f"{login} 同意。")
        complete(db.session(), actor, task_id, form)

    return act


def test_two_people_complete_one_task_and_one_wins(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        tasks = [world.open(world.register().case)[0] for _ in range(ROUNDS)]
        pairs = [(task.id, task.revision) for task in tasks]
        db.session.remove()
    lost: list[Exception] = []
    for task_id, revision in pairs:
        results = at_once(
            postgres_app,
            *(completing(login, task_id, revision) for login in HOLDERS),
        )
        losers = [error for error in results if error is not None]
        assert len(losers) == 1, losers
        lost += losers
    assert all(isinstance(error, StepAlreadyDone) for error in lost), set(map(type, lost))
    with postgres_app.app_context():
        names = [World(db.session()).actor(login).name for login in HOLDERS]
        db.session.remove()
    assert all(any(name in str(error) for name in names) for error in lost), str(lost[0])
    with postgres_app.app_context():
        registered = [task_id for task_id, _ in pairs]
        opinions = db.session.query(Opinion).filter(Opinion.task_id.in_(registered)).count()
        opened = db.session.query(Task).filter(Task.sent_from_id.in_(registered)).count()
        assert (opinions, opened) == (ROUNDS, ROUNDS)


def test_withdrawing_while_the_next_person_opens_has_one_winner(postgres_app: Flask) -> None:
    """D5: one of the two wins, and nobody ends with both."""
    for _ in range(ROUNDS if LONG else 20):
        with postgres_app.app_context():
            world = World(db.session())
            done = world.draft()
            first = world.open(done.case)[0]
            task = world.run(done, until="dept_review")
            assert task is not None
            sent, opened = first.id, task.id
            db.session.remove()

        def take_back(sent: int = sent) -> None:
            person = organization.person_by_login(db.session(), "drafter")
            withdrawing.withdraw(db.session(), organization.actor(db.session(), person.id), sent)

        def look(opened: int = opened) -> None:
            person = organization.person_by_login(db.session(), "dept.head")
            opening.open_task(db.session(), organization.actor(db.session(), person.id), opened)

        withdrawn, seen = at_once(postgres_app, take_back, look)
        assert withdrawn is None or isinstance(withdrawn, CannotWithdraw)
        with postgres_app.app_context():
            task = db.session.get_one(Task, opened)
            if withdrawn is None:
                assert task.state == "recalled"
            else:
                assert (task.state, task.opened_at is not None, seen) == ("open", True, None)
            db.session.remove()


def test_signing_while_one_is_let_off_has_one_winner(postgres_app: Flask) -> None:
    """Either his opinion stands, or he is let off; the other signer goes on in both cases."""
    for _ in range(10):
        with postgres_app.app_context():
            world = World(db.session())
            first = at_signing(world, "parallel", ["leader2", "leader3"])
            mine = present(world, first)["leader3"]
            task_id, revision, path, case_id = mine.id, mine.revision, first.id, mine.case_id
            db.session.remove()

        def let_off(path: int = path) -> None:
            person = organization.person_by_login(db.session(), "office.head")
            actor = organization.actor(db.session(), person.id)
            remove_signer(db.session(), actor, path, "leader3")

        sign = completing("leader3", task_id, revision, "approve")
        removed, signed = at_once(postgres_app, let_off, sign)
        assert (removed is None) != (signed is None), (removed, signed)
        with postgres_app.app_context():
            task = db.session.get_one(Task, task_id)
            opinions = db.session.query(Opinion).filter(Opinion.task_id == task_id).count()
            assert (task.state, opinions) == (("done", 1) if removed else ("removed", 0))
            left = db.session.query(Task).filter(Task.case_id == case_id, Task.state == "open")
            assert [each.id for each in left] == [path]
            db.session.remove()


def test_the_clock_of_the_record_is_the_database(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        first = clock.now(db.session())
        assert first < clock.now(db.session())
        assert first.tzinfo is not None
        assert issubclass(StepAlreadyDone, Conflict)
        db.session.remove()


def test_who_loses_a_stay_while_he_waits_for_its_lock_cannot_end_it(postgres_app: Flask) -> None:
    """The people of a stay were read as they had been before the wait."""
    with postgres_app.app_context():
        world = World(db.session())
        task = world.run(world.draft(), until="office_check")
        assert task is not None
        act = completing("office.head", task.id, task.revision)
        taken, waited = threading.Event(), threading.Event()
        given = task.id
        db.session.remove()

    def give_to_another() -> None:
        actor = World(db.session()).actor("office.head")
        held = hold_task(db.session(), actor, given)
        person = organization.named(db.session(), ["secretary"], held.case.unit_id).people
        resettle(held, held.stay, person)
        db.session.flush()
        taken.set()
        waited.wait(0.5)

    def end_it() -> None:
        taken.wait(10)
        act()

    moved, ended = at_once(postgres_app, give_to_another, end_it)
    assert moved is None
    assert isinstance(ended, NotYourTask | StaleRevision), ended
