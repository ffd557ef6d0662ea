"""Pairs of acts on one case at the same moment, two and eight people at once, on PostgreSQL.

Where the acts exclude one another exactly one is done and the others are told who was first;
where both may be done both are. After each round the invariants of every database hold.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import TestResponse

from app import create_app
from app.database import Base, db
from app.handling.models import Task
from tests.conftest import LONG, install, settings
from tests.handling.racing import (
    Act,
    Race,
    Round,
    cancelling,
    completing,
    handing_over,
    returning,
    withdrawing,
)
from tests.world import World

pytestmark = pytest.mark.postgres
ROUNDS = 200 if LONG else 5
PARALLEL = {"fields": {"countersign_mode": "parallel"}}
EIGHT = [
    *("leader2", "leader3", "unit.head", "dept.deputy"),
    *("secretary", "dispatcher", "printing", "seal.keeper"),
]

Bring = Callable[[World], Round]


def at(world: World, step: str, **fields: object) -> Task:
    task = world.run(world.draft(**fields), until=step, office_check=PARALLEL)
    assert task is not None
    return task


def registered(world: World) -> Round:
    task = world.open(world.register().case)[0]
    return Round(task.case_id, [completing(login, task) for login in ("secretary", "dispatcher")])


def reviewed_or_taken_back(world: World) -> Round:
    task = at(world, "dept_review")
    acts = [completing("dept.head", task), withdrawing("drafter", task.sent_from_id)]
    return Round(task.case_id, acts)


def signed_or_returned(world: World) -> Round:
    first = at(world, "sign_parallel", countersigners=["leader2", "leader3"])
    other = next(each for each in world.open(world.case_of(first)) if each.id != first.id)
    stays = {world.holders(each)[0]: each for each in (first, other)}
    sign = completing("leader2", stays["leader2"], outcome="approve")
    return Round(first.case_id, [sign, returning("leader3", stays["leader3"], "draft")])


def handed_over_or_done(world: World) -> Round:
    task = at(world, "office_check")
    acts = [handing_over("office.head", task, "secretary"), completing("office.head", task)]
    return Round(task.case_id, acts)


def handed_over_or_taken_back(world: World) -> Round:
    task = at(world, "dept_review")
    taking_back = withdrawing("drafter", task.sent_from_id)
    return Round(task.case_id, [handing_over("dept.head", task, "dept.deputy"), taking_back])


def answered_or_taken_back(world: World) -> Round:
    task = at(world, "leader_sign")
    asked = world.hand_over(task, "leader", "leader2", "consult", "经费是否落实？")
    return Round(task.case_id, [completing("leader2", asked), withdrawing("leader", task.id)])


def cancelled_or_done(world: World) -> Round:
    task = at(world, "dept_review")
    acts = [cancelling("drafter", task.case_id), completing("dept.head", task)]
    return Round(task.case_id, acts)


@pytest.fixture(scope="module")
def race(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Race]:
    """One office for all rounds: each has a case of its own."""
    app = create_app(settings(tmp_path_factory.mktemp("races"), postgres_url))
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        install(app)
    yield Race(app)
    with app.app_context():
        db.engine.dispose()


def rounds(race: Race, bring: Bring, people: int) -> list[list[tuple[Act, TestResponse]]]:
    """Each act with its answer, in every round; eight people are each act four times."""
    played = []
    for each in race.prepare(bring, ROUNDS):
        many = each.acts * (people // len(each.acts))
        random.shuffle(many)
        played.append(list(zip(many, race.at_once(many), strict=True)))
        race.check(each.case_id)
    race.check()
    done = Counter(
        tuple(sorted(act.path.rpartition("/")[2] for act in winners(answers))) for answers in played
    )
    print(f"{bring.__name__}, {people} at once, {ROUNDS} rounds, done: {dict(done)}")
    return played


def winners(answers: list[tuple[Act, TestResponse]]) -> list[Act]:
    """The acts that were done; the others were refused because somebody was first."""
    for _, answer in answers:
        assert answer.status_code in (200, 409), answer.text
    return [act for act, answer in answers if answer.status_code == 200]


def told(answers: list[tuple[Act, TestResponse]]) -> list[str]:
    return [answer.json["detail"] for _, answer in answers if answer.status_code != 200]


@pytest.mark.parametrize("people", [2, 8])
@pytest.mark.parametrize(
    "bring",
    [
        registered,
        reviewed_or_taken_back,
        handed_over_or_done,
        handed_over_or_taken_back,
        answered_or_taken_back,
    ],
)
def test_of_acts_that_exclude_one_another_one_is_done(
    race: Race, bring: Bring, people: int
) -> None:
    for answers in rounds(race, bring, people):
        done = winners(answers)
        assert len(done) == 1, [(act.path, answer.text) for act, answer in answers]
        assert len(told(answers)) == people - 1


@pytest.mark.parametrize("people", [2, 8])
def test_whoever_is_late_is_told_who_was_first(race: Race, people: int) -> None:
    for answers in rounds(race, registered, people):
        (first,) = winners(answers)
        assert all(f"已由{race.name(first.login)}" in sentence for sentence in told(answers))
        assert {answer.status_code for _, answer in answers} == {200, 409}


@pytest.mark.parametrize("people", [2, 8])
@pytest.mark.parametrize(
    ("bring", "ends"), [(signed_or_returned, "/return"), (cancelled_or_done, "/cancel")]
)
def test_an_act_that_ends_the_stays_of_others_comes_before_theirs_or_after(
    race: Race, bring: Bring, ends: str, people: int
) -> None:
    """What ends the stays of others is done in any case; theirs is done before it, or refused."""
    for answers in rounds(race, bring, people):
        done = winners(answers)
        assert sum(act.path.endswith(ends) for act in done) == 1
        assert sum(act.path.endswith("/complete") for act in done) <= 1
        assert {answer.status_code for _, answer in answers} <= {200, 409}


@pytest.mark.parametrize("people", [2, 8])
def test_the_last_signers_all_sign_and_the_next_step_opens_once(race: Race, people: int) -> None:
    def bring(world: World) -> Round:
        task = at(world, "sign_parallel", countersigners=EIGHT[:people])
        stays = world.open(world.case_of(task))
        acts = [completing(world.holders(each)[0], each, outcome="approve") for each in stays]
        return Round(task.case_id, acts)

    for answers in rounds(race, bring, people):
        assert len(winners(answers)) == people, told(answers)
        opened = [stay for _, answer in answers for stay in answer.json["opened"]]
        assert [stay["step"] for stay in opened] == ["office_check"]
        assert race.open_steps(opened[0]["case_id"]) == ["office_check"]
