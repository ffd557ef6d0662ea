"""A published diagram as one net, its inner and called processes drawn into it.

An element is named by the way to it: ``sign`` in the process itself, ``countersign/sign`` in the
process that the element ``countersign`` runs. Read from the drawing alone: neither the library nor
the engine is asked, so that what both have done can be held against it (conformance).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from app.workflow.definitions import Definition
from app.workflow.graph import Flow, Graph, Node

Way = tuple[str, ...]
"""Blocks and inner processes around an element, outermost first."""


@dataclass(frozen=True, eq=False)
class Spot:
    """One element of the net.

    key     the way to it, parts joined by ``/``
    around  key of the element that runs its process; "" in the process itself
    way     what it lies in: ``split:branch`` for a block, the key of an element for what that runs
    beside  lies on a path beside a step, which ends by itself
    """

    key: str
    around: str
    node: Node
    way: Way
    beside: bool

    @property
    def waits(self) -> bool:
        """A token rests here until somebody acts or time passes."""
        return self.node.kind in ("userTask", "intermediateCatchEvent")

    @property
    def joins(self) -> bool:
        return self.node.kind in ("parallelGateway", "inclusiveGateway") and (
            len(self.node.incoming) > 1
        )


@dataclass(frozen=True, eq=False)
class Net:
    """``begin``: key of the start of the process itself; ``inside``: start of what an element runs.

    splits  key of a join to the key of its split
    """

    spots: Mapping[str, Spot]
    begin: str
    inside: Mapping[str, str]
    splits: Mapping[str, str]
    named: Mapping[str, Sequence[Spot]] = field(default_factory=dict)

    @cached_property
    def joins(self) -> Mapping[str, str]:
        """Key of a split to the key of its join."""
        return {split: join for join, split in self.splits.items()}

    def spot(self, key: str) -> Spot:
        return self.spots[key]

    def at(self, ident: str) -> Sequence[Spot]:
        """Every place at which an element of this id stands; () for none."""
        return self.named.get(ident, ())

    def beyond(self, spot: Spot, flow: Flow) -> Spot:
        """Where a flow from here leads."""
        return self.spots[_key(spot.around, flow.target)]

    def events(self, spot: Spot) -> list[Spot]:
        """Timers drawn on the element."""
        return [self.spots[_key(spot.around, each.id)] for each in spot.node.events]

    def place(self, token: str) -> Spot:
        """Where a token rests: at an element, at a join by one of its flows, or counted there."""
        return self.spots[token.partition(":")[0]]

    def way_of(self, token: str) -> Way:
        """What a resting token lies in; one that has come to a join is still in its branch."""
        spot = self.place(token)
        flow = token.partition(":")[2]
        if not flow:
            return spot.way
        coming = next(each for each in spot.node.incoming if each.id == flow)
        return self.spots[_key(spot.around, coming.source)].way


def net_of(definition: Definition) -> Net:
    """Made once for each published version."""
    return _made(definition)


@lru_cache(maxsize=50)
def _made(definition: Definition) -> Net:
    spots: dict[str, Spot] = {}
    inside: dict[str, str] = {}
    splits: dict[str, str] = {}
    begin = _draw_in(definition, definition.process_id, "", (), spots, inside, splits)
    named: dict[str, list[Spot]] = {}
    for spot in spots.values():
        named.setdefault(spot.node.id, []).append(spot)
    return Net(spots, begin, inside, splits, named)


def _draw_in(
    definition: Definition,
    process_id: str,
    around: str,
    way: Way,
    spots: dict[str, Spot],
    inside: dict[str, str],
    splits: dict[str, str],
) -> str:
    """Add a process and all that it runs; the key of its start."""
    process = definition.processes[process_id]
    graph, chains = process.graph, process.chains
    aside = _beside(graph)
    for node in graph.nodes.values():
        blocks = tuple(f"{_key(around, split)}:{branch}" for split, branch in chains[node.id])
        key = _key(around, node.id)
        spots[key] = Spot(key, around, node, way + blocks, node.id in aside)
        held = node.holds
        if held is not None and held in definition.processes:
            inner = (*way, *blocks, key)
            inside[key] = _draw_in(definition, held, key, inner, spots, inside, splits)
    for node in graph.nodes.values():
        for branch, _ in chains[node.id][-1:]:
            for flow in node.outgoing:
                ends = chains[flow.target]
                if len(ends) < len(chains[node.id]) and graph.nodes[flow.target].kind in (
                    "parallelGateway",
                    "inclusiveGateway",
                ):
                    splits[_key(around, flow.target)] = _key(around, branch)
    return _key(around, graph.starts[0].id)


def _beside(graph: Graph) -> set[str]:
    found: set[str] = set()
    for node in graph.nodes.values():
        if node.beside:
            found |= graph.reach(node.id)
    return found


def _key(around: str, ident: str) -> str:
    return f"{around}/{ident}" if around else ident


def lies_in(way: Way, outer: Iterable[str]) -> bool:
    """Whether something with this way lies within ``outer`` or is there itself."""
    begin = tuple(outer)
    return way[: len(begin)] == begin
