"""A person acts at the moment at which a drawn timer runs out: one of them, never both."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from app import audit, clock, create_app
from app.database import Base, db
from app.deadlines.models import Due
from app.deadlines.sweep import sweep
from app.handling.effects import EFFECTS
from app.handling.models import Task
from app.handling.stays.timers import SUBJECT
from app.workflow import checks, trial
from tests.conftest import LONG, install, settings
from tests.deadlines.test_sweep_races import together
from tests.handling.racing import Act, Race, Round, completing
from tests.handling.test_skipping import sent
from tests.handling.test_timers import escalating
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 200 if LONG else 15
SWEEPERS = 2


@pytest.fixture
def race(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Race]:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    app = create_app(settings(tmp_path_factory.mktemp("races"), postgres_url))
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        install(app)
        escalating(World(db.session()))
        db.session.remove()
    yield Race(app)
    with app.app_context():
        db.engine.dispose()


def reviewing(world: World) -> Round:
    """A stay that its head is about to end, with a timer on it that is just running out."""
    (task,) = world.open(sent(world).case)
    past = clock.now(world.session) - timedelta(seconds=1)
    world.session.execute(
        sa.update(Due)
        .where(Due.subject_type == SUBJECT, Due.state == "pending")
        .values(due_at=past, next_try_at=past)
    )
    world.session.commit()
    return Round(task.case_id, [completing("dept.head", task, outcome="approve")])


def test_either_the_person_or_the_timer_moves_the_document(race: Race) -> None:
    won = Counter[str]()
    for number in range(ROUNDS):
        (each,) = race.prepare(reviewing, 1)
        won[one_round(race, each, late=LATE[number % len(LATE)])] += 1
    race.check()
    settle(race)
    print(f"{ROUNDS} rounds: {dict(won)}")
    assert len(won) == 2, won


def settle(race: Race) -> None:
    """Rows that a sweep held while somebody acted are cancelled by the next one."""
    with race.app.app_context():
        mine = sa.and_(Due.subject_type == SUBJECT, Due.state == "pending")
        db.session.execute(sa.update(Due).where(mine).values(next_try_at=Due.due_at))
        db.session.commit()
        sweep(sessionmaker(db.engine), EFFECTS)
        assert db.session.scalar(sa.select(sa.func.count()).where(mine)) == 0
        db.session.remove()


LATE = (0.0, -0.02, 0.01, -0.04, 0.02, -0.08, 0.03, -0.16)
"""Seconds by which the sweeps begin after the person, or before where negative: both come first."""


def one_round(race: Race, each: Round, late: float) -> str:
    """Who won."""
    (act,), answers = each.acts, []
    start = threading.Barrier(SWEEPERS + 1)

    def acts(act: Act) -> None:
        client = race.app.test_client()
        start.wait()
        time.sleep(max(-late, 0))
        answers.append(race.send(act, client))

    def sweeps() -> None:
        with race.app.app_context():
            start.wait()
            time.sleep(max(late, 0))
            sweep(sessionmaker(db.engine), EFFECTS)

    assert together(partial(acts, act), *[sweeps] * SWEEPERS) == []
    race.check(each.case_id)
    assert race.open_steps(each.case_id) == ["office"]
    with race.app.app_context():
        entries = audit.case_entries(db.session(), each.case_id)
        fired = sum(entry.action == "timer.fired" for entry in entries)
        offices = sa.select(sa.func.count()).where(
            Task.case_id == each.case_id, Task.step == "office"
        )
        assert db.session.scalar(offices) == 1
        db.session.remove()
    (answer,) = answers
    assert (answer.status_code, fired) in ((200, 0), (409, 1)), answer.get_data(as_text=True)
    return "timer" if fired else "person"
