"""A checked process file as nodes and flows; one graph per process and per inner process.

Everything that is known before a case runs is read from here: blocks, checks, steps. The library
is not involved.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from app.workflow.allowed import CAMUNDA, NODES, SPACES

OUTCOME = re.compile(r"""outcome\s*==\s*(['"])([a-z][a-z0-9_]{0,62})\1\Z""")


@dataclass(eq=False)
class Flow:
    id: str
    source: str
    target: str
    name: str
    condition: str | None
    line: int
    default: bool = False

    @property
    def outcome(self) -> str | None:
        """The outcome that this flow stands for, if its condition is ``outcome == '…'``."""
        match = OUTCOME.match(self.condition or "")
        return match[2] if match else None


@dataclass(frozen=True)
class Repeat:
    """Multi-instance: for each element of a list, or a number of times.

    collection  text as drawn; None when ``cardinality`` is given
    element     name under which each one is seen inside
    """

    collection: str | None
    element: str | None
    sequential: bool
    cardinality: str | None
    condition: str | None


@dataclass(eq=False)
class Node:
    id: str
    kind: str
    name: str
    line: int
    documentation: str
    camunda: dict[str, str]
    properties: dict[str, str]
    repeat: Repeat | None = None
    attached_to: str | None = None
    interrupting: bool = True
    timer: str | None = None
    called: str | None = None
    outgoing: list[Flow] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    events: list["Node"] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.name or self.id

    @property
    def holds(self) -> str | None:
        """The process that an inner process or a call runs."""
        if self.kind == "subProcess":
            return self.id
        return self.called if self.kind == "callActivity" else None

    @property
    def beside(self) -> bool:
        """A timer whose path runs beside the step instead of taking it away."""
        return self.attached_to is not None and not self.interrupting


@dataclass(eq=False)
class Graph:
    """``inner`` holds the subprocesses drawn in this process, by the id of their node."""

    id: str
    name: str
    line: int
    documentation: str
    properties: dict[str, str]
    file: str
    nodes: dict[str, Node]
    flows: list[Flow]
    inner: dict[str, "Graph"]
    stray: list[Flow] = field(default_factory=list)

    @property
    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "startEvent"]

    def everywhere(self) -> Iterator["Graph"]:
        """The graph and those inside it, outermost first."""
        yield self
        for graph in self.inner.values():
            yield from graph.everywhere()

    def after(self, node: Node) -> list[str]:
        """Where a token may go from here, timers on the step included."""
        return [flow.target for flow in node.outgoing] + [event.id for event in node.events]

    def main(self, node: Node) -> list[str]:
        """The same without the paths that run beside."""
        return [flow.target for flow in node.outgoing] + [
            event.id for event in node.events if not event.beside
        ]

    def reach(self, start: str, stop: str | None = None) -> set[str]:
        found: set[str] = set()
        stack = [start]
        while stack:
            name = stack.pop()
            if name not in found and name != stop:
                found.add(name)
                stack += self.after(self.nodes[name])
        return found


def processes(root: etree._Element, file: str) -> list[Graph]:
    return [_graph(element, file) for element in root.findall("bpmn:process", SPACES)]


def choices(graph: Graph, node: Node) -> list[Flow]:
    """Flows of the outcome gateway directly after a step, in file order; [] when there is none."""
    if len(node.outgoing) != 1:
        return []
    gateway = graph.nodes.get(node.outgoing[0].target)
    if gateway is None or gateway.kind != "exclusiveGateway":
        return []
    return [flow for flow in gateway.outgoing if flow.outcome]


def _graph(element: etree._Element, file: str) -> Graph:
    nodes, inner = {}, {}
    flows = []
    for child in element:
        tag = etree.QName(str(child.tag)).localname
        if tag in NODES and child.get("id"):
            node = _node(child, tag)
            nodes[node.id] = node
            if tag == "subProcess":
                inner[node.id] = _graph(child, file)
        elif tag == "sequenceFlow":
            flows.append(_flow(child))
    graph = Graph(
        id=element.get("id") or "",
        name=element.get("name") or "",
        line=element.sourceline or 0,
        documentation=(element.findtext("bpmn:documentation", "", SPACES) or "").strip(),
        properties=_properties(element),
        file=file,
        nodes=nodes,
        flows=flows,
        inner=inner,
    )
    _connect(graph, element)
    return graph


def _connect(graph: Graph, element: etree._Element) -> None:
    for flow in graph.flows:
        if flow.source in graph.nodes and flow.target in graph.nodes:
            graph.nodes[flow.source].outgoing.append(flow)
            graph.nodes[flow.target].incoming.append(flow)
        else:
            graph.stray.append(flow)
    for child in element:
        node = graph.nodes.get(child.get("id") or "")
        for flow in node.outgoing if node else ():
            flow.default = flow.id == child.get("default")
    for node in graph.nodes.values():
        if node.attached_to in graph.nodes:
            graph.nodes[node.attached_to].events.append(node)


def _node(element: etree._Element, tag: str) -> Node:
    timer = element.find("bpmn:timerEventDefinition", SPACES)
    return Node(
        id=element.get("id") or "",
        kind=tag,
        name=(element.get("name") or "").strip(),
        line=element.sourceline or 0,
        documentation=(element.findtext("bpmn:documentation", "", SPACES) or "").strip(),
        camunda=camunda_attributes(element),
        properties=_properties(element),
        repeat=_repeat(element),
        attached_to=element.get("attachedToRef") if tag == "boundaryEvent" else None,
        interrupting=element.get("cancelActivity") != "false",
        timer=next(((each.text or "").strip() for each in timer), None)
        if timer is not None
        else None,
        called=element.get("calledElement"),
    )


def _flow(element: etree._Element) -> Flow:
    condition = element.findtext("bpmn:conditionExpression", None, SPACES)
    return Flow(
        id=element.get("id") or "",
        source=element.get("sourceRef") or "",
        target=element.get("targetRef") or "",
        name=(element.get("name") or "").strip(),
        condition=condition.strip() if condition is not None else None,
        line=element.sourceline or 0,
    )


def _repeat(element: etree._Element) -> Repeat | None:
    loop = element.find("bpmn:multiInstanceLoopCharacteristics", SPACES)
    if loop is None:
        return None
    return Repeat(
        collection=loop.get(f"{{{CAMUNDA}}}collection"),
        element=loop.get(f"{{{CAMUNDA}}}elementVariable"),
        sequential=loop.get("isSequential") == "true",
        cardinality=loop.findtext("bpmn:loopCardinality", None, SPACES),
        condition=loop.findtext("bpmn:completionCondition", None, SPACES),
    )


def camunda_attributes(element: etree._Element) -> dict[str, str]:
    prefix = f"{{{CAMUNDA}}}"
    return {
        str(key).removeprefix(prefix): str(value).strip()
        for key, value in element.attrib.items()
        if str(key).startswith(prefix)
    }


def _properties(element: etree._Element) -> dict[str, str]:
    path = "bpmn:extensionElements/camunda:properties/camunda:property"
    return {
        item.get("name") or "": (item.get("value") or "").strip()
        for item in element.iterfind(path, SPACES)
    }
