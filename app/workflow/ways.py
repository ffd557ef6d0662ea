"""Which service tasks lie on every way to a step: what a token must have passed to stand there.

Asked where a token is put somewhere without having gone there. Read from the drawing alone.
"""

from collections.abc import Collection
from dataclasses import replace

from app.workflow.definitions import Definition, Step
from app.workflow.graph import Graph, Node

Place = tuple[str, str]
"""Process and element."""


def before(definition: Definition, step: str) -> frozenset[str]:
    """Topics that every way from the start of the case to this step has run."""
    target = definition.step(step)
    return frozenset(_inward(definition, (target.process_id, target.id)))


def between(definition: Definition, here: str, there: str) -> frozenset[str]:
    """Topics that every way from one step to another still runs; none where no way leads there."""
    start = definition.step(here)
    found = _onward(definition, (start.process_id, start.id), definition.step(there))
    return frozenset(found or ())


def without(definition: Definition, shut: Collection[str]) -> Definition:
    """The same drawing less the flows that have one of these conditions, word for word."""
    processes = {
        name: replace(process, graph=_without(process.graph, shut))
        for name, process in definition.processes.items()
    }
    return replace(definition, processes=processes)


def _without(graph: Graph, shut: Collection[str]) -> Graph:
    nodes = {
        name: replace(
            node,
            outgoing=[flow for flow in node.outgoing if flow.condition not in shut],
            incoming=[flow for flow in node.incoming if flow.condition not in shut],
        )
        for name, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)


def _inward(definition: Definition, place: Place) -> set[str]:
    graph = definition.processes[place[0]].graph
    found = _passed(definition, graph, graph.starts[0].id, {place[1]}) or set()
    around = [_inward(definition, outer) for outer in _holders(definition, graph.id)]
    return found | set.intersection(*around) if around else found


def _onward(definition: Definition, place: Place, target: Step) -> set[str] | None:
    """None where no way leads there."""
    graph = definition.processes[place[0]].graph
    if graph.id == target.process_id:
        return _passed(definition, graph, place[1], {target.id})
    rest = _passed(definition, graph, place[1], _ends(graph)) or set()
    outside = [_onward(definition, outer, target) for outer in _holders(definition, graph.id)]
    ways = [way for way in outside if way is not None]
    return rest | set.intersection(*ways) if ways else None


def _passed(definition: Definition, graph: Graph, start: str, goals: set[str]) -> set[str] | None:
    """Topics without whose elements no goal could be reached; None where none can be anyway."""
    if not goals & _reached(graph, start, set()):
        return None
    runs = {node.id: _topics(definition, node) for node in graph.nodes.values()}
    found = set()
    for topic in set[str]().union(*runs.values()):
        without = {name for name, topics in runs.items() if topic in topics}
        without -= goals | {start}
        if not goals & _reached(graph, start, without):
            found.add(topic)
    return found


def _topics(definition: Definition, node: Node) -> set[str]:
    """What this element certainly runs: its own topic, or those of the process inside it."""
    if node.kind == "serviceTask":
        return {node.camunda.get("topic", "")}
    inside = node.holds
    if inside is None or inside not in definition.processes:
        return set()
    graph = definition.processes[inside].graph
    return _passed(definition, graph, graph.starts[0].id, _ends(graph)) or set()


def _reached(graph: Graph, start: str, without: set[str]) -> set[str]:
    """Where a token from ``start`` may come; a parallel join lets through when all have come."""
    known, found = graph.reach(start), {start}
    waiting = [start]
    while waiting:
        for name in graph.after(graph.nodes[waiting.pop()]):
            if name not in found | without and _opens(graph.nodes[name], known, found):
                found.add(name)
                waiting.append(name)
    return found


def _opens(node: Node, known: set[str], found: set[str]) -> bool:
    if node.kind != "parallelGateway":
        return True
    return {flow.source for flow in node.incoming if flow.source in known} <= found


def _ends(graph: Graph) -> set[str]:
    return {node.id for node in graph.nodes.values() if node.kind == "endEvent"}


def _holders(definition: Definition, process_id: str) -> list[Place]:
    """Elements that run this process."""
    return [
        (process.graph.id, node.id)
        for process in definition.processes.values()
        for node in process.graph.nodes.values()
        if node.holds == process_id
    ]
