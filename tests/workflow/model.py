"""Random block-structured processes, and a small model of what they should do.

The model knows nothing of the engine and is the judge of it. A shape is a nested tuple
(kind, id, parts); a process is drawn from it as files, and played on it as a tree of nodes.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .drawing import file_of, flow, path, service, step, steps, timer

PEOPLE = ["u1", "u2", "u3"]
PLAIN = ["step", "reminded", "escalated", "all_sign", "each_signs"]
NESTED = [
    "choice",
    "loop",
    "loop",
    "and",
    "and",
    "or",
    "or",
    "sub",
    "call",
    "for_each",
    "timed_sub",
]

Shape = tuple[str, str, list[Any]]
Place = tuple[str, str | None]
Around = tuple[str, str, int | None]
"""Kind and id of what is around a step, and in which of its branches."""


class Process:
    """One random process: shape, files, variables."""

    def __init__(self, seed: int, size: int = 8) -> None:
        self.chance = random.Random(seed)  # noqa: S311  (draws test diagrams)
        self.number = 0
        self.left = size
        self.called: dict[str, bytes] = {}
        self.flags: list[str] = []
        self.shape = self._sequence(0)

    def _name(self) -> str:
        self.number += 1
        return f"n{self.number}"

    def _sequence(self, depth: int) -> Shape:
        length = self.chance.randint(1, 3) if depth else 3
        return ("seq", "", [self._part(depth) for _ in range(length)])

    def _part(self, depth: int) -> Shape:
        self.left -= 1
        deeper = depth < 3 and self.left > 0
        kind = self.chance.choice(PLAIN + NESTED if deeper else ["step", *PLAIN])
        ident = self._name()
        if kind in PLAIN:
            return (kind, ident, [])
        if kind in ("loop", "sub", "call", "timed_sub"):
            return (kind, ident, [self._sequence(depth + 1)])
        if kind == "for_each":
            inner = [("step", self._name(), []) for _ in range(self.chance.randint(1, 3))]
            return (kind, ident, [("seq", "", inner)])
        if kind == "or":
            self.flags.append(ident)
        return (kind, ident, [self._sequence(depth + 1) for _ in range(self.chance.randint(2, 3))])

    def variables(self) -> dict[str, Any]:
        chosen = {
            f"flag_{ident}": sorted(self.chance.sample([1, 2], self.chance.randint(0, 2)))
            for ident in self.flags
        }
        return {"signers": list(PEOPLE), **chosen}

    # --- as files

    def files(self) -> dict[str, bytes]:
        self.called = {}
        return {"p.bpmn": file_of(self._closed(self.shape, "p")), **self.called}

    def _closed(self, shape: Shape, ident: str) -> str:
        text, first, last = self._draw(shape)
        start, end = f"{ident}_begin", f"{ident}_finish"
        return (
            f'<startEvent id="{start}"/><endEvent id="{end}"/>{text}'
            + path(start, first)
            + path(last, end)
        )

    def _draw(self, shape: Shape) -> tuple[str, str, str]:
        """Text, first id, last id."""
        kind, ident, parts = shape
        if kind == "seq":
            drawn = [self._draw(part) for part in parts]
            joints = "".join(flow(a[2], b[1]) for a, b in itertools.pairwise(drawn))
            return "".join(each[0] for each in drawn) + joints, drawn[0][1], drawn[-1][2]
        if kind == "loop":
            return self._loop(ident, parts[0])
        if kind in ("and", "or", "choice"):
            return self._branches(kind, ident, parts)
        text = self._single(kind, ident, parts)
        if kind == "reminded":
            text += timer(f"{ident}_timer", ident) + service(f"{ident}_note")
            text += f'<endEvent id="{ident}_noted"/>'
            text += path(f"{ident}_timer", f"{ident}_note", f"{ident}_noted")
        if kind in ("escalated", "timed_sub"):
            text += timer(f"{ident}_timer", ident, interrupting=True) + steps(f"{ident}_up")
            text += f'<exclusiveGateway id="{ident}_merge"/>' + flow(ident, f"{ident}_merge")
            text += path(f"{ident}_timer", f"{ident}_up", f"{ident}_merge")
            return text, ident, f"{ident}_merge"
        return text, ident, ident

    def _single(self, kind: str, ident: str, parts: list[Shape]) -> str:
        repeated = (
            f'<multiInstanceLoopCharacteristics isSequential="{str(kind == "each_signs").lower()}"'
            ' camunda:collection="signers" camunda:elementVariable="signer"/>'
        )
        if kind in ("all_sign", "each_signs"):
            return step(ident, repeated, who="${signer}")
        if kind == "call":
            name = f"called_{ident}"
            self.called[f"{name}.bpmn"] = file_of(self._closed(parts[0], name), process=name)
            return f'<callActivity id="{ident}" calledElement="{name}"/>'
        if kind in ("sub", "timed_sub", "for_each"):
            inner = repeated if kind == "for_each" else ""
            return f'<subProcess id="{ident}">{inner}{self._closed(parts[0], ident)}</subProcess>'
        return step(ident)

    def _loop(self, ident: str, part: Shape) -> tuple[str, str, str]:
        text, first, last = self._draw(part)
        entry, decide, after = f"{ident}_in", f"{ident}_out", f"{ident}_after"
        gates = "".join(f'<exclusiveGateway id="{name}"/>' for name in (entry, decide, after))
        text += gates + step(ident) + path(entry, first) + path(last, ident, decide)
        text += flow(decide, entry, "outcome == 'again'", "再来")
        text += flow(decide, after, "outcome == 'go_on'", "继续")
        return text, entry, after

    def _branches(self, kind: str, ident: str, parts: list[Shape]) -> tuple[str, str, str]:
        drawn = [self._draw(part) for part in parts]
        split, join = f"{ident}_s", f"{ident}_j"
        gate = {"and": "parallelGateway", "or": "inclusiveGateway"}.get(kind, "exclusiveGateway")
        default = f' default="f_{split}_{drawn[0][1]}"' if kind == "or" else ""
        text = "".join(each[0] for each in drawn)
        text += f'<{gate} id="{split}"{default}/><{gate} id="{join}"/>'
        if kind == "choice":
            text += step(ident) + flow(ident, split)
        for number, (_, first, last) in enumerate(drawn):
            condition = ""
            if kind == "choice":
                condition = f"outcome == 'way{number}'"
            elif kind == "or" and number:
                condition = f"{number} in flag_{ident}"
            text += flow(split, first, condition, f"第{number}路") + flow(last, join)
        return text, ident if kind == "choice" else split, join


@dataclass
class Node:
    """One entered part: its own open steps, the parts inside, a timer."""

    shape: Shape
    person: str | None = None
    open: list[Place] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    timer: str | None = None
    children: list["Node"] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)
    at: int = 0
    done: bool = False

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


class Model:
    """What should be open now."""

    def __init__(self, shape: Shape, variables: dict[str, Any]) -> None:
        self.variables = variables
        self.shape = shape
        self.root = self.enter(shape)

    def enter(self, shape: Shape, person: str | None = None) -> Node:
        kind, ident, parts = shape
        node = Node(shape, person)
        if kind in ("step", "reminded", "escalated", "choice"):
            node.open = [(ident, person)]
        if kind in ("reminded", "escalated", "timed_sub"):
            node.timer = f"{ident}_timer"
        if kind == "all_sign":
            node.open = [(ident, each) for each in PEOPLE]
        elif kind == "each_signs":
            node.open, node.rest = [(ident, PEOPLE[0])], PEOPLE[1:]
        elif kind in ("seq", "loop", "sub", "call", "timed_sub"):
            node.children = [self.enter(parts[0], person)]
        elif kind == "for_each":
            node.children = [self.enter(parts[0], each) for each in PEOPLE]
        elif kind in ("and", "or"):
            node.branches = self._taken(kind, ident, parts)
            node.children = [self.enter(parts[number], person) for number in node.branches]
        return node

    def _taken(self, kind: str, ident: str, parts: list[Shape]) -> list[int]:
        if kind == "and":
            return list(range(len(parts)))
        flags = self.variables[f"flag_{ident}"]
        return [number for number in range(1, len(parts)) if number in flags] or [0]

    def open(self) -> list[Place]:
        return sorted((place for node in self.root.walk() for place in node.open), key=str)

    def timers(self) -> list[str]:
        return sorted(
            node.timer for node in self.root.walk() if node.timer and (node.open or node.children)
        )

    def act(self, what: str, person: str | None, outcome: str | None) -> None:
        assert self._act(self.root, what, person, outcome), what

    def _act(self, node: Node, what: str, person: str | None, outcome: str | None) -> bool:
        kind, ident, _ = node.shape
        if what == node.timer and (node.open or node.children):
            node.timer = None
            if kind != "reminded":
                node.open, node.children = [(f"{ident}_up", node.person)], []
            return True
        if (what, person) in node.open:
            self._complete(node, what, person, outcome)
            return True
        for child in node.children:
            if self._act(child, what, person, outcome):
                self._go_on(node)
                return True
        return False

    def _complete(self, node: Node, what: str, person: str | None, outcome: str | None) -> None:
        kind, _, parts = node.shape
        node.open.remove((what, person))
        if kind == "each_signs" and node.rest:
            node.open = [(what, node.rest.pop(0))]
        elif kind == "choice" and outcome:
            node.at = int(outcome[3:])
            node.children = [self.enter(parts[node.at], node.person)]
        elif kind == "loop" and outcome == "again":
            node.children = [self.enter(parts[0], node.person)]
        elif not node.open:
            node.done = True

    def _go_on(self, node: Node) -> None:
        kind, ident, parts = node.shape
        if not all(child.done for child in node.children):
            return
        if kind == "seq" and node.at + 1 < len(parts):
            node.at += 1
            node.children = [self.enter(parts[node.at], node.person)]
        elif kind == "loop":
            node.children, node.open = [], [(ident, node.person)]
        else:
            node.children, node.timer, node.done = [], None, True

    # --- a return

    def jump(self, way: tuple[Any, ...], person: str | None) -> None:
        self.root = self._place(self.root, self.shape, way, person, inside=False)

    def _place(
        self,
        node: Node | None,
        shape: Shape,
        way: tuple[Any, ...],
        person: str | None,
        inside: bool,
    ) -> Node:
        kind, ident, parts = shape
        own = person if inside else None
        if not way or way[0] in ("up", "end"):
            new = self.enter(shape, own)
            if way:
                new.open = [(f"{ident}_up" if way[0] == "up" else ident, own)]
                new.timer, new.children = None, []
            return new
        number, rest = way[0], way[1:]
        if node is not None and kind in ("and", "or"):
            at = node.branches.index(number)
            node.children[at] = self._place(node.children[at], parts[number], rest, person, inside)
            return node
        if node is not None and kind == "for_each":
            at = next(at for at, child in enumerate(node.children) if child.person == person)
            node.children[at] = self._place(node.children[at], parts[0], rest, person, True)
            return node
        stays = node is not None and node.at == number and node.children
        below = node.children[0] if node is not None and stays else None
        new = Node(shape, own, children=[self._place(below, parts[number], rest, person, inside)])
        if kind == "timed_sub":
            new.timer = node.timer if node is not None and node.children else f"{ident}_timer"
        new.at = number
        return new


def places(shape: Shape, way: tuple[Any, ...] = ()) -> dict[str, tuple[Any, ...]]:
    """Where each human step lies: the way of part numbers that leads to it."""
    kind, ident, parts = shape
    found: dict[str, tuple[Any, ...]] = {}
    if ident and kind not in ("and", "or", "sub", "call", "for_each", "timed_sub"):
        found[ident] = way + (("end",) if kind == "loop" else ())
    if kind in ("escalated", "timed_sub"):
        found[f"{ident}_up"] = (*way, "up")
    for number, part in enumerate(parts):
        found.update(places(part, (*way, number)))
    return found


def around(shape: Shape, way: tuple[Any, ...]) -> list[Around]:
    """Branches and inner processes that a way leads into."""
    found: list[Around] = []
    for number in way:
        kind, ident, parts = shape
        if kind in ("and", "or"):
            found.append((kind, ident, number))
        elif kind in ("sub", "call", "for_each") or (kind == "timed_sub" and number != "up"):
            found.append((kind, ident, None))
        if number in ("up", "end"):
            break
        shape = parts[number]
    return found


def legal(shape: Shape, what: str) -> set[str]:
    """Out of everything, and into inner processes; never into branches or one of many."""
    where = places(shape)
    here = around(shape, where[what])
    return {name for name, way in where.items() if _may_enter(here, around(shape, way))}


def _may_enter(here: list[Around], there: list[Around]) -> bool:
    shared = 0
    while here[shared : shared + 1] == there[shared : shared + 1] != []:
        shared += 1
    return all(kind in ("sub", "call", "timed_sub") for kind, _, _ in there[shared:])


def outcomes(shape: Shape) -> dict[str, list[str]]:
    """Which outcomes each step offers, in file order."""
    kind, ident, parts = shape
    found: dict[str, list[str]] = {}
    if kind == "loop":
        found[ident] = ["again", "go_on"]
    if kind == "choice":
        found[ident] = [f"way{number}" for number in range(len(parts))]
    for part in parts:
        found.update(outcomes(part))
    return found
