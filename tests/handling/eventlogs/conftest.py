"""A few documents that went all sorts of ways, and what the check says of each."""

from dataclasses import dataclass

import pytest

from app.handling.models import Case
from tests.handling.conformance.planting import of, open_up, rewrite, swap
from tests.world import World

SIGNERS = {"countersigners": ["leader2", "leader3"]}
AGREE = {"sign": {"outcome": "approve"}}


@dataclass(frozen=True)
class Office:
    """``fitting`` by the name of what was done; ``spoilt`` likewise."""

    world: World
    fitting: dict[str, Case]
    spoilt: dict[str, Case]


@pytest.fixture
def office(world: World) -> Office:
    fitting = {
        "downward": _run(world),
        "upward": _run(world, direction="upward"),
        "countersigned": _run(world, **SIGNERS),
        "returned": _returned(world, "route"),
        "straight back": _returned(world, "back_to_me"),
    }
    spoilt = {"withdrawn": _withdrawn(world), "swapped": _run(world), "left out": _run(world)}
    open_up(world)
    early, late = of("task.completed", "dept_review"), of("task.completed", "leader_sign")
    swap(world, spoilt["swapped"], early, late)
    act = of("task.completed", "office_check")
    rewrite(world, spoilt["left out"], act, action="task.opened")
    return Office(world, fitting, spoilt)


def _run(world: World, *, direction: str = "downward", **more: object) -> Case:
    done = world.request() if direction == "upward" else world.draft(**more)
    world.run(done, **AGREE)
    return done.case


def _returned(world: World, then: str) -> Case:
    done = world.draft()
    task = world.run(done, until="office_check")
    assert task is not None
    world.send_back(task, "office.head", "draft", then=then)
    world.run(done)
    return done.case


def _withdrawn(world: World) -> Case:
    done = world.draft()
    (task,) = world.open(done.case)
    world.complete(task, "drafter")
    world.withdraw(task, "drafter", "漏了附件。")
    world.run(done)
    return done.case
