"""One side of a comparison: the graphs, the forms, and where things stand on the drawing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.workflow import forms, reading
from app.workflow.allowed import DRAWING
from app.workflow.forms import Form
from app.workflow.graph import Flow, Graph, Node
from app.workflow.parser import outcomes, read_graphs

STATIONS = ("userTask", "callActivity", "subProcess", "endEvent", "intermediateCatchEvent")
"""Where a token stays, or a part of the route that a reader knows by its name."""

Place = tuple[float, float, float, float]
"""x, y, width and height on the drawing; of a flow the ends."""


@dataclass(frozen=True)
class Drawn:
    """graphs: all processes and inner ones by id; places: by element; forms: by key."""

    graphs: Mapping[str, Graph]
    nodes: Mapping[str, tuple[Graph, Node]]
    flows: Mapping[str, tuple[Graph, Flow]]
    forms: Mapping[str, Form]
    places: Mapping[str, Place]
    tops: Mapping[str, Graph]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> "Drawn":
        """What cannot be read is as if it were not there; the checks say why."""
        tops, _ = read_graphs(files)
        graphs = {each.id: each for top in tops.values() for each in top.everywhere()}
        places: dict[str, Place] = {}
        for name, data in files.items():
            if not forms.is_form(name):
                places |= _places(data)
        return cls(
            graphs=graphs,
            nodes={node.id: (graph, node) for graph in graphs.values() for node in _nodes(graph)},
            flows={flow.id: (graph, flow) for graph in graphs.values() for flow in graph.flows},
            forms=forms.among(files)[0],
            places=places,
            tops=tops,
        )

    def label(self, ident: str) -> str:
        """The name as people read it, in quotation marks."""
        if ident in self.nodes:
            return f"“{self.nodes[ident][1].label}”"
        return f"“{self.graphs[ident].name or ident}”" if ident in self.graphs else f"“{ident}”"

    def ways(self, ident: str, unseen: Collection[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Way out of an element → (its label, the stations that it leads to).

        unseen  elements that are looked through: those that the other side does not have
        """
        graph, node = self.nodes[ident]
        if node.kind == "endEvent":
            return {}
        offered = outcomes(graph, node) if node.kind == "userTask" else ()
        if len(offered) < 2:
            label = offered[0].label if offered else ""
            key = offered[0].key if offered else ""
            return {key: (label, self._after(graph, node, unseen))}
        gateway = graph.nodes[node.outgoing[0].target]
        return {
            flow.outcome or flow.id: (
                flow.name or flow.outcome or "",
                self._arrivals(graph, [flow.target], unseen),
            )
            for flow in gateway.outgoing
        }

    def before(self, ident: str) -> list[str]:
        """The nearest stations on the ways to an element; "" for the start of its process."""
        graph, node = self.nodes[ident]
        found: list[str] = []
        seen = {ident}
        waiting = [flow.source for flow in node.incoming]
        while waiting:
            source = waiting.pop(0)
            if source in seen:
                continue
            seen.add(source)
            here = graph.nodes[source]
            if here.kind in STATIONS:
                found.append(source)
            elif here.kind == "startEvent":
                found.append("")
            elif here.attached_to:
                found.append(here.attached_to)
            else:
                waiting += [flow.source for flow in here.incoming]
        return list(dict.fromkeys(found))

    def _after(self, graph: Graph, node: Node, unseen: Collection[str]) -> tuple[str, ...]:
        return self._arrivals(graph, [flow.target for flow in node.outgoing], unseen)

    def _arrivals(
        self, graph: Graph, targets: list[str], unseen: Collection[str]
    ) -> tuple[str, ...]:
        found: list[str] = []
        seen: set[str] = set()
        waiting = list(targets)
        while waiting:
            ident = waiting.pop(0)
            node = graph.nodes.get(ident)
            if node is None or ident in seen:
                continue
            seen.add(ident)
            if node.kind in STATIONS and ident not in unseen:
                found.append(ident)
            else:
                waiting += [flow.target for flow in node.outgoing]
        return tuple(sorted(found))


def _nodes(graph: Graph) -> Iterator[Node]:
    yield from graph.nodes.values()


def _places(data: bytes) -> dict[str, Place]:
    root, _ = reading.read("", data)
    found: dict[str, Place] = {}
    if root is None:
        return found
    for shape in root.iter(*(f"{{{space}}}{tag}" for space in DRAWING for tag in _SHAPES)):
        numbers = [
            float(each.get(key, "0"))
            for each in shape.iterchildren()
            for key in _keys(each)
            if _is_number(each.get(key, "0"))
        ]
        element = shape.get("bpmnElement")
        if element and len(numbers) >= 4:
            found[element] = (numbers[0], numbers[1], numbers[-2], numbers[-1])
    return found


_SHAPES = ("BPMNShape", "BPMNEdge")


def _keys(element: etree._Element) -> tuple[str, ...]:
    tag = etree.QName(str(element.tag)).localname
    if tag == "Bounds":
        return ("x", "y", "width", "height")
    return ("x", "y") if tag == "waypoint" else ()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
