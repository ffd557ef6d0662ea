"""A process as a table: one row per step in the order of the route, ways out below each."""

from dataclasses import dataclass

from lxml import etree

from app.workflow.allowed import BPMN
from app.workflow.editing.drawing import SPACES, Drawing, Element, is_inside, local
from app.workflow.graph import OUTCOME

LABELS = {
    "startEvent": "开始",
    "endEvent": "结束",
    "userTask": "办理环节",
    "serviceTask": "自动处理",
    "callActivity": "调用流程",
    "subProcess": "子流程",
    "exclusiveGateway": "选择",
    "inclusiveGateway": "选择（可走几条）",
    "parallelGateway": "并行",
    "boundaryEvent": "到时转走",
    "intermediateCatchEvent": "等到时间",
    "task": "任务（不能运行）",
    "scriptTask": "脚本任务（不能运行）",
    "manualTask": "手工任务（不能运行）",
}
REMOVABLE = ("Task", "task", "callActivity", "subProcess")


@dataclass(frozen=True)
class Way:
    """One way out.

    id         of the flow
    key        the outcome it stands for; "" where it stands for none
    condition  as drawn, where it is no outcome
    may_insert a new step may be put in here
    """

    id: str
    name: str
    key: str
    condition: str
    target: str
    target_name: str
    default: bool
    may_insert: bool


@dataclass(frozen=True)
class Row:
    """One element of a route.

    kind   what it is, in words; tag as in the file
    step   somebody acts here, and all fields of the panel may be changed
    """

    id: str
    name: str
    tag: str
    kind: str
    inside: str
    documentation: str
    ways: tuple[Way, ...]

    @property
    def step(self) -> bool:
        return self.tag == "userTask"

    @property
    def removable(self) -> bool:
        return self.tag.endswith(REMOVABLE)

    @property
    def label(self) -> str:
        return self.name or self.id


def rows(drawing: Drawing) -> list[Row]:
    """Every element of every process of the file; gateways of outcomes are ways of their step."""
    return [
        _row(drawing, holder, node)
        for holder in drawing.holders()
        for node in _in_order(drawing, holder)
        if step_before(drawing, node) is None
    ]


def is_node(element: Element) -> bool:
    if not isinstance(element.tag, str) or not is_inside(element):
        return False
    if etree.QName(element).namespace != BPMN or not element.get("id"):
        return False
    return local(element).endswith(("Event", "Gateway", *REMOVABLE, "Process", "transaction"))


def label(element: Element) -> str:
    return (element.get("name") or "").strip() or element.get("id") or ""


def outcome_of(flow: Element) -> str:
    """The outcome that a flow stands for; "" for any other condition."""
    match = OUTCOME.match((flow.findtext("bpmn:conditionExpression", "", SPACES) or "").strip())
    return match[2] if match else ""


def choice_after(drawing: Drawing, node: Element) -> Element | None:
    """The gateway with the outcomes of a step, when one follows it and follows it alone."""
    found = any_choice_after(drawing, node)
    return found if found is not None and len(drawing.incoming(found)) == 1 else None


def any_choice_after(drawing: Drawing, node: Element) -> Element | None:
    """The same, also where several steps share one."""
    leaving = drawing.outgoing(node)
    if local(node) != "userTask" or len(leaving) != 1:
        return None
    found = drawing.find(leaving[0].get("targetRef") or "")
    if found is None or local(found) != "exclusiveGateway":
        return None
    return found if any(outcome_of(each) for each in drawing.outgoing(found)) else None


def step_before(drawing: Drawing, node: Element) -> Element | None:
    """The step whose outcomes leave this gateway."""
    coming = drawing.incoming(node)
    if local(node) != "exclusiveGateway" or len(coming) != 1:
        return None
    source = drawing.find(coming[0].get("sourceRef") or "")
    if source is None or choice_after(drawing, source) is not node:
        return None
    return source


def ways_of(drawing: Drawing, node: Element) -> list[Element]:
    """The flows by which a step is left: those of its outcomes, or its own."""
    choice = choice_after(drawing, node)
    return drawing.outgoing(choice if choice is not None else node)


def _row(drawing: Drawing, holder: Element, node: Element) -> Row:
    tag = local(node)
    choice = choice_after(drawing, node)
    default = (choice if choice is not None else node).get("default")
    return Row(
        id=node.get("id") or "",
        name=(node.get("name") or "").strip(),
        tag=tag,
        kind=LABELS.get(tag, f"{tag}（不能运行）"),
        inside=label(holder),
        documentation=(node.findtext("bpmn:documentation", "", SPACES) or "").strip(),
        ways=tuple(_way(drawing, flow, default) for flow in ways_of(drawing, node)),
    )


def _way(drawing: Drawing, flow: Element, default: str | None) -> Way:
    target = drawing.find(flow.get("targetRef") or "")
    condition = (flow.findtext("bpmn:conditionExpression", "", SPACES) or "").strip()
    key = outcome_of(flow)
    return Way(
        id=flow.get("id") or "",
        name=(flow.get("name") or "").strip(),
        key=key,
        condition="" if key else condition,
        target=flow.get("targetRef") or "",
        target_name=label(target) if target is not None else "（没有接上）",
        default=flow.get("id") == default,
        may_insert=target is not None and not _before_a_choice(drawing, flow),
    )


def _before_a_choice(drawing: Drawing, flow: Element) -> bool:
    source = drawing.find(flow.get("sourceRef") or "")
    return source is not None and any_choice_after(drawing, source) is not None


def _in_order(drawing: Drawing, holder: Element) -> list[Element]:
    """From the start along the ways out; what cannot be reached comes last, in file order."""
    nodes = {each.get("id") or "": each for each in holder if is_node(each)}
    after: dict[str, list[str]] = {ident: [] for ident in nodes}
    for flow in drawing.flows(holder):
        source, target = flow.get("sourceRef") or "", flow.get("targetRef") or ""
        if source in after and target in nodes:
            after[source].append(target)
    for ident, node in nodes.items():
        host = node.get("attachedToRef")
        if host in after:
            after[host].insert(0, ident)
    found: dict[str, None] = {}
    for ident in _begins_first(nodes):
        _follow(ident, after, found)
    return [nodes[ident] for ident in found]


def _begins_first(nodes: dict[str, Element]) -> list[str]:
    return sorted(nodes, key=lambda ident: local(nodes[ident]) != "startEvent")


def _follow(start: str, after: dict[str, list[str]], found: dict[str, None]) -> None:
    waiting = [start]
    while waiting:
        ident = waiting.pop(0)
        if ident not in found:
            found[ident] = None
            waiting += after[ident]
