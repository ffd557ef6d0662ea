"""The net of an inclusive gateway: the same acts as before, at the cost of its branches."""

from itertools import permutations

from app.handling.eventlogs.petri import BEGIN, END, Petri, petri
from tests.workflow.test_markings import ROWS, WIDE, chosen, inclusive


def test_the_petri_net_does_the_same() -> None:
    """Every order of acts from its begin to its end: those of each choice, and no more."""
    expected = set()
    for some in chosen():
        names = [step for each in some for step in ROWS[each]]
        rows = permutations(names)
        expected |= {row for row in rows if "bb" not in row or row.index("b") < row.index("bb")}
    found = words(petri(inclusive(ROWS)))
    assert found == {("ask", *row, "after") for row in expected}


def test_it_grows_with_the_branches() -> None:
    """Returns aside, which lead from every step to every other one."""
    sizes = {many: size(many) for many in (2, 3, 4, WIDE)}
    steady = sizes[4] - sizes[3]
    assert sizes[3] - sizes[2] == steady
    assert sizes[WIDE] - sizes[4] == (WIDE - 4) * steady


def size(branches: int) -> int:
    net = petri(inclusive({f"s{n}": (f"s{n}",) for n in range(branches)}))
    return sum(">" not in label for label, _, _ in net.transitions)


def words(net: Petri) -> set[tuple[str, ...]]:
    """Labels of every run from BEGIN to END; returns, which could go on for ever, are left out."""
    moves = [each for each in net.transitions if ">" not in each[0]]
    found, waiting, seen = set(), [((BEGIN,), ())], set()
    while waiting:
        marking, said = waiting.pop()
        if (marking, said) in seen:
            continue
        seen.add((marking, said))
        if marking == (END,):
            found.add(said)
        for label, before, after in moves:
            rest = list(marking)
            if all(each in rest and not rest.remove(each) for each in before):
                more = (label,) if label else ()
                waiting.append((tuple(sorted([*rest, *after])), (*said, *more)))
    return found
