"""What a case would lack under another version: values that its way looks at and nothing sets.

Publishing proves it for cases that begin; one that is moved may have passed the step whose form
asks for the value.
"""

from collections.abc import Collection, Iterable, Iterator

from app.workflow import library
from app.workflow.bundle import Bundle
from app.workflow.dataflow import set_by, uses
from app.workflow.definitions import Definition
from app.workflow.graph import Node
from app.workflow.obligations import Way
from app.workflow.outlook import deciding


def lacking(
    definition: Definition, standing: Collection[str], known: Collection[str]
) -> Iterator[tuple[Node, str]]:
    """Each element that would look at a value in vain, with the name of the value.

    standing  elements at which the case stands
    known     variables that it has
    """
    tops = {ident: each.graph for ident, each in definition.processes.items()}
    bundle, forms = Bundle(tops), {**library.known(), **definition.forms}
    way = Way(bundle)
    own = {each.repeat.element for each in way.nodes.values() if each.repeat is not None}
    begins = {
        ident
        for ident in standing
        if ident in way.nodes and bundle.inside(way.nodes[ident]) is None
    }
    for name in sorted(deciding(definition) - set(known) - own):
        setting = {ident for ident, node in way.nodes.items() if name in set_by(node, forms)}
        for ident in sorted(_reached(way, begins, setting) - begins):
            node = way.nodes[ident]
            if any(use.name == name for use in uses(node)):
                yield node, name


def _reached(way: Way, begins: Iterable[str], setting: Collection[str]) -> set[str]:
    """Where the case may come before anything sets the value."""
    found = set(begins)
    waiting = [each for each in found if each not in setting]
    while waiting:
        for target in way.onward[waiting.pop()]:
            if target in way.nodes and target not in found and target not in setting:
                found.add(target)
                waiting.append(target)
    return found
