"""Eight requests at once on PostgreSQL: one key, one lock that is not given, and deadlocks."""

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask, request

from app.database import current_session, db
from app.handling.models import Opinion
from app.organization.models import Unit
from app.web.acts import acting
from app.workflow.models import WorkflowCase
from tests.handling.racing import Act, Race, Round, completing
from tests.world import World

pytestmark = pytest.mark.postgres
EIGHT = 8


@pytest.fixture
def race(postgres_app: Flask) -> Race:
    return Race(postgres_app)


def registering(world: World) -> Round:
    task = world.open(world.register().case)[0]
    return Round(task.case_id, [completing(who, task) for who in ("secretary", "dispatcher")])


def opinions(race: Race) -> int:
    with race.app.app_context():
        found = db.session.scalar(sa.select(sa.func.count(Opinion.id)))
        db.session.remove()
    return found or 0


def test_one_key_eight_times_at_once_has_one_effect_and_one_answer(race: Race) -> None:
    """R4: whoever comes while the first is at work waits for it and gets its answer."""
    (each,) = race.prepare(registering, 1)
    answers = race.at_once([replace(each.acts[0], key="one")] * EIGHT)
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert opinions(race) == 1
    race.check()


def test_a_lock_that_is_not_given_in_two_seconds_is_503_and_can_be_sent_again(race: Race) -> None:
    (each,) = race.prepare(registering, 1)
    acts = [replace(act, key=f"{number}") for number, act in enumerate(each.acts * (EIGHT // 2))]
    with race.app.app_context():
        held = sa.select(WorkflowCase.id).where(WorkflowCase.id == each.case_id)
        db.session.execute(held.with_for_update())
        begun = time.monotonic()
        answers = race.at_once(acts)
        assert time.monotonic() - begun > 2  # lock_timeout
        db.session.rollback()
        db.session.remove()
    assert {answer.status_code for answer in answers} == {503}, answers[0].text
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert opinions(race) == 0
    again = [answer.status_code for answer in race.at_once(acts)]
    assert sorted(again) == [200] + [409] * (EIGHT - 1)
    race.check()


def test_acts_that_lock_one_another_out_are_done_again_or_can_be_sent_again(race: Race) -> None:
    """An act broken off by a deadlock is done again; what still fails at the third try is 503."""

    def cross() -> str:
        """Locks two rows in the order given, which no act of ours does."""
        for unit_id in request.get_json():
            row = sa.select(Unit.id).where(Unit.id == unit_id).with_for_update()
            current_session().execute(row)
            time.sleep(0.05)
        return "done"

    race.app.add_url_rule("/api/v1/cross", view_func=acting(cross), methods=["POST"])
    race.prepare(registering, 1)
    ways = [[1, 2], [2, 1]]
    acts = [Act("secretary", "/cross", ways[number % 2]) for number in range(EIGHT)]
    answers = race.at_once(acts)
    assert {answer.status_code for answer in answers} <= {200, 503}, answers[0].text
    assert any(answer.status_code == 200 for answer in answers)
