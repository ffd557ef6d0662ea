"""Two drawings element by element: what was added, removed, changed or moved, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.workflow.differing import fields, words
from app.workflow.differing.drawn import STATIONS, Drawn
from app.workflow.graph import Graph, Node


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One sentence. ``about``: steps, flows, people, limits, forms, returns, policies, clauses.

    element  "" where it concerns the process or a form as a whole
    """

    element: str
    kind: Kind
    about: str
    words: str


@dataclass(frozen=True)
class Differences:
    """changes: in words; marks: element or flow → what to colour it as, moved ones included."""

    changes: tuple[Change, ...]
    marks: Mapping[str, Kind]

    @property
    def removed(self) -> Mapping[str, Kind]:
        """What only the older drawing still shows."""
        return {ident: kind for ident, kind in self.marks.items() if kind is Kind.REMOVED}


ABOUT: Mapping[str, str] = {
    "limit": "limits",
    "return_to": "returns",
    "withdraw": "returns",
    "rule": "clauses",
    "clause": "clauses",
    "next_level": "people",
    "scope": "people",
    "choose": "people",
    "must_choose": "people",
}
LABELS: Mapping[str, str] = {
    "steps": "步骤",
    "flows": "走向",
    "people": "办理人",
    "limits": "时限",
    "forms": "表单",
    "returns": "退回与撤回",
    "policies": "办理方式",
    "clauses": "依据条款",
}


def compare(old: Drawn, new: Drawn, roles: Mapping[str, str]) -> Differences:
    """What the second one changes. ``roles``: label by key."""
    comparison = _Comparison(old, new, roles)
    told = (replace(each, words=words.spaced(each.words)) for each in comparison.changes())
    changes = tuple(dict.fromkeys(told))
    return Differences(changes, comparison.marks(changes))


@dataclass(frozen=True)
class _Comparison:
    old: Drawn
    new: Drawn
    roles: Mapping[str, str]

    def changes(self) -> Iterator[Change]:
        yield from self._processes()
        for ident in self.new.nodes:
            if ident not in self.old.nodes:
                yield from self._added(ident)
        for ident in self.old.nodes:
            if ident not in self.new.nodes:
                yield from self._removed(ident)
        for ident in self.new.nodes:
            if ident in self.old.nodes:
                yield from self._element(ident)
        for key, sentence in fields.changes(self.old, self.new):
            yield Change("", Kind.CHANGED, "forms", f"{self._form(key)}{sentence}")

    def marks(self, changes: tuple[Change, ...]) -> dict[str, Kind]:
        found = {each.element: Kind.CHANGED for each in changes if each.element in self.new.nodes}
        found |= self._marks_of_flows()
        for old, new in ((self.old.nodes, self.new.nodes), (self.old.flows, self.new.flows)):
            found |= {ident: Kind.ADDED for ident in new if ident not in old}
            found |= {ident: Kind.REMOVED for ident in old if ident not in new}
        for ident, place in self.new.places.items():
            if ident in self.old.places and self.old.places[ident] != place:
                found.setdefault(ident, Kind.MOVED)
        return found

    def _marks_of_flows(self) -> dict[str, Kind]:
        return {
            ident: Kind.CHANGED
            for ident, (_, flow) in self.new.flows.items()
            if ident in self.old.flows and _said(flow) != _said(self.old.flows[ident][1])
        }

    def _processes(self) -> Iterator[Change]:
        for ident, top in self.new.tops.items():
            before = self.old.tops.get(ident)
            if before is None:
                yield Change(ident, Kind.ADDED, "steps", f"新增流程“{top.name or ident}”。")
                continue
            if before.name != top.name:
                sentence = f"流程“{before.name}”改名为“{top.name}”。"
                yield Change(ident, Kind.CHANGED, "steps", sentence)
            yield from self._properties(ident, f"流程“{top.name or ident}”", before, top)
        for ident, top in self.old.tops.items():
            if ident not in self.new.tops:
                yield Change(ident, Kind.REMOVED, "steps", f"删去流程“{top.name or ident}”。")

    def _added(self, ident: str) -> Iterator[Change]:
        graph, node = self.new.nodes[ident]
        if graph.id not in self.old.graphs or _unsaid(node):
            return
        what = f"{words.KINDS[node.kind]}“{node.label}”"
        if node.attached_to:
            host = self.new.label(node.attached_to)
            sentence = f"{host}新增{what}：{words.duration(node.timer or '')}。"
            yield Change(ident, Kind.ADDED, "limits", sentence)
            return
        sentence = f"{what}新增于{self._after(self.new, ident)}。"
        yield Change(ident, Kind.ADDED, "steps", sentence)
        if node.kind == "userTask":
            limit = words.value("limit", node.properties.get("limit"), self.roles, {})
            sentence = f"{what}由{words.acting(node, self.roles)}办理，时限：{limit}。"
            yield Change(ident, Kind.ADDED, "people", sentence)

    def _removed(self, ident: str) -> Iterator[Change]:
        graph, node = self.old.nodes[ident]
        if graph.id not in self.new.graphs or _unsaid(node):
            return
        place = self.old.label(node.attached_to) if node.attached_to else ""
        place = place or self._after(self.old, ident)
        sentence = f"{words.KINDS[node.kind]}“{node.label}”删去（原在{place}）。"
        yield Change(ident, Kind.REMOVED, "steps", sentence)

    def _element(self, ident: str) -> Iterator[Change]:
        (_, before), (_, after) = self.old.nodes[ident], self.new.nodes[ident]
        label = f"“{after.label}”"
        if before.kind != after.kind:
            one, two = words.KINDS[before.kind], words.KINDS[after.kind]
            yield Change(ident, Kind.CHANGED, "steps", f"{label}由{one}改为{two}。")
        if before.name != after.name and not _unsaid(after):
            sentence = f"“{before.label}”改名为{label}。"
            yield Change(ident, Kind.CHANGED, "steps", sentence)
        for about, name, one, two in self._attributes(before, after):
            if one != two:
                sentence = f"{label}{name}由{one}改为{two}。"
                yield Change(ident, Kind.CHANGED, about, sentence)
        yield from self._properties(ident, label, before, after)
        if before.documentation != after.documentation:
            yield Change(ident, Kind.CHANGED, "clauses", f"{label}的说明有改动。")
        yield from self._ways(ident, label)

    def _attributes(self, before: Node, after: Node) -> list[tuple[str, str, str, str]]:
        def pair(key: str) -> tuple[str, str]:
            return before.camunda.get(key, "") or "未设", after.camunda.get(key, "") or "未设"

        one, two = words.acting(before, self.roles), words.acting(after, self.roles)
        timers = (words.duration(before.timer or "未设"), words.duration(after.timer or "未设"))
        return [
            ("people", "办理人", one, two),
            ("people", "多人办理", words.repeat(before.repeat), words.repeat(after.repeat)),
            ("forms", "表单", *pair("formKey")),
            ("policies", "自动处理", *pair("topic")),
            ("limits", "定时", *timers),
            ("limits", "到时", _interrupts(before), _interrupts(after)),
            ("steps", "调用的流程", before.called or "未设", after.called or "未设"),
        ]

    def _properties(
        self, ident: str, label: str, before: Node | Graph, after: Node | Graph
    ) -> Iterator[Change]:
        one, two = before.properties, after.properties
        for name in dict.fromkeys((*two, *one)):
            if one.get(name, "") == two.get(name, "") or name == "outcome_label":
                continue  # the name of a way out is told with the ways
            about = ABOUT.get(name, "policies")
            title = words.PROPERTIES.get(name, name)
            if name == "clause":
                yield Change(ident, Kind.CHANGED, about, f"{label}{title}有改动。")
                continue
            was = words.value(name, one.get(name), self.roles, self._labels(self.old))
            now = words.value(name, two.get(name), self.roles, self._labels(self.new))
            yield Change(ident, Kind.CHANGED, about, f"{label}{title}由{was}改为{now}。")

    def _ways(self, ident: str, label: str) -> Iterator[Change]:
        """Ways out, with what was added and removed looked through: that is told already."""
        if self.new.nodes[ident][1].kind not in (*STATIONS, "startEvent"):
            yield from self._conditions(ident, label)
            return
        added = self.new.nodes.keys() - self.old.nodes.keys()
        removed = self.old.nodes.keys() - self.new.nodes.keys()
        before, after = self.old.ways(ident, removed), self.new.ways(ident, added)
        if set(before) != set(after) and len(before) == len(after) == 1:
            after = dict(zip(before, after.values(), strict=True))
        for key, (name, targets) in after.items():
            if key not in before:
                there = self._stations(self.new, self.new.ways(ident, ())[key][1])
                sentence = f"{label}新增结果“{name}”，之后为{there}。"
                yield Change(ident, Kind.CHANGED, "flows", sentence)
                continue
            was, places = before[key]
            if was != name:
                sentence = f"{label}的结果“{was}”改名为“{name}”。"
                yield Change(ident, Kind.CHANGED, "flows", sentence)
            if places != targets:
                way = f"的结果“{name}”" if len(after) > 1 else ""
                one, two = self._stations(self.old, places), self._stations(self.new, targets)
                sentence = f"{label}{way}之后由{one}改为{two}。"
                yield Change(ident, Kind.CHANGED, "flows", sentence)
        for key, (name, _) in before.items():
            if key not in after:
                yield Change(ident, Kind.CHANGED, "flows", f"{label}删去结果“{name}”。")

    def _conditions(self, ident: str, label: str) -> Iterator[Change]:
        (_, before), (_, after) = self.old.nodes[ident], self.new.nodes[ident]
        if len(after.outgoing) < 2 and len(before.outgoing) < 2:
            return
        conditions = {flow.target: flow for flow in before.outgoing}
        for flow in after.outgoing:
            was = conditions.get(flow.target)
            if was is None or flow.outcome or was.outcome:
                continue
            one, two = was.condition or "默认", flow.condition or "默认"
            if one != two:
                there = self.new.label(flow.target)
                sentence = f"网关{label}到{there}的条件由“{one}”改为“{two}”。"
                yield Change(ident, Kind.CHANGED, "flows", sentence)

    def _after(self, side: Drawn, ident: str) -> str:
        known = side.before(ident)
        names = [side.label(each) if each else "流程开始" for each in known]
        return f"{'、'.join(names)}之后" if names else "流程中"

    def _stations(self, side: Drawn, idents: tuple[str, ...]) -> str:
        return "、".join(side.label(each) for each in idents) or "流程结束"

    def _labels(self, side: Drawn) -> dict[str, str]:
        return {ident: node.label for ident, (_, node) in side.nodes.items()}

    def _form(self, key: str) -> str:
        side = self.new if key in self.new.forms else self.old
        users = [
            node.label for _, node in side.nodes.values() if node.camunda.get("formKey") == key
        ]
        return f"表单“{key}”（{'、'.join(users)}）" if users else f"表单“{key}”"


def _said(flow: object) -> tuple[object, ...]:
    names = ("source", "target", "name", "condition", "default")
    return tuple(getattr(flow, name) for name in names)


def _unsaid(node: Node) -> bool:
    """Gateways are told by the ways of the steps around them, unless they have a name."""
    return node.kind.endswith("Gateway") and not node.name


def _interrupts(node: Node) -> str:
    if node.kind != "boundaryEvent":
        return ""
    return "收走环节" if node.interrupting else "旁路提醒"
