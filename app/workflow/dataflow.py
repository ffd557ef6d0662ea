"""Publish checks of fields: each name used is declared, fits, and has a value by then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.workflow import topics
from app.workflow.bundle import Bundle
from app.workflow.expressions import (
    ExpressionError,
    condition,
    count,
    is_time_literal,
    moment,
    reference,
)
from app.workflow.fields import COUNTING, Kind, is_reserved
from app.workflow.graph import Graph, Node

LABELS = {
    Kind.TEXT: "文字",
    Kind.PERSON: "人员",
    Kind.DATE: "日期",
    Kind.NUMBER: "数字",
    Kind.YES_NO: "是/否",
    Kind.LIST: "列表",
}
SIMILAR = {Kind.TEXT, Kind.PERSON, Kind.DATE}


@dataclass(frozen=True)
class Use:
    """A name used at a node, and the kinds that would do there; () for any."""

    name: str
    kinds: tuple[Kind, ...]
    line: int


def check_fields(bundle: Bundle, forms: Mapping[str, Any], variables: Mapping[str, Kind]) -> None:
    given = _given(bundle, variables)
    sets = {node.id: set_by(node, forms) for _, node in bundle.nodes()}
    known = declared(bundle, forms, variables)
    for graph, node in bundle.nodes():
        for name, kind in sets[node.id].items():
            old = known[name]
            if old != kind and not {old, kind} <= SIMILAR:
                sentence = (
                    f"字段“{name}”在这里是{LABELS[kind]}，在别处是{LABELS[old]}，请改成不同的名字"
                )
                bundle.fault(graph, node, sentence)
    flow = _Flow(bundle, {ident: set(names) for ident, names in sets.items()})
    for root in bundle.roots:
        flow.enter(root, set(given))
    for graph, node in bundle.nodes():
        _check_uses(bundle, graph, node, known, flow.before.get(node.id))


def declared(
    bundle: Bundle, forms: Mapping[str, Any], variables: Mapping[str, Kind]
) -> dict[str, Kind]:
    """Every variable that a case of these processes may have."""
    found = _given(bundle, variables)
    for _, node in bundle.nodes():
        for name, kind in set_by(node, forms).items():
            found.setdefault(name, kind)
    return found


def _given(bundle: Bundle, variables: Mapping[str, Kind]) -> dict[str, Kind]:
    given = dict(variables)
    for top in bundle.tops.values():
        given.update(_own_variables(bundle, top))
    return given


def _own_variables(bundle: Bundle, top: Graph) -> dict[str, Kind]:
    """Property ``variables`` of a process: ``name:kind`` separated by spaces."""
    found = {}
    for item in top.properties.get("variables", "").split():
        name, _, kind = item.partition(":")
        if kind in list(Kind) and not is_reserved(name):
            found[name] = Kind(kind)
        else:
            bundle.fault(top, None, f"流程变量“{item}”应写成 名字:种类，种类为 {'、'.join(Kind)}")
    return found


def set_by(node: Node, forms: Mapping[str, Any]) -> dict[str, Kind]:
    """Variables that certainly have a value after this node."""
    if node.kind == "serviceTask":
        return dict(topics.results_of(node.camunda.get("topic", "")))
    form = forms.get(node.camunda.get("formKey", ""))
    return {field.key: field.kind for field in form.fields} if form is not None else {}


class _Flow:
    """What is set before each node, on every way to it; unknown means not reached yet."""

    def __init__(self, bundle: Bundle, sets: Mapping[str, set[str]]) -> None:
        self.bundle = bundle
        self.sets = sets
        self.before: dict[str, set[str]] = {}
        self.active: set[str] = set()

    def enter(self, graph: Graph, given: set[str]) -> set[str]:
        """Play a process from what is set at its start; returns what is set at its end."""
        if graph.id in self.active or len(graph.starts) != 1:
            return given
        self.active.add(graph.id)
        here: dict[str, set[str]] = {graph.starts[0].id: given}
        while self._lap(graph, here):
            pass
        self.active.discard(graph.id)
        for ident, names in here.items():
            self.before[ident] = self.before[ident] & names if ident in self.before else names
        ends = [here[each] for each in here if graph.nodes[each].kind == "endEvent"]
        return set.intersection(*ends) if ends else given

    def _lap(self, graph: Graph, here: dict[str, set[str]]) -> bool:
        """One round over all nodes; False when nothing has changed. Sets only shrink."""
        changed = False
        for node in graph.nodes.values():
            new = self._arriving(graph, node, here)
            if new is not None and new != here.get(node.id):
                here[node.id], changed = new, True
        return changed

    def _arriving(self, graph: Graph, node: Node, here: dict[str, set[str]]) -> set[str] | None:
        """Set on every way to this node; None while no way to it is known."""
        if node.kind == "startEvent":
            return here.get(node.id)
        if node.attached_to:
            return here.get(node.attached_to)
        sources = [flow.source for flow in node.incoming]
        ways = [self._after(graph.nodes[each], here[each]) for each in sources if each in here]
        if node.kind == "parallelGateway":  # waits for all, so that what each has set stands
            return set[str]().union(*ways) if len(ways) == len(sources) and ways else None
        return set.intersection(*ways) if ways else None

    def _after(self, node: Node, names: set[str]) -> set[str]:
        inner = self.bundle.inside(node)
        after = names | self.sets[node.id]
        return after | self.enter(inner, names) if inner is not None else after


def _check_uses(
    bundle: Bundle,
    graph: Graph,
    node: Node,
    declared: Mapping[str, Kind],
    known: set[str] | None,
) -> None:
    elements = {
        holder.repeat.element
        for _, holder in bundle.around(graph, node)
        if holder.repeat is not None
    }
    if node.repeat is not None and node.repeat.element in declared:
        bundle.fault(graph, node, f"逐人变量名“{node.repeat.element}”与流程变量重名，请换一个")
    for use in uses(node):
        if use.name in elements or use.name == "outcome" or is_reserved(use.name):
            continue
        kind = declared.get(use.name)
        if kind is None:
            sentence = (
                f"字段“{use.name}”没有声明：没有表单填写它，也不是流程变量，"
                "请在之前的表单中加上这一栏，或改用已有的字段"
            )
            bundle.fault(graph, node, sentence, use.line)
        elif use.kinds and kind not in use.kinds:
            wanted = "或".join(LABELS[each] for each in use.kinds)
            sentence = f"字段“{use.name}”是{LABELS[kind]}，这里需要{wanted}，请改用种类相符的字段"
            bundle.fault(graph, node, sentence, use.line)
        elif known is not None and use.name not in known:
            sentence = f"字段“{use.name}”走到这里时不一定有值，请在之前的必经环节填写"
            bundle.fault(graph, node, sentence, use.line)


def uses(node: Node) -> list[Use]:
    """Values that an element looks at: for its people, its time, and the ways that leave it."""
    found = []
    assignee = node.camunda.get("assignee", "")
    if assignee.startswith("${"):
        found.append(Use(reference(assignee) or "", (Kind.PERSON, Kind.TEXT), node.line))
    repeat = node.repeat
    if repeat is not None and reference(repeat.collection):
        found.append(Use(reference(repeat.collection) or "", (Kind.LIST,), node.line))
    try:
        if repeat is not None and repeat.cardinality is not None:
            number = count(repeat.cardinality)
            found += [Use(number, (Kind.NUMBER,), node.line)] if isinstance(number, str) else []
        if node.timer is not None and not is_time_literal(moment(node.timer)):
            found.append(Use(moment(node.timer), (Kind.DATE,), node.line))
        scope = node.properties.get("scope")
        if scope:
            found.append(Use(scope, (Kind.TEXT,), node.line))
        for flow in node.outgoing:
            found += _in_condition(flow.condition, flow.line)
    except ExpressionError:
        return found  # reading has said so
    return [use for use in found if use.name and use.name not in COUNTING]


def _in_condition(text: str | None, line: int) -> list[Use]:
    if text is None:
        return []
    compiled = condition(text)
    found = []
    for name in sorted(compiled.names):
        kinds: tuple[Kind, ...] = ()
        if name in compiled.flags:
            kinds = (Kind.YES_NO,)
        elif name in compiled.lists:
            kinds = (Kind.LIST,)
        elif name in compiled.ordered:
            kinds = (Kind.NUMBER, Kind.DATE)
        found.append(Use(name, kinds, line))
    return found
