"""Drawn timers under another version: which begin or change, and which would have no time.

Publishing proves for cases that begin that a field which a timer waits for has a value by then;
one that is moved may have passed the step whose form asks for it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from app.workflow import library
from app.workflow.bundle import Bundle
from app.workflow.dataflow import set_by
from app.workflow.definitions import Definition
from app.workflow.expressions import is_time_literal
from app.workflow.graph import Node
from app.workflow.obligations import Way


def retimed(old: Definition, new: Definition) -> dict[str, tuple[str, str]]:
    """Timers that both versions have and draw with another time: before and after, as drawn."""
    after = _nodes(new)
    both = [(node, after[ident]) for ident, node in _nodes(old).items() if ident in after]
    times = {one.id: ((one.timer or "").strip(), (two.timer or "").strip()) for one, two in both}
    return {ident: (one, two) for ident, (one, two) in times.items() if one and two and one != two}


def anew(old: Definition, new: Definition, standing: Collection[str]) -> set[str]:
    """Timers that begin at once where a case stands, or that wait for another time from then."""
    before, fresh = _nodes(old), set(retimed(old, new)) & set(standing)
    for ident, node in _nodes(new).items():
        had = {event.id for event in before[ident].events} if ident in before else set()
        has = {event.id for event in node.events}
        fresh |= has if ident in standing and had != has else set()
    return fresh


def untimed(
    definition: Definition,
    beginning: Collection[str],
    standing: Collection[str],
    variables: Mapping[str, Any],
) -> Iterator[tuple[Node, str]]:
    """Each timer that would take its time from a field which holds none, with that field.

    beginning  timers of :func:`anew`
    standing, variables  as for :func:`lacking.lacking`, with the values
    """
    tops = {ident: each.graph for ident, each in definition.processes.items()}
    bundle, forms = Bundle(tops), {**library.known(), **definition.forms}
    way = Way(bundle)
    begins = {
        ident
        for ident in standing
        if ident in way.nodes and bundle.inside(way.nodes[ident]) is None
    }
    for node in way.nodes.values():
        name = timed_by(node)
        if name is None or is_moment(variables.get(name)):
            continue
        setting = {ident for ident, each in way.nodes.items() if name in set_by(each, forms)}
        starts = _entered(way, begins, setting)
        if node.id in beginning or (node.attached_to or node.id) in starts:
            yield node, name


def timed_by(node: Node) -> str | None:
    """The field that a timer takes its time from; None for what is written out."""
    text = (node.timer or "").strip()
    return text if text and not is_time_literal(text) else None


def is_moment(value: Any) -> bool:
    """Whether a timer can wait for this value."""
    return isinstance(value, str) and is_time_literal(value)


def _entered(way: Way, begins: Iterable[str], setting: Collection[str]) -> set[str]:
    """Where the case may still come in before anything sets the value, here included by a loop."""
    found: set[str] = set()
    waiting = [each for each in begins if each not in setting]
    while waiting:
        for target in way.onward[waiting.pop()]:
            if target in way.nodes and target not in found:
                found.add(target)
                if target not in setting:
                    waiting.append(target)
    return found


def _nodes(definition: Definition) -> dict[str, Node]:
    return {
        ident: node
        for process in definition.processes.values()
        for ident, node in process.graph.nodes.items()
    }
