"""Which flows out of a gateway the variables of a case close, read from the drawing alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.workflow.expressions import ExpressionError, holds
from app.workflow.graph import Flow, Node
from app.workflow.nets import Net, Spot

CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def closed(net: Net, readings: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Names (:func:`name_of`) of the flows that no token can have taken.

    readings  the variables as a gateway may have read them: before and after an act; none at all
              closes nothing
    A gateway that asks what is not among them (an outcome, the person of a signing) is left open.
    """
    if not readings:
        return frozenset()
    return frozenset(
        name_of(spot, flow)
        for spot in net.spots.values()
        if spot.node.kind in CHOOSING and len(spot.node.outgoing) > 1
        for flow in _untaken(spot.node, readings)
    )


def name_of(spot: Spot, flow: Flow) -> str:
    """Two processes drawn into one net may use the same id for a flow."""
    return f"{spot.key}>{flow.id}"


def _untaken(node: Node, readings: Sequence[Mapping[str, Any]]) -> Iterator[Flow]:
    taken: set[str] = set()
    for values in readings:
        try:
            taken.update(each.id for each in _taken(node, values))
        except ExpressionError:
            return
    yield from (flow for flow in node.outgoing if flow.id not in taken)


def _taken(node: Node, values: Mapping[str, Any]) -> Sequence[Flow]:
    """The first flow whose condition holds, or at an inclusive gateway each; else the default."""
    ways = [flow for flow in node.outgoing if not flow.default]
    true = [flow for flow in ways if holds(flow.condition or "", values)]
    if node.kind == "exclusiveGateway":
        true = true[:1]
    return true or [flow for flow in node.outgoing if flow.default]
