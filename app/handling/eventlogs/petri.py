"""The net of a published diagram as a Petri net (PNML), for other programs' conformance checks.

A transition is labelled as the events of the log are (``Event.activity``): by the step; by
``step>target`` for a return that the diagram allows; by ``step>>target`` for going straight back
after one; by ``timer:id``. Gateways, automatic steps and calls are silent. A return out of a
parallel block takes an unknown number of tokens with it and has no transition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from app.workflow.definitions import Definition
from app.workflow.graph import Flow
from app.workflow.nets import Net, Spot, net_of

BEGIN, END = "begin", "end"
PNML = "http://www.pnml.org/version-2009/grammar/pnml"
TYPE = f"{PNML.rpartition('/')[0]}/pnmlcoremodel"


@dataclass
class Petri:
    """Places by name, and transitions as (label, places before, places after); "" is silent."""

    places: set[str] = field(default_factory=lambda: {BEGIN, END})
    transitions: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)

    def add(self, label: str, before: Sequence[str], after: Sequence[str]) -> None:
        self.places.update(before, after)
        self.transitions.append((label, tuple(before), tuple(after)))


def petri(definition: Definition) -> Petri:
    """The whole net: what a case that begins at ``begin`` and finishes at ``end`` may do."""
    net, found = net_of(definition), Petri()
    found.add("", [BEGIN], [_before(net.begin)])
    for spot in net.spots.values():
        _draw(net, spot, found)
    for label, here, there in _returns(definition, net):
        found.add(label, [_before(here)], [_before(there)])
    return found


def _draw(net: Net, spot: Spot, found: Petri) -> None:
    kind, here = spot.node.kind, _before(spot.key)
    if kind == "boundaryEvent":
        _draw_timer(net, spot, found)
    elif kind == "endEvent":
        found.add("", [here], _after_end(net, spot))
    elif spot.key in net.inside:
        found.add("", [here], [_before(net.inside[spot.key])])
    elif kind == "inclusiveGateway":
        _draw_inclusive(net, spot, found)
    elif kind == "exclusiveGateway":
        for flow in spot.node.outgoing:
            found.add("", [here], [_to(net, spot, flow)])
    elif spot.joins:
        before = [f"{spot.key}:{flow.id}" for flow in spot.node.incoming]
        found.add("", before, _out(net, spot))
    else:
        if spot.node.repeat is not None:
            found.add(spot.node.id, [here], [here])
        label = spot.node.id if kind == "userTask" else ""
        if kind == "intermediateCatchEvent":
            label = f"timer:{spot.node.id}"
        found.add(label, [here], _out(net, spot))


def _draw_timer(net: Net, spot: Spot, found: Petri) -> None:
    """Of a step; one around an inner process is left out."""
    host = f"{spot.around}/{spot.node.attached_to}" if spot.around else spot.node.attached_to or ""
    if host in net.inside:
        return
    kept = [] if spot.node.interrupting else [_before(host)]
    found.add(f"timer:{spot.node.id}", [_before(host)], [*kept, *_out(net, spot)])


def _draw_inclusive(net: Net, spot: Spot, found: Petri) -> None:
    """Each branch is taken or passed, one after the other, and at least one is taken.

    A branch that is passed puts its token where one that was taken arrives, so that the join waits
    for all of them. That grows with the branches, not with every choice among them.
    """
    if spot.joins:
        split = net.spot(net.splits[spot.key])
        before = [_arrival(spot.key, split.key, n) for n in range(len(split.node.outgoing))]
        found.add("", before, _out(net, spot))
        return
    flows = spot.node.outgoing
    if len(flows) == 1:
        found.add("", [_before(spot.key)], _out(net, spot))
        return
    for number, flow in enumerate(flows):
        last = number == len(flows) - 1
        for some in (False, True) if number else (False,):
            here = _choice(spot, number, some=some)
            to = [] if last else [_choice(spot, number + 1, some=True)]
            found.add("", [here], [_to(net, spot, flow), *to])
            if last and not some:
                continue  # none was taken before: this one must be
            to = [] if last else [_choice(spot, number + 1, some=some)]
            found.add("", [here], [_arrival(net.joins[spot.key], spot.key, number), *to])


def _choice(split: Spot, number: int, *, some: bool) -> str:
    """Where a branch is chosen or not; ``some``: one before it was."""
    return f"{split.key}?{number}{'+' if some else '-'}" if number else _before(split.key)


def _arrival(join: str, split: str, number: int | str) -> str:
    """Where the branch of this number comes to its join."""
    return f"{join}:{split}:{number}"


def _after_end(net: Net, spot: Spot) -> list[str]:
    if spot.beside:
        return []
    return _out(net, net.spot(spot.around)) if spot.around else [END]


def _out(net: Net, spot: Spot) -> list[str]:
    return [_to(net, spot, flow) for flow in spot.node.outgoing]


def _to(net: Net, spot: Spot, flow: Flow) -> str:
    target = net.beyond(spot, flow)
    if not target.joins:
        return _before(target.key)
    if target.node.kind == "inclusiveGateway":
        split = net.splits[target.key]
        branch = next((each for each in reversed(spot.way) if each.startswith(f"{split}:")), "")
        number = branch.rpartition(":")[2] or _number(net.spot(split), flow)
        return _arrival(target.key, split, number)
    return f"{target.key}:{flow.id}"


def _number(split: Spot, flow: Flow) -> str:
    """Of a branch without anything in it."""
    return str(split.node.outgoing.index(flow))


def _before(key: str) -> str:
    return f"at {key}"


def _returns(definition: Definition, net: Net) -> Iterator[tuple[str, str, str]]:
    """(label, from, to) of every return that moves one token, and of going straight back."""
    steps = [spot for spot in net.spots.values() if spot.node.kind == "userTask"]
    for here in steps:
        allowed = definition.step(here.node.id).properties.get("return_to", "").split()
        for there in steps:
            ident = there.node.id
            if here is there or not _one_token(here, there) or (allowed and ident not in allowed):
                continue
            yield f"{here.node.id}>{ident}", here.key, there.key
            yield f"{ident}>>{here.node.id}", there.key, here.key


def _one_token(here: Spot, there: Spot) -> bool:
    """Whether a jump leaves no block and enters none."""
    blocks = [tuple(each for each in spot.way if ":" in each) for spot in (here, there)]
    return blocks[0] == blocks[1]


def pnml(definition: Definition) -> str:
    """The net as a file, with its final marking."""
    net = petri(definition)
    places = {name: f"p{number}" for number, name in enumerate(sorted(net.places))}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<pnml xmlns="{PNML}">',
        f'<net id={quoteattr(definition.process_id)} type="{TYPE}"><page id="page">',
        f"<name><text>{escape(definition.name)}</text></name>",
    ]
    for name, ident in places.items():
        marked = "<initialMarking><text>1</text></initialMarking>" if name == BEGIN else ""
        lines.append(
            f'<place id="{ident}"><name><text>{escape(name)}</text></name>{marked}</place>'
        )
    for number, (label, before, after) in enumerate(net.transitions):
        lines += _transition(f"t{number}", label, before, after, places)
    lines.append("</page><finalmarkings><marking>")
    lines.append(f'<place idref="{places[END]}"><text>1</text></place>')
    lines.append("</marking></finalmarkings></net></pnml>")
    return "\n".join(lines)


def _transition(
    ident: str,
    label: str,
    before: Sequence[str],
    after: Sequence[str],
    places: dict[str, str],
) -> Iterator[str]:
    silent = (
        f'<toolspecific tool="ProM" version="6.4" activity="$invisible$" localNodeID="{ident}"/>'
    )
    name = escape(label or ident)
    yield f'<transition id="{ident}"><name><text>{name}</text></name>'
    yield f"{'' if label else silent}</transition>"
    for number, place in enumerate(before):
        yield f'<arc id="{ident}i{number}" source="{places[place]}" target="{ident}"/>'
    for number, place in enumerate(after):
        yield f'<arc id="{ident}o{number}" source="{ident}" target="{places[place]}"/>'
