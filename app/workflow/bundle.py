"""All processes of one publication together: who calls whom, and what lies around what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.workflow.blocks import Blocks, blocks
from app.workflow.errors import Fault
from app.workflow.graph import Flow, Graph, Node


@dataclass
class Bundle:
    """tops: top processes by id; graphs: these and all inner ones; faults: collected so far."""

    tops: Mapping[str, Graph]
    faults: list[Fault] = field(default_factory=list)
    graphs: dict[str, Graph] = field(default_factory=dict)
    found: dict[str, Blocks] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for top in self.tops.values():
            for graph in top.everywhere():
                self.graphs.setdefault(graph.id, graph)
        self.found = {ident: blocks(graph) for ident, graph in self.graphs.items()}

    def fault(self, graph: Graph, node: Node | None, message: str, line: int = 0) -> None:
        """Note one fault at a node, or at the process itself."""
        element = node.id if node else graph.id
        at = line or (node.line if node else graph.line)
        self.faults.append(Fault(graph.file, at, element, message))

    def nodes(self, *kinds: str) -> Iterator[tuple[Graph, Node]]:
        for graph in self.graphs.values():
            for node in graph.nodes.values():
                if not kinds or node.kind in kinds:
                    yield graph, node

    def name_of(self, element: str) -> str:
        """What an element, a flow or a process is called in the drawing; its ID without a name."""
        for graph in self.graphs.values():
            drawn: list[Graph | Node | Flow] = [graph, *graph.nodes.values(), *graph.flows]
            for each in drawn:
                if each.id == element and each.name:
                    return each.name
        return element

    @property
    def roots(self) -> list[Graph]:
        """Processes that no other one of the bundle calls."""
        called = {node.called for _, node in self.nodes("callActivity")}
        return [top for ident, top in self.tops.items() if ident not in called]

    def inside(self, node: Node) -> Graph | None:
        """The process that an inner process or a call runs."""
        if node.kind == "subProcess":
            return self.graphs.get(node.id)
        return self.tops.get(node.called or "") if node.kind == "callActivity" else None

    def holders(self, graph: Graph) -> list[tuple[Graph, Node]]:
        """Elements that run this process."""
        return [
            (outer, node)
            for outer, node in self.nodes("subProcess", "callActivity")
            if self.inside(node) is graph
        ]

    def around(self, graph: Graph, node: Node) -> Iterator[tuple[Graph, Node]]:
        """The node, then everything that may hold the process around it, outwards."""
        seen: set[str] = set()
        waiting = [(graph, node)]
        while waiting:
            place = waiting.pop(0)
            if place[1].id not in seen:
                seen.add(place[1].id)
                yield place
                waiting += self.holders(place[0])
