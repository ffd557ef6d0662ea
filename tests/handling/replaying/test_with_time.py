"""What time does to a case is in its record too: timers, faults, limits moved, lateness."""

from collections.abc import Callable

import pytest

from app.audit import case_entries
from app.handling.acts.done import Done
from app.handling.replaying import drawings
from app.handling.replaying.rebuilding import rebuild
from app.workflow import checks, trial
from tests.handling.live import by_the_record, by_the_tables
from tests.handling.test_recomputing import count_again, enter
from tests.handling.test_repairing import dismiss, listed
from tests.handling.test_skipping import DRAFT, OFFICE, publish, sent
from tests.handling.test_timers import WAIT, escalating, faulty, sweep_at
from tests.handling.trying import give_way, services
from tests.workflow.drawing import path
from tests.world import World


@pytest.fixture(autouse=True)
def _short_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "limited_walks", checks.quick)


def same(world: World, done: Done) -> None:
    session, case_id = world.session, done.case.id
    assert by_the_record(session, case_id) == by_the_tables(session, case_id)


def states(world: World, done: Done) -> dict[str, str]:
    moment = rebuild(case_entries(world.session, done.case.id, done.case.document_id))
    return {each.step: each.state for each in drawings.tokens(moment, world.at)}


def test_a_timer_that_waits_and_runs_out(world: World) -> None:
    escalating(world)
    done = sent(world)
    same(world, done)
    assert states(world, done) == {"draft": "done", "review": "present", "late": "waiting"}
    sweep_at(world, "2026-11-26 18:00:01")
    same(world, done)
    assert states(world, done) == {"draft": "done", "review": "returned", "office": "present"}


def test_a_case_that_lies_with_a_timer_alone(world: World) -> None:
    publish(world, DRAFT, OFFICE, WAIT, path("begin", "draft", "wait", "office", "finish"))
    done = sent(world)
    same(world, done)
    assert states(world, done) == {"draft": "done", "wait": "waiting"}
    sweep_at(world, "2026-12-01 00:00:01")
    same(world, done)
    assert states(world, done) == {"draft": "done", "office": "present"}


def test_a_fault_stays_until_it_is_ended(world: World) -> None:
    with services(post=give_way):
        done = faulty(world)
        same(world, done)
        dismiss(world, listed(world)[0].id)
        same(world, done)


@pytest.mark.parametrize("change", ["enter", "late"])
def test_limits_that_move_and_run_out(world: World, change: str) -> None:
    done = world.draft()
    changes: dict[str, Callable[[], object]] = {
        "enter": lambda: (enter(world, "2026-11-24"), count_again(world)),
        "late": lambda: sweep_at(world, "2026-11-25 09:00"),
    }
    changes[change]()
    same(world, done)
    world.complete(world.open(done.case)[0], "drafter")
    same(world, done)
    if change == "late":
        entries = case_entries(world.session, done.case.id)
        (late,) = [each for each in entries if each.action == "task.overdue"]
        moment = rebuild(entries, late.seq)
        assert {each.state for each in drawings.tokens(moment, late.at)} == {"overdue"}
