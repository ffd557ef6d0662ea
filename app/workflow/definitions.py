"""A published process as the engine runs it: immutable, shared, kept by its sha256."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.workflow.blocks import Chain, way_in
from app.workflow.errors import NoDefinition
from app.workflow.forms import Form
from app.workflow.graph import Graph, Node

CACHED = 200  # definitions; one of 48 elements takes about 100 KiB


@dataclass(frozen=True)
class Outcome:
    """One way to finish a step: the key in conditions, and the label that people see."""

    key: str
    label: str


@dataclass(frozen=True)
class Signing:
    """collection: the variable that names the people; element: the name each has inside."""

    collection: str
    element: str
    sequential: bool


@dataclass(frozen=True)
class Step:
    """An element at which a person acts, as the diagram draws it.

    process_id  the process that it is drawn in: the case's own, a called or an inner one
    groups      role keys; assignee: raw text, a login or ``${name}``
    properties  camunda:properties: rule, limit, opinion, choose, return_to and so on
    outcomes    in file order; () where the diagram offers no choice
    """

    id: str
    name: str
    process_id: str
    documentation: str
    groups: tuple[str, ...]
    assignee: str | None
    form_key: str | None
    properties: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    signing: Signing | None


@dataclass(frozen=True)
class Process:
    """One process or inner process: what is drawn, what the library runs, and its blocks."""

    graph: Graph
    spec: Any
    chains: Mapping[str, Chain]

    def chain(self, element: str) -> Chain:
        """Blocks around an element, also of those that the library adds beside it."""
        return self.chains.get(plain(element), ())


@dataclass(frozen=True, eq=False)
class Definition:
    """``processes`` holds the process itself and all that it calls or contains, by id.

    forms  those that were published with it, by key
    """

    sha256: str
    process_id: str
    name: str
    version: int
    files: Mapping[str, bytes] = field(repr=False)
    processes: Mapping[str, Process] = field(repr=False)
    by_id: Mapping[str, Step] = field(repr=False)
    forms: Mapping[str, Form] = field(repr=False, default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """In file order, the process itself first."""
        return tuple(self.by_id.values())

    @property
    def properties(self) -> Mapping[str, str]:
        """Of the process as a whole, such as ``flow`` and ``variables``."""
        return self.processes[self.process_id].graph.properties

    @property
    def documentation(self) -> str:
        return self.processes[self.process_id].graph.documentation

    def step(self, step_id: str) -> Step:
        """Raises NoDefinition for an id that is no step of this definition."""
        try:
            return self.by_id[step_id]
        except KeyError:
            raise NoDefinition(f"流程“{self.name}”中没有环节 {step_id}。") from None

    def element(self, ident: str) -> Node:
        """Any element of the process or of what it calls."""
        return next(
            each.graph.nodes[ident] for each in self.processes.values() if ident in each.graph.nodes
        )

    def within(self, ident: str) -> Collection[str]:
        """Ids of the steps that a token at this element may stand at: itself, or those inside."""
        inner = self.processes.get(self.element(ident).holds or "")
        if inner is None:
            return {ident} & self.by_id.keys()
        return {step for each in inner.graph.nodes for step in self.within(each)}

    def way_in(self, process: Process, step: str) -> tuple[str, ...] | None:
        """The elements by which a token in this process comes to a step; see blocks.py."""

        def held(node: Node) -> tuple[Graph, Mapping[str, Chain]] | None:
            inner = self.processes.get(node.holds or "")
            return (inner.graph, inner.chains) if inner else None

        return way_in(process.graph, step, held) if step in self.by_id else None

    @property
    def called(self) -> Mapping[str, Any]:
        """Everything but the process itself, as the library wants it."""
        return {
            name: process.spec
            for name, process in self.processes.items()
            if name != self.process_id
        }


def plain(element: str) -> str:
    """The id in the diagram of an element that the library has split in two."""
    return element.removesuffix(" [child]").removesuffix(".BoundaryEventSplit")


def digest(main: str, files: Mapping[str, bytes]) -> str:
    """sha256 of what is published: process id and the contents; file names do not count."""
    contents = sorted(hashlib.sha256(data).digest() for data in files.values())
    return hashlib.sha256(b"\0".join([main.encode(), *contents])).hexdigest()


_cache: OrderedDict[str, Definition] = OrderedDict()
_lock = threading.Lock()


def cached(sha256: str, build: Callable[[], Definition]) -> Definition:
    """From the cache of this process, or built and kept; the least used one goes first."""
    with _lock:
        found = _cache.get(sha256)
        if found is not None:
            _cache.move_to_end(sha256)
            return found
    built = build()
    with _lock:
        found = _cache.setdefault(sha256, built)  # all threads use the same one
        while len(_cache) > CACHED:
            _cache.popitem(last=False)
        return found


def peek(sha256: str) -> Definition | None:
    return _cache.get(sha256)


def forget() -> None:
    """Empty the cache, as a restart does."""
    with _lock:
        _cache.clear()
