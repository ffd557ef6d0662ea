"""The drawing of the shipped routes: complete, orthogonal, nothing on top of anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

PROCESSES = Path(__file__).parents[2] / "processes"
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
ROUTES = (
    *("outgoing", "outgoing_free", "incoming", "scan", "countersign"),
    *("certificate", "seal_request"),
)
NODES = (
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "callActivity",
    "exclusiveGateway",
)
Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing, in the modeler's pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def touches_border(self, point: Point) -> bool:
        x, y = point
        inside = self.left <= x <= self.right and self.top <= y <= self.bottom
        return inside and (x in (self.left, self.right) or y in (self.top, self.bottom))


@dataclass(frozen=True)
class Line:
    """One edge: its ends and its straight pieces."""

    id: str
    source: str
    target: str
    points: tuple[Point, ...]

    def pieces(self) -> Iterator[Box]:
        for (x1, y1), (x2, y2) in zip(self.points, self.points[1:], strict=False):
            yield Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


@cache
def route(name: str) -> etree._Element:
    return etree.parse(PROCESSES / f"{name}.bpmn").getroot()


def find(name: str, path: str) -> list[etree._Element]:
    return route(name).findall(path, NS)


def nodes(name: str) -> list[etree._Element]:
    return [node for tag in NODES for node in find(name, f".//bpmn:{tag}")]


def box(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(k, "0")) for k in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def shapes(name: str) -> dict[str, Box]:
    """Every drawn shape but pools and lanes, which hold the others."""
    frames = {each.get("id") for each in find(name, ".//bpmn:lane")}
    frames |= {each.get("id") for each in find(name, ".//bpmn:participant")}
    return {
        shape.get("bpmnElement", ""): box(shape.find("dc:Bounds", NS))
        for shape in find(name, ".//bpmndi:BPMNShape")
        if shape.get("bpmnElement") not in frames
    }


def labels(name: str) -> dict[str, Box]:
    return {
        label.getparent().get("bpmnElement"): box(label.find("dc:Bounds", NS))
        for label in find(name, ".//bpmndi:BPMNLabel")
    }


def lines(name: str) -> list[Line]:
    flows = {each.get("id"): each for each in find(name, ".//bpmn:sequenceFlow")}
    flows |= {each.get("id"): each for each in find(name, ".//bpmn:association")}
    found = []
    for edge in find(name, ".//bpmndi:BPMNEdge"):
        flow = flows[edge.get("bpmnElement")]
        points = tuple(
            (float(each.get("x", "0")), float(each.get("y", "0")))
            for each in edge.findall("di:waypoint", NS)
        )
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        found.append(Line(flow.get("id", ""), source, target, points))
    return found


@pytest.mark.parametrize("name", ROUTES)
def test_every_node_stands_in_one_lane(name: str) -> None:
    listed = [each.text for each in find(name, ".//bpmn:flowNodeRef")]
    assert sorted(listed) == sorted(each.get("id") for each in nodes(name))
    frames = {
        each.get("bpmnElement"): box(each.find("dc:Bounds", NS))
        for each in find(name, ".//bpmndi:BPMNShape")
    }
    for lane in find(name, ".//bpmn:lane"):
        around = frames[lane.get("id")]
        for reference in lane.findall("bpmn:flowNodeRef", NS):
            inner = frames[reference.text]
            assert around.left < inner.left, reference.text
            assert inner.right < around.right, reference.text
            assert around.top < inner.top, reference.text
            assert inner.bottom < around.bottom, reference.text


@pytest.mark.parametrize("name", ROUTES)
def test_everything_is_drawn_once(name: str) -> None:
    notes = [each.get("id") for each in find(name, ".//bpmn:textAnnotation")]
    assert sorted(shapes(name)) == sorted([each.get("id") for each in nodes(name)] + notes)
    flows = find(name, ".//bpmn:sequenceFlow") + find(name, ".//bpmn:association")
    assert sorted(each.id for each in lines(name)) == sorted(each.get("id") for each in flows)


@pytest.mark.parametrize("name", ROUTES)
def test_shapes_and_labels_do_not_overlap(name: str) -> None:
    drawn = list(shapes(name).items()) + [(f"label {k}", v) for k, v in labels(name).items()]
    clashes = [(a, b) for (a, one), (b, two) in combinations(drawn, 2) if one.overlaps(two)]
    assert clashes == []


@pytest.mark.parametrize("name", ROUTES)
def test_lines_are_orthogonal_and_end_at_their_shapes(name: str) -> None:
    drawn = shapes(name)
    for line in lines(name):
        for piece in line.pieces():
            assert piece.left == piece.right or piece.top == piece.bottom, line.id
        assert drawn[line.source].touches_border(line.points[0]), line.id
        assert drawn[line.target].touches_border(line.points[-1]), line.id


@pytest.mark.parametrize("name", ROUTES)
def test_lines_run_through_no_shape_and_no_label(name: str) -> None:
    drawn = list(shapes(name).items()) + [(f"label {k}", v) for k, v in labels(name).items()]
    clashes = [
        (line.id, other)
        for line in lines(name)
        for piece in line.pieces()
        for other, area in drawn
        if area.overlaps(piece)
    ]
    assert clashes == []


@pytest.mark.parametrize("name", ROUTES)
def test_lines_do_not_cross(name: str) -> None:
    """Lines of one gateway may share a trunk, and so may lines into one element."""
    clashes = []
    for one, two in combinations(lines(name), 2):
        if one.source == two.source or one.target == two.target:
            continue
        if any(meet(a, b) for a in one.pieces() for b in two.pieces()):
            clashes.append((one.id, two.id))
    assert clashes == []


def meet(one: Box, two: Box) -> bool:
    return (
        one.left <= two.right
        and two.left <= one.right
        and one.top <= two.bottom
        and two.top <= one.bottom
    )
