"""Inclusive gateways: every choice but none, at the cost of their branches."""

from itertools import combinations, permutations

import pytest

from app.workflow.definitions import Definition
from app.workflow.markings import Player, Run, steps_at
from app.workflow.nets import net_of

from .drawing import END, START, file_of, flow, path, steps
from .play import definition_of

WIDE = 40
"""So many branches have a million million choices."""


def inclusive(branches: dict[str, tuple[str, ...]]) -> Definition:
    """``ask`` → some of the branches, each a row of steps → ``after``."""
    names = [name for row in branches.values() for name in row]
    parts = START + END + steps("ask", *names, "after")
    parts += '<inclusiveGateway id="split"/><inclusiveGateway id="join"/>'
    parts += path("begin", "ask", "split") + path("join", "after", "finish")
    for number, row in enumerate(branches.values()):
        parts += flow("split", (*row, "join")[0], "flag", ident=f"way{number}")
        parts += path(*row, "join") if row else ""
    return definition_of({"p.bpmn": file_of(parts)})


ROWS: dict[str, tuple[str, ...]] = {"a": ("a",), "b": ("b", "bb"), "c": ("c",), "none": ()}


def chosen() -> list[tuple[str, ...]]:
    """Every choice among the branches of ROWS but that of none."""
    return [each for size in range(1, 5) for each in combinations(ROWS, size)]


def ends(runs: list[Run], definition: Definition) -> set[tuple[str, ...]]:
    return {steps_at(net_of(definition), run.resting) for run in runs}


def test_every_choice_but_none() -> None:
    drawn = inclusive(ROWS)
    runs = Player(net_of(drawn)).leave(("ask",), "ask", None)
    first = {tuple(sorted(ROWS[each][0] for each in some if ROWS[each])) for some in chosen()}
    assert ends(runs, drawn) == {each or ("after",) for each in first}
    assert len({run.resting for run in runs}) == len(chosen())


ORDERS = [
    each for each in permutations(("a", "b", "bb", "c")) if each.index("b") < each.index("bb")
]


@pytest.mark.parametrize("order", ORDERS)
def test_the_join_waits_for_those_taken_and_for_no_other(order: tuple[str, ...]) -> None:
    drawn = inclusive(ROWS)
    player = Player(net_of(drawn))
    for run in player.leave(("ask",), "ask", None):
        marking, left = run.resting, [step for step in order if _taken(step, run.resting)]
        while left:
            step = next(each for each in left if each in marking)
            left.remove(step)
            (after,) = player.leave(marking, step, None)
            marking = after.resting
            assert ("after" in marking) == (not left)
        assert marking == ("after",)


def _taken(step: str, marking: tuple[str, ...]) -> bool:
    return step.replace("bb", "b") in marking


@pytest.mark.parametrize("taken", [{"s0"}, {"s3", "s17", "s39"}, {f"s{n}" for n in range(WIDE)}])
def test_what_is_open_afterwards_narrows_it(taken: set[str]) -> None:
    drawn = inclusive({f"s{number}": (f"s{number}",) for number in range(WIDE)})
    runs = Player(net_of(drawn), within=frozenset(taken)).leave(("ask",), "ask", None)
    assert tuple(sorted(taken)) in ends(runs, drawn)
    assert all(set(each) <= taken for each in ends(runs, drawn))
