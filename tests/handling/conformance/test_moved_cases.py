"""A case that was moved is held to each version in its time, and as strictly as any other."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given

from app import clock
from app.audit import AuditEntry
from app.handling.conformance import checking
from app.handling.conformance.entitled import Posts
from app.handling.conformance.kinds import WRONG
from app.handling.conformance.queries import Wanted, listed
from app.handling.migrating.models import Migration
from app.handling.models import Case
from app.workflow import checks, queries, trial
from app.workflow.definitions import Definition
from tests.handling import stages
from tests.handling.administering import FIRST, SECOND
from tests.handling.conformance.planting import bodies, of, open_up, put_back, rewrite
from tests.handling.conformance.test_replaying import AGREE, deviations, kinds
from tests.handling.editions import inserted, removed
from tests.handling.migrating.migrating import in_force, moved, undo
from tests.handling.test_tangle import ACTS, REFUSALS, SEEDS, Tangle, chance
from tests.world import World

LEGAL = inserted("dept_review_to_office_check", "legal_review", "法规审核")


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


@pytest.fixture
def case(world: World) -> Case:
    """Moved while the department looked at it, to a version with one step more; then finished."""
    done = world.draft()
    world.run(done, until="dept_review")
    moved(world, in_force(world, LEGAL), done.case)
    world.run(done, **AGREE)
    assert done.case.state == "closed"
    return done.case


def test_the_move_is_told_with_both_people_the_reason_and_what_it_rests_on(
    world: World, case: Case
) -> None:
    (found,) = deviations(world, case)
    assert (found.kind, found.wrong, found.reason) == ("migrated", False, "新办法自本月起执行。")
    assert found.said == "由第 1 版换到第 2 版办理。"
    assert found.person == world.actor(SECOND).name
    for words in ("办公会纪要〔2026〕8号", world.actor(FIRST).name, found.person):
        assert words in found.authority


def test_one_that_was_moved_and_put_back(world: World) -> None:
    done = world.draft()
    world.run(done, until="dept_review")
    plan = moved(world, in_force(world, LEGAL), done.case)
    undo(world, plan)
    world.run(done, **AGREE)
    there, back = deviations(world, done.case)
    assert (there.kind, back.kind, back.reason) == ("migrated", "migrated", "迁移有误。")
    assert back.said == "迁移被撤销，由第 2 版恢复到第 1 版办理。"
    assert back.person == world.actor(FIRST).name


def test_a_step_of_the_new_version_may_not_be_left_out(world: World, case: Case) -> None:
    open_up(world)
    act = of("task.completed", "dept_review")
    rewrite(world, case, act, detail={"opened": ["office_check"]})
    found = deviations(world, case)
    assert [each.kind for each in found][:2] == ["migrated", "skipped"]
    assert "法规审核" in found[1].said


def test_what_was_done_before_the_move_is_held_to_the_old_version(world: World) -> None:
    """The new version leaves out what the old one had: doing it was right then."""
    done = world.draft()
    world.run(done, until="leader_sign")
    moved(world, in_force(world, removed("office_check")), done.case)
    world.run(done, **AGREE)
    assert kinds(world, done.case) == ["migrated"]


Plant = Callable[[World, Case], None]
PLANTED: dict[str, tuple[Plant, str]] = {
    "from another version": (
        lambda world, case: rewrite(
            world, case, of("case.migrated"), detail={"from_sha256": "0" * 64}
        ),
        "record",
    ),
    "to one that never was": (
        lambda world, case: rewrite(
            world, case, of("case.migrated"), detail={"definition_sha256": "0" * 64}
        ),
        "record",
    ),
    "to another process": (
        lambda world, case: rewrite(
            world,
            case,
            of("case.migrated"),
            detail={"definition_sha256": queries.in_force(world.session, "incoming").sha256},
        ),
        "jump",
    ),
    "confirmed by who proposed it": (
        lambda world, case: rewrite(
            world, case, of("case.migrated"), detail={"proposed_by": {"login": SECOND, "name": ""}}
        ),
        "not_entitled",
    ),
}


def test_a_move_that_nobody_could_have_made(world: World, case: Case) -> None:
    open_up(world)
    kept = bodies(world)
    for name, (plant, kind) in PLANTED.items():
        plant(world, case)
        found = [each for each in deviations(world, case) if each.wrong]
        assert found, name
        assert found[0].kind == kind, (name, found)
        put_back(world, kept)
    assert kinds(world, case) == ["migrated"]


@pytest.mark.parametrize("put_back_again", [False, True])
def test_a_join_still_waits_for_its_branches(world: World, put_back_again: bool) -> None:
    """One branch has come to the join; the other may not be passed over after the move either."""
    stages.in_force(world.session, stages.tangled())
    done = world.draft(countersigners=["leader", "leader2"])
    world.run(done, until="aside")
    for task in world.open(done.case):
        if task.step == "branch_sign":
            world.complete(task, world.holders(task)[0])
    assert [each.step for each in world.open(done.case)] == ["aside"]
    plan = moved(world, longer(world), done.case)
    if put_back_again:
        undo(world, plan)
    world.run(done, next={"outcome": "approve"})
    assert done.case.state == "closed"
    told = ["migrated"] * (1 + put_back_again)
    assert kinds(world, done.case) == told

    other = world.draft(countersigners=["leader", "leader2"])
    world.run(other, until="aside")
    plan = moved(world, longer(world, "再改"), other.case)
    if put_back_again:
        undo(world, plan)
    world.run(other, next={"outcome": "approve"})
    assert kinds(world, other.case) == told
    open_up(world)
    act = of("task.completed", "aside")
    rewrite(world, other.case, act, detail={"opened": ["called_sign"], "opened_stays": [9999]})
    (where,) = [each["seq"] for each in map(json.loads, recorded(world, other.case)) if act(each)]
    first = next(each for each in deviations(world, other.case) if each.wrong)
    assert (first.seq, first.kind) == (where, "jump")


def recorded(world: World, case: Case) -> list[str]:
    query = sa.select(AuditEntry.body).where(AuditEntry.case_id == case.id)
    return list(world.session.scalars(query.order_by(AuditEntry.seq)))


def longer(world: World, name: str = "前一环节") -> Definition:
    files = stages.tangled(longer=True)
    main = files["outgoing.bpmn"].decode().replace("前一环节", name).encode()
    stages.in_force(world.session, {**files, "outgoing.bpmn": main})
    return queries.in_force(world.session, "outgoing")


def test_the_list_names_the_version_of_then(world: World) -> None:
    done = world.draft()
    world.later(days=3)
    world.run(done, until="dept_review")  # late
    moved(world, in_force(world, LEGAL), done.case)
    world.later(days=3)
    world.run(done, **AGREE)  # late again
    with clock.moved_to(world.at):
        checking.check(world.session, [done.case], Posts().read_on(world.session), world.at)
    world.session.commit()
    lines = listed(world.session, Wanted(case_id=done.case.id), 50)
    told = [(each.kind, each.process_version) for each in reversed(lines)]
    assert told == [("late", 1), ("migrated", 2), ("late", 2)]


@chance(5)
@given(seed=SEEDS)
def test_nothing_is_wrong_in_what_is_moved_at_random(world: World, seed: int) -> None:
    stages.in_force(world.session, stages.tangled())
    tangle = Tangle(world, seed)
    longer(world, f"前一环节{seed}")
    new, plans = queries.in_force(world.session, "outgoing"), list[Migration]()
    for _ in range(tangle.chance.randint(4, 20)):
        if tangle.case.state not in ("running", "suspended"):
            break
        try:
            if plans and tangle.chance.random() < 0.2:
                undo(world, plans[-1])
            elif tangle.chance.random() < 0.3:
                plans.append(moved(world, new, tangle.case))
            else:
                tangle.one(ACTS)(tangle)
        except REFUSALS:
            world.session.rollback()
    tangle.close()
    found = deviations(world, tangle.case)
    assert [each for each in found if each.kind in WRONG] == []
