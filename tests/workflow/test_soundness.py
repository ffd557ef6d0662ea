"""What the checks accept is sound: random nets, played token by token by an oracle of its own.

The oracle knows tasks, exclusive and parallel gateways and nothing of blocks. The checks may
refuse a sound net, since they ask for pairs; they may never accept one that can get stuck, leaves
a token behind or doubles one.
"""

import random

import pytest

from app.workflow.checks import check

from .drawing import END, START, file_of, flow, step

Flows = list[tuple[str, str]]
MOST = 4000


def grown(chance: random.Random) -> tuple[dict[str, str], Flows]:
    """A net in blocks: kind by name, and the flows; every task asks a person."""
    kinds: dict[str, str] = {}

    def new(kind: str) -> str:
        kinds[f"{kind}{len(kinds)}"] = kind
        return f"{kind}{len(kinds) - 1}"

    def piece(depth: int) -> tuple[str, str, Flows]:
        what = chance.choice(["task", "task", "row", "xor", "and"]) if depth else "task"
        if what == "task":
            name = new("task")
            return name, name, []
        if what == "row":
            first, second = piece(depth - 1), piece(depth - 1)
            return first[0], second[1], [*first[2], (first[1], second[0]), *second[2]]
        split, join = new(what), new(what)
        flows: Flows = []
        for _ in range(2):
            entry, leave, inner = piece(depth - 1)
            flows += [(split, entry), *inner, (leave, join)]
        return split, join, flows

    entry, leave, flows = piece(3)
    return kinds, [("begin", entry), *flows, (leave, "finish")]


def bent(chance: random.Random, kinds: dict[str, str], flows: Flows) -> None:
    """One gateway of another kind, or one flow that leads elsewhere."""
    gates = [name for name, kind in kinds.items() if kind != "task"]
    if gates and chance.random() < 0.5:
        gate = chance.choice(gates)
        kinds[gate] = "and" if kinds[gate] == "xor" else "xor"
        return
    place = chance.randrange(1, len(flows))
    flows[place] = (flows[place][0], chance.choice([*kinds, "finish"]))


def is_sound(kinds: dict[str, str], flows: Flows) -> bool:
    """Every marking that can be reached can reach the end with no token left; none is doubled."""
    into = {name: [f for f in flows if f[1] == name] for name in (*kinds, "finish")}
    out = {name: [f for f in flows if f[0] == name] for name in kinds}
    first = frozenset(flows[:1])
    after: dict[frozenset[tuple[str, str]], set[frozenset[tuple[str, str]]]] = {}
    waiting = [first]
    while waiting:
        marking = waiting.pop()
        if marking in after:
            continue
        after[marking] = set()
        for taken, given in steps(kinds, into, out, marking):
            if given & (marking - taken) or len(after) > MOST:
                return False
            after[marking].add((marking - taken) | given)
        waiting += after[marking]
    ends = {each for each in after if each and all(f[1] == "finish" for f in each)}
    good = {each for each in ends if len(each) == 1}
    if ends - good:
        return False
    while more := {each for each, nexts in after.items() if each not in good and nexts & good}:
        good |= more
    return good == set(after)


def steps(
    kinds: dict[str, str], into: dict[str, Flows], out: dict[str, Flows], marking: frozenset
) -> list[tuple[frozenset, frozenset]]:  # type: ignore[type-arg]
    found = []
    for name, kind in kinds.items():
        if kind == "and":
            if set(into[name]) <= marking and into[name]:
                found.append((frozenset(into[name]), frozenset(out[name])))
            continue
        for one in set(into[name]) & marking:
            found += [(frozenset([one]), frozenset([other])) for other in out[name]]
    return found


def drawn(kinds: dict[str, str], flows: Flows) -> bytes:
    parts = [START, END]
    for name, kind in kinds.items():
        leaving = [each for each in flows if each[0] == name]
        if kind == "task":
            parts.append(step(name))
        elif kind == "and":
            parts.append(f'<parallelGateway id="{name}"/>')
        else:
            default = f' default="f_{flows.index(leaving[0])}"' if len(leaving) > 1 else ""
            parts.append(f'<exclusiveGateway id="{name}"{default}/>')
    for number, (source, target) in enumerate(flows):
        firsts = [each for each in flows if each[0] == source]
        chosen = kinds.get(source) == "xor" and len(firsts) > 1
        condition = "direction == 'upward'" if chosen and flows.index(firsts[0]) != number else ""
        parts.append(flow(source, target, condition, ident=f"f_{number}"))
    return file_of(*parts)


@pytest.mark.parametrize("seed", range(120))
def test_what_is_accepted_is_sound(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  (shapes of nets, no secret)
    kinds, flows = grown(chance)
    assert is_sound(kinds, flows)
    assert check({"p.bpmn": drawn(kinds, flows)}, ["clerk"], {}, trial=None) == []
    bent(chance, kinds, flows)
    if len(set(flows)) < len(flows):
        return  # the oracle names a flow by its ends
    found = check({"p.bpmn": drawn(kinds, flows)}, ["clerk"], {}, trial=None)
    assert found or is_sound(kinds, flows)


def test_the_oracle_knows_the_verdicts_of_small_nets() -> None:
    fork: Flows = [
        ("begin", "s"), ("s", "a"), ("s", "b"), ("a", "j"), ("b", "j"), ("j", "finish"),
    ]  # fmt: skip
    for split, join, verdict in (
        ("and", "and", True),
        ("xor", "xor", True),
        ("xor", "and", False),  # waits for ever
        ("and", "xor", False),  # doubles the token
    ):
        kinds = {"s": split, "j": join, "a": "task", "b": "task"}
        assert is_sound(kinds, fork) is verdict
        accepted = check({"p.bpmn": drawn(kinds, fork)}, ["clerk"], {}, trial=None) == []
        assert accepted is verdict
