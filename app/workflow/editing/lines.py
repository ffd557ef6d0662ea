"""Where a new element is put on the line of a flow, and how lines run to and from it."""

from dataclasses import dataclass
from itertools import pairwise

from app.workflow.editing import layout
from app.workflow.editing.drawing import SPACES, Drawing, Element, local
from app.workflow.editing.layout import GAP, GATEWAY, STEP, Box, Point

APART = 12.0  # between lines that run beside each other
Sizes = list[tuple[float, float]]


@dataclass(frozen=True)
class Cut:
    """A flow that has been opened: where the new elements stand, and the line around them.

    middles   one for each new element, in the order of the flow
    pieces    lines between: to the first, from one to the next, from the last onwards
    """

    middles: list[Point]
    pieces: list[list[Point]]


def opened(drawing: Drawing, flow: Element, sizes: Sizes) -> Cut | None:
    """Make room in the line of a flow for elements of these sizes; None where nothing is drawn."""
    ident = flow.get("id") or ""
    way = layout.points(drawing.edge(ident)) or _straight(drawing, flow)
    if len(way) < 2:
        return None
    if not layout.points(drawing.edge(ident)):
        layout.draw_line(drawing, ident, way)
    at, axis = _longest(way)
    start, end = way[at][axis], way[at + 1][axis]
    forward = end >= start
    needed = sum(size[axis] for size in sizes) + GAP * (len(sizes) + 1)
    room = needed - abs(end - start)
    if room > 0:
        layout.make_room(drawing, axis, min(start, end) + 0.5, room)
        way = layout.points(drawing.edge(ident))
    return _placed(way, at, axis, 1 if forward else -1, sizes)


def _placed(way: list[Point], at: int, axis: int, sign: int, sizes: Sizes) -> Cut:
    place = way[at][axis]
    across = way[at][1 - axis]
    middles: list[Point] = []
    ends: list[Point] = [way[at]]
    for size in sizes:
        near, far = place + sign * GAP, place + sign * (GAP + size[axis])
        middles.append(_point(axis, (near + far) / 2, across))
        ends += [_point(axis, near, across), _point(axis, far, across)]
        place = far
    last = way[at + 1]
    if last[1 - axis] != across:  # a slanting piece: go straight first
        ends.append(_point(axis, last[axis], across))
    pieces = [ends[n : n + 2] for n in range(0, len(ends) - 1, 2)]
    pieces[0] = [*way[: at + 1], *pieces[0][-1:]]
    first = len(sizes) * 2
    tail = [*ends[first:], *way[at + 1 :]]
    return Cut(middles, [*pieces[: len(sizes)], tail])


def route(drawing: Drawing, source: str, target: str, number: int = 0) -> list[Point]:
    """A line with right angles between two shapes; ``number`` keeps several apart."""
    here, there = layout.box(drawing.shape(source)), layout.box(drawing.shape(target))
    if here is None or there is None:
        return []
    if number == 0 and there.x >= here.x + here.width + 20:
        return _onwards(here, there)
    x1, x2 = here.middle[0], there.middle[0]
    below = there.middle[1] >= here.middle[1] or there.y + there.height > here.y
    spare = 20 + APART * number
    if below:
        deep = max(here.y + here.height, there.y + there.height) + spare
        return [(x1, here.y + here.height), (x1, deep), (x2, deep), (x2, there.y + there.height)]
    high = min(here.y, there.y) - spare
    return [(x1, here.y), (x1, high), (x2, high), (x2, there.y)]


def _onwards(here: Box, there: Box) -> list[Point]:
    start = (here.x + here.width, here.middle[1])
    end = (there.x, there.middle[1])
    if start[1] == end[1]:
        return [start, end]
    bend = end[0] - 20
    return [start, (bend, start[1]), (bend, end[1]), end]


def put_in_lane(drawing: Drawing, ident: str, like: str) -> None:
    """Name a new element in the lanes that it is drawn in, else in those of a neighbour."""
    middle = (layout.box(drawing.shape(ident)) or Box(-1e9, -1e9, 0, 0)).middle
    element = drawing.node(ident)
    process = next(each for each in element.iterancestors() if local(each) == "process")
    lanes = list(process.iterfind(".//bpmn:lane", SPACES))
    found = [
        lane for lane in lanes if _within(layout.box(drawing.shape(lane.get("id") or "")), middle)
    ]
    if not found:
        found = [lane for lane in lanes if like in _members(lane)]
    for lane in found:
        drawing.make(lane, "flowNodeRef").text = ident


def _members(lane: Element) -> set[str]:
    return {(each.text or "").strip() for each in lane.iterfind("bpmn:flowNodeRef", SPACES)}


def _within(box: Box | None, point: Point) -> bool:
    if box is None:
        return False
    return box.x <= point[0] <= box.x + box.width and box.y <= point[1] <= box.y + box.height


def _straight(drawing: Drawing, flow: Element) -> list[Point]:
    return route(drawing, flow.get("sourceRef") or "", flow.get("targetRef") or "")


def _longest(way: list[Point]) -> tuple[int, int]:
    """The piece to open, and its axis: one that runs to the right if there is any to speak of."""
    pieces = []
    for at, ((x1, y1), (x2, y2)) in enumerate(pairwise(way)):
        axis = 0 if abs(x2 - x1) >= abs(y2 - y1) else 1
        length = (x2 - x1, y2 - y1)[axis]
        pieces.append((axis == 0 and length >= 20, abs(length), at, axis))
    return max(pieces)[2:]


def _point(axis: int, along: float, across: float) -> Point:
    return (along, across) if axis == 0 else (across, along)


SIZES = {"userTask": STEP, "exclusiveGateway": GATEWAY}
