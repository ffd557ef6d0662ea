"""预演: what a new version would mean for cases on the way, from their state rows alone.

Nothing is written and no service task runs. Thousands of cases stand at a few places: what was
found for one holds for every other that stands alike, so that the way is played once for each.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.workflow import outlook, tokens
from app.workflow.definitions import Definition, plain
from app.workflow.spiff import CaseTree
from app.workflow.state import restore
from app.workflow.timing import is_moment, retimed, timed_by
from app.workflow.versions import Obstacle, moved_tree, obstacles

KEPT = 2_000
"""Places that are remembered; one takes about 2 KiB."""

Results = Mapping[str, Mapping[str, Any]]
"""Topic to the variables that its service task would set."""


@dataclass(frozen=True)
class Foreseen:
    """One place under both versions; steps are (id, name) in the order of the way.

    obstacles  why such a case cannot be moved; what follows is empty then
    more       steps that are still to come under the new version, and were not under the old
    fewer      the other way round
    gained, lost  IDs of rules that steps on the rest of the way enforce
    renewed    steps that are entered afresh, because timers on them came or went
    retimed    timers that wait on for another time: name, and the time before and after as drawn
    untimed    names of timers that wait and would wait no more
    """

    obstacles: tuple[Obstacle, ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    fewer: tuple[tuple[str, str], ...] = ()
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    retimed: tuple[tuple[str, str, str], ...] = ()
    untimed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Names:
    """Case variables that a way depends on.

    asked    by conditions; counted: by signings; scoped: by steps, whether there is one
    waited   for by timers, whether it can be waited for
    """

    asked: frozenset[str]
    counted: frozenset[str]
    scoped: frozenset[str]
    waited: frozenset[str]

    @classmethod
    def of(cls, *definitions: Definition) -> "_Names":
        nodes = [
            node
            for definition in definitions
            for process in definition.processes.values()
            for node in process.graph.nodes.values()
        ]
        numbers = {node.repeat.cardinality for node in nodes if node.repeat} - {None}
        steps = [step for definition in definitions for step in definition.steps]
        return cls(
            frozenset().union(*map(outlook.asked, definitions), filter(None, numbers)),
            frozenset(step.signing.collection for step in steps if step.signing),
            frozenset(step.properties["scope"] for step in steps if step.properties.get("scope")),
            frozenset(filter(None, map(timed_by, nodes))),
        )

    def kept(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {name: len(variables.get(name) or ()) for name in self.counted}
        found |= {f"{name} there": name in variables for name in self.counted | self.scoped}
        found |= {f"{name} when": is_moment(variables.get(name)) for name in self.waited}
        return {**found, **{k: v for k, v in variables.items() if k in self.asked}}


class Comparison:
    """Cases of any older version against one new one. Memory is bounded by :data:`KEPT`.

    results  what service tasks would set, as in :func:`outlook.usual_way`
    """

    def __init__(self, new: Definition, results: Results) -> None:
        self.new, self._results = new, results
        self._known: OrderedDict[str, Foreseen] = OrderedDict()
        self._names: dict[str, _Names] = {}

    def foresee(self, text: str, old: Definition) -> Foreseen:
        """What becomes of a case with this state row, which is left as it is."""
        state = json.loads(text)
        key = self._place(state, old)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._played(text, state, old)
        self._known.move_to_end(key)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found

    def _place(self, state: dict[str, Any], old: Definition) -> str:
        """All of a state that its way depends on: no UUID, and people only by their number."""
        if old.sha256 not in self._names:
            self._names[old.sha256] = _Names.of(old, self.new)
        kept = self._names[old.sha256].kept(state["variables"])
        holders = [row[0] for row in state["tasks"]]
        holders += [row[0] for _, _, rows in state["inner"] for row in rows]
        inner = [[holders.index(holder), name, _rows(r)] for holder, name, r in state["inner"]]
        place = [old.sha256, kept, _rows(state["tasks"]), inner]
        return json.dumps(place, ensure_ascii=False, sort_keys=True)

    def _played(self, text: str, state: dict[str, Any], old: Definition) -> Foreseen:
        found = obstacles(state, old, self.new)
        if found:
            return Foreseen(tuple(found))
        passed: tuple[list[str], list[str]] = [], []
        present = restore(json.loads(text), old, outlook.pretending(self._results, passed[0]))
        moved = moved_tree(state, old, self.new, outlook.pretending(self._results, passed[1]))
        here = set(tokens.tokens(present, old))
        renewed = [
            each.name for uuid, each in tokens.tokens(moved, self.new).items() if uuid not in here
        ]
        waits, waits_on = tokens.timers(present), tokens.timers(moved)
        changed = retimed(old, self.new)
        waiting = [
            each.element
            for uuid, each in waits_on.items()
            if uuid in waits and each.element in changed
        ]
        drawn = {each.element for each in waits_on.values()}
        ended = [each.element for each in waits.values() if each.element not in drawn]
        before = _way(present, old, passed[0])
        after = _way(moved, self.new, passed[1])
        rules = [_rules(definition, way) for definition, way in ((old, before), (self.new, after))]
        return Foreseen(
            more=_named(self.new, after, before),
            fewer=_named(old, before, after),
            gained=tuple(sorted(rules[1] - rules[0])),
            lost=tuple(sorted(rules[0] - rules[1])),
            renewed=tuple(renewed),
            retimed=tuple(
                (self.new.element(ident).label, *changed[ident]) for ident in dict.fromkeys(waiting)
            ),
            untimed=tuple(old.element(ident).label for ident in dict.fromkeys(ended)),
        )


def _rows(rows: Iterable[list[Any]]) -> list[Any]:
    return [[*rest[:-1], _folded(rest[-1])] for _, *rest in rows]


def _folded(memory: Any) -> Any:
    """Who signs does not matter for the way, only how many and what they answered."""
    if not memory:
        return memory
    kept = {key: value for key, value in memory.items() if key != "by"}
    if "signers" in kept:
        kept["signers"] = len(kept["signers"])
    for name in ("answers", "places"):
        kept[name] = [each and each[:2] for each in kept.get(name, ())]
    return kept


def _way(tree: CaseTree, definition: Definition, passed: list[str]) -> list[str]:
    """Elements with a person or a topic from here to the end, each once, in order."""
    here = [each.step for each in tokens.tokens(tree, definition).values()]
    coming = [each.token.step for each in outlook.play_on(tree, definition)]
    return list(dict.fromkeys([*here, *coming, *map(plain, passed)]))


def _named(
    definition: Definition, way: Iterable[str], other: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """The steps of one way that the other lacks."""
    lacking = [each for each in way if each in definition.by_id and each not in set(other)]
    return tuple((each, definition.step(each).name) for each in lacking)


def _rules(definition: Definition, way: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for each in way:
        found |= set(definition.element(each).properties.get("rule", "").replace(",", " ").split())
    return found
