"""Where things are drawn: room for a new step, its shape, and the lines to and from it.

All figures are units of the drawing, as BPMN DI counts them.
"""

from dataclasses import dataclass

from lxml import etree

from app.workflow.editing.drawing import (
    BPMNDI,
    DC,
    DI,
    SPACES,
    Drawing,
    Element,
    indent,
    insert_neatly,
)

STEP = (100.0, 80.0)
GATEWAY = (50.0, 50.0)
GAP = 50.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


def box(shape: Element | None) -> Box | None:
    bounds = shape.find("dc:Bounds", SPACES) if shape is not None else None
    if bounds is None:
        return None
    return Box(*(float(bounds.get(name) or 0) for name in ("x", "y", "width", "height")))


def points(edge: Element | None) -> list[Point]:
    found = edge.findall("di:waypoint", SPACES) if edge is not None else []
    return [(float(each.get("x") or 0), float(each.get("y") or 0)) for each in found]


def draw_line(drawing: Drawing, ident: str, way: list[Point]) -> None:
    """Draw a flow anew along these points; a label that it had is placed anew by the editors."""
    edge = drawing.edge(ident)
    plane = drawing.root.find(".//bpmndi:BPMNPlane", SPACES)
    if edge is None:
        if plane is None:
            return
        edge = etree.Element(f"{{{BPMNDI}}}BPMNEdge", nsmap=dict(plane.nsmap))
        insert_neatly(plane, len(plane), edge)
        edge.set("id", drawing.new_id(f"{ident}_di"))
        edge.set("bpmnElement", ident)
    for old in edge.findall("di:waypoint", SPACES):
        edge.remove(old)
    for label in edge.findall("bpmndi:BPMNLabel", SPACES):
        for bounds in label.findall("dc:Bounds", SPACES):
            label.remove(bounds)
    for number, (x, y) in enumerate(straightened(way)):
        made = etree.Element(f"{{{DI}}}waypoint", x=_figure(x), y=_figure(y))
        insert_neatly(edge, number, made)
    indent(edge)


def draw_shape(drawing: Drawing, ident: str, middle: Point, size: tuple[float, float]) -> None:
    plane = drawing.root.find(".//bpmndi:BPMNPlane", SPACES)
    if plane is None:
        return
    shape = etree.Element(f"{{{BPMNDI}}}BPMNShape", nsmap=dict(plane.nsmap))
    shape.set("id", drawing.new_id(f"{ident}_di"))
    shape.set("bpmnElement", ident)
    if size == GATEWAY:
        shape.set("isMarkerVisible", "true")
    x, y = middle[0] - size[0] / 2, middle[1] - size[1] / 2
    width, height = size
    etree.SubElement(
        shape,
        f"{{{DC}}}Bounds",
        x=_figure(x),
        y=_figure(y),
        width=_figure(width),
        height=_figure(height),
    )
    first = plane.find("bpmndi:BPMNEdge", SPACES)
    insert_neatly(plane, plane.index(first) if first is not None else len(plane), shape)
    indent(shape)


def straightened(way: list[Point]) -> list[Point]:
    """The same line without points in the middle of a straight piece, and without doubles."""
    kept: list[Point] = []
    for point in way:
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return kept if len(kept) > 1 else way[:2]


def _in_line(first: Point, second: Point, third: Point) -> bool:
    return any(first[axis] == second[axis] == third[axis] for axis in (0, 1))


def _figure(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e6 else str(number)


# --- room


def make_room(drawing: Drawing, axis: int, line: float, room: float) -> None:
    """Move everything beyond ``line`` away by ``room``; what holds others is stretched.

    axis   0: to the right of x, 1: below y
    A line between two shapes moves with the end that it is nearest to, so that it stays joined.
    """
    name, length = (("x", "width"), ("y", "height"))[axis]
    moved: dict[str, bool] = {}
    for shape in drawing.root.iter(f"{{{BPMNDI}}}BPMNShape"):
        for bounds in shape.iter(f"{{{DC}}}Bounds"):
            start, size = float(bounds.get(name) or 0), float(bounds.get(length) or 0)
            holds = bounds.getparent() is shape and _holds(drawing, shape)
            beyond = start >= line if holds else start + size / 2 >= line
            if bounds.getparent() is shape:
                moved[(shape.get("bpmnElement") or "").rpartition(":")[2]] = beyond
            if beyond:
                bounds.set(name, _figure(start + room))
            elif holds and start + size > line:
                bounds.set(length, _figure(size + room))
    for edge in drawing.root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        _move_line(drawing, edge, axis, line, room, moved)


def _move_line(
    drawing: Drawing, edge: Element, axis: int, line: float, room: float, moved: dict[str, bool]
) -> None:
    name = "xy"[axis]
    flow = drawing.find((edge.get("bpmnElement") or "").rpartition(":")[2])
    ways = edge.findall("di:waypoint", SPACES)
    if not ways:
        return
    places = [float(each.get(name) or 0) for each in ways]
    goes = [place >= line for place in places]
    for at, step, end in ((0, 1, "sourceRef"), (len(ways) - 1, -1, "targetRef")):
        ends = moved.get((flow.get(end) or "") if flow is not None else "")
        if ends is None:
            continue
        place = places[at]
        while 0 <= at < len(ways) and places[at] == place:  # a piece across moves as a whole
            goes[at] = ends
            at += step
    for each, place, go in zip(ways, places, goes, strict=True):
        if go:
            each.set(name, _figure(place + room))
    for bounds in edge.iter(f"{{{DC}}}Bounds"):
        start = float(bounds.get(name) or 0)
        if start >= line:
            bounds.set(name, _figure(start + room))


def _holds(drawing: Drawing, shape: Element) -> bool:
    """Pools, lanes and inner processes that are drawn open."""
    element = drawing.find((shape.get("bpmnElement") or "").rpartition(":")[2])
    tag = etree.QName(element).localname if element is not None else ""
    return tag in ("participant", "lane", "group") or shape.get("isExpanded") == "true"
