"""Publish checks of what a step does by rule: whom it asks instead, and when it is passed by."""

from collections.abc import Collection, Mapping
from typing import Any

from app.workflow.bundle import Bundle
from app.workflow.graph import Graph, Node
from app.workflow.parser import groups, outcomes

OF_ROLES = ("nobody", "drafter", "next_level")
SKIPPING = ("same_person", "nobody", "drafter")


def check_policies(
    bundle: Bundle, graph: Graph, node: Node, roles: Collection[str], forms: Mapping[str, Any]
) -> None:
    """Policies are for steps of roles; only what nobody has to decide or confirm may be skipped."""
    found = node.properties
    if not groups(node) and any(name in found for name in OF_ROLES):
        sentence = "属性 nobody、drafter、next_level 只用于由角色办理的环节，请删去"
        bundle.fault(graph, node, sentence)
    _check_next_level(bundle, graph, node, roles)
    offered = [outcome.key for outcome in outcomes(graph, node)]
    key = found.get("skip_outcome")
    if key and key not in offered:
        bundle.fault(
            graph, node, f"属性 skip_outcome“{key}”不在此环节的结果之中，请改为图上画出的结果"
        )
    if not any(found.get(name) == "skip" for name in SKIPPING):
        return
    if len(offered) > 1 and not key:
        bundle.fault(graph, node, "有几种结果，请用属性 skip_outcome 写明跳过时走哪一种")
    why = _why_not_skipped(bundle, graph, node, forms)
    if why:
        bundle.fault(graph, node, f"{why}，不能按规则跳过")


def _check_next_level(bundle: Bundle, graph: Graph, node: Node, roles: Collection[str]) -> None:
    listed = [each.strip() for each in node.properties.get("next_level", "").split(",")]
    named = [each for each in listed if each]
    for role in named:
        if role not in roles:
            bundle.fault(graph, node, f"属性 next_level 中没有角色“{role}”，请改为已有的角色")
    asked = "next_level" in (node.properties.get("nobody"), node.properties.get("drafter"))
    if asked and not named:
        bundle.fault(graph, node, "送上一级办理的，请用属性 next_level 写明上一级的角色")


def _why_not_skipped(
    bundle: Bundle, graph: Graph, node: Node, forms: Mapping[str, Any]
) -> str | None:
    if node.properties.get("sign_off") == "yes":
        return "签发须由本人作出"
    if any(holder.repeat is not None for _, holder in bundle.around(graph, node)):
        return "会签须由每个人作出"
    form = forms.get(node.camunda.get("formKey", ""))
    if form is not None and any(field.required for field in form.fields):
        return "表单有必填的内容"
    if {"next_to", "next_department_to"} & node.properties.keys():
        return "此环节指定以后的办理人"
    topic = _set_off(bundle, graph, node)
    if topic:
        return f"此环节之后自动执行“{topic}”，须由人确认"
    return None


def _set_off(bundle: Bundle, graph: Graph, node: Node) -> str | None:
    """The first service task that the end of a step sets off before anybody else acts."""
    waiting = [(graph, flow.target) for flow in node.outgoing]
    seen: set[tuple[str, str]] = set()
    while waiting:
        place, ident = waiting.pop()
        here = place.nodes.get(ident)
        if here is None or (place.id, ident) in seen:
            continue
        seen.add((place.id, ident))
        if here.kind == "serviceTask":
            return here.label
        waiting += _following(bundle, place, here)
    return None


def _following(bundle: Bundle, graph: Graph, node: Node) -> list[tuple[Graph, str]]:
    """Where a token goes on at once: into an inner process, and out of it again."""
    if node.kind in ("userTask", "intermediateCatchEvent"):
        return []
    inner = bundle.inside(node)
    if inner is not None:
        return [(inner, start.id) for start in inner.starts]
    if node.kind == "endEvent":
        outside = bundle.holders(graph)
        return [(outer, flow.target) for outer, holder in outside for flow in holder.outgoing]
    return [(graph, flow.target) for flow in node.outgoing]
