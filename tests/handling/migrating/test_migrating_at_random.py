"""Random pairs of versions and random cases: never a case without a stay, never an opinion less."""

import random
import re

import pytest
import sqlalchemy as sa

from app.errors import Invalid
from app.handling.migrating import rehearsing
from app.handling.models import Case, Opinion
from app.workflow import queries, versions
from app.workflow.definitions import Definition
from app.workflow.models import WorkflowCase
from tests.conftest import LONG
from tests.faults.invariants import violations
from tests.handling.administering import FIRST
from tests.handling.editions import (
    Edit,
    given_to,
    inserted,
    limited,
    removed,
    renamed,
    ruled,
    timed,
)
from tests.handling.migrating.migrating import decide, in_force, propose, row, stand, undo
from tests.handling.migrating.test_migrating_people import ends
from tests.world import World

SEEDS = range(60 if LONG else 6)
STEPS = ("draft", "dept_review", "office_check", "countersign_opinion", "leader_sign")
STANDS = ("draft", "dept_review", "office_check", "leader_sign", "register_number")
EDITS: tuple[Edit, ...] = (
    inserted("dept_review_to_office_check", "legal_review", "法规审核"),
    inserted("parallel_or_downward", "second_look", "复核"),
    removed("office_check"),
    removed("dept_review"),
    timed("office_check"),
    timed("leader_sign", "PT4H"),
    timed("dept_review", "P1W"),
    limited("dept_review", "P3D"),
    limited("leader_sign", ""),
    renamed("dept_review", "核稿"),
    ruled("office_check", "OUT-06"),
    given_to("dept_review", "office-head"),
    given_to("office_check", "office-secretary"),
    given_to("leader_sign", "unit-head"),
    given_to("register_number", "auditor,supervisor"),
    timed("office_check", "P5D"),
    timed("leader_sign", "PT9H"),
    timed("dept_review", "reply_by"),
)
ONE_OF = ((4, 15), (5, 16), (6, 17))
"""Each timer in two ways: a drawing holds one of them."""


def drawn(chance: random.Random) -> list[Edit]:
    """Some of the edits that can be made of one drawing."""
    picked = [each for each in EDITS if chance.random() < 0.4]
    for pair in ONE_OF:
        both = [EDITS[each] for each in pair]
        if all(each in picked for each in both):
            picked.remove(chance.choice(both))
    gone = [each for each in picked if each in EDITS[2:4]]
    if gone:  # what is gone can be given nothing
        picked = [
            each for each in picked if each in (EDITS[1], EDITS[5], EDITS[8], EDITS[13], gone[0])
        ]
    return picked


def opinions(world: World, case: Case) -> list[str]:
    query = sa.select(Opinion.text, Opinion.person_name).where(Opinion.case_id == case.id)
    return [str(each) for each in world.session.execute(query.order_by(Opinion.id))]


def run(world: World, case: Case) -> WorkflowCase:
    return world.session.get_one(WorkflowCase, case.id, populate_existing=True)


def shown(world: World, case: Case) -> tuple[object, ...]:
    stays = [
        (task.id, task.step, task.state, task.named, task.given_by, task.blocked)
        for task in world.open(case)
    ]
    return run(world, case).sha256, stays, opinions(world, case)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_versions(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (tests need no secrets)
    first = [each for each in drawn(chance) if each is not EDITS[17]]  # nobody fills it in
    if first and chance.random() < 0.5:
        in_force(world, *first)
    cases = []
    for _ in range(3):
        names = {step.id for step in queries.in_force(world.session, "outgoing").steps} & set(
            STANDS
        )
        cases.append(world.case_of(stand(world, chance.choice(sorted(names)))))
    new = in_force(world, *drawn(chance), renamed("draft", f"起草{seed}"))
    for case in cases:
        change_over(world, case, new, chance)
    assert violations(world.session) == {}


def holders(world: World, case: Case) -> list[list[str]]:
    return [sorted(world.holders(task)) for task in world.open(case)]


def cannot(world: World, case: Case, new: Definition) -> bool:
    """By the rehearsal; where the engine says so, it does too."""
    (seen,) = rehearsing.of_version(
        world.session, world.actor(FIRST), new, world.at, only=[case.id]
    )
    assert set(versions.migrate_obstacles(world.session, run(world, case), new)) <= set(
        seen.obstacles
    )
    return not seen.movable


def change_over(world: World, case: Case, new: Definition, chance: random.Random) -> None:
    before, held, waits = shown(world, case), holders(world, case), ends(world, case)
    names = [task.step_name for task in world.open(case)]
    limits = chance.random() < 0.5
    if cannot(world, case, new):
        with pytest.raises(Invalid, match="|".join(map(re.escape, [*names, "reply_by"]))):
            propose(world, new, [case], with_limits=limits)
        assert shown(world, case) == before
        return
    plan = propose(world, new, [case], with_limits=limits).migration
    decide(world, plan)
    assert row(world, case).state == "moved"
    sha256, stays, said = shown(world, case)
    assert (sha256, said) == (new.sha256, before[2])
    assert [each[:3] for each in stays] == [each[:3] for each in before[1]]
    assert all(not each[-1] for each in stays)  # nobody is left without
    assert violations(world.session, case_id=case.id) == {}
    if chance.random() < 0.4:
        undo(world, plan)
        assert shown(world, case) == before
        assert (holders(world, case), ends(world, case)) == (held, waits)
        assert violations(world.session, case_id=case.id) == {}
    assert world.open(case)
