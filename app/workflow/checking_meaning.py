"""Publish checks of what the drawing says: choices, people, forms, signings, properties."""

from collections.abc import Collection, Mapping
from typing import Any

from app.workflow import signings
from app.workflow.blocks import Chain, way_in
from app.workflow.bundle import Bundle
from app.workflow.checking_policies import check_policies
from app.workflow.expressions import DURATION, NAME, ExpressionError, condition, reference
from app.workflow.fields import COUNTING, is_reserved
from app.workflow.graph import Flow, Graph, Node, choices
from app.workflow.parser import groups, outcomes
from app.workflow.tokens import LOGIN

WORDS = {
    "opinion": ("required", "optional"),
    "stage": ("review", "handling"),
    "choose": ("one", "many"),
    "must_choose": ("yes", "no"),
    "pass_on": ("yes", "no"),
    "sign_off": ("yes", "no"),
    "checklist": ("yes", "no"),
    "joint": ("yes", "no"),
    "withdraw": ("yes", "no"),
    "batch": ("yes", "no"),
    "same_person": ("ask", "skip"),
    "nobody": ("stop", "skip", "next_level"),
    "drafter": ("ask", "skip", "next_level", "stop"),
    "requires": ("unsigned", "signed", "numbered", "sealed", "dispatched"),
}


def check_meaning(
    bundle: Bundle,
    roles: Collection[str],
    forms: Mapping[str, Any],
    topics: Collection[str],
) -> None:
    for top in bundle.tops.values():
        flow = top.properties.get("flow")
        if flow not in (None, "request"):
            bundle.fault(
                top, None, f"流程属性 flow 只能是 request（审批事项），现为“{flow}”，请改正或删去"
            )
    for graph, node in bundle.nodes("exclusiveGateway", "inclusiveGateway"):
        _check_choice(bundle, graph, node)
    for graph, node in bundle.nodes("userTask"):
        _check_people(bundle, graph, node, roles)
        key = node.camunda.get("formKey")
        if key and key not in forms:
            bundle.fault(graph, node, f"没有编号为“{key}”的表单，请先保存表单或改正 formKey")
        _check_properties(bundle, graph, node)
        _check_batch(bundle, graph, node, forms)
        check_policies(bundle, graph, node, roles, forms)
        _check_return(bundle, graph, node)
    for graph, node in bundle.nodes("serviceTask"):
        topic = node.camunda.get("topic", "")
        if topic and topic not in topics:
            known = "、".join(sorted(topics)) or "无"
            bundle.fault(graph, node, f"主题“{topic}”没有登记，请改用已有的主题：{known}")
    for graph, node in bundle.nodes():
        if node.repeat is not None:
            _check_signing(bundle, graph, node)


def _uses_outcome(flow: Flow) -> bool:
    try:
        return flow.condition is not None and "outcome" in condition(flow.condition).names
    except ExpressionError:
        return False  # reading has said so


def _check_choice(bundle: Bundle, graph: Graph, gateway: Node) -> None:
    keyed = [flow for flow in gateway.outgoing if flow.outcome]
    loose = [flow for flow in gateway.outgoing if _uses_outcome(flow) and not flow.outcome]
    for flow in loose:
        sentence = "outcome 只能写成 outcome == '结果'，不能与其他条件混用，请画成先后两个网关"
        bundle.fault(graph, gateway, sentence, flow.line)
    if keyed:
        _check_outcomes(bundle, graph, gateway, keyed)
        return
    if len(gateway.outgoing) < 2:
        return
    if not any(flow.default for flow in gateway.outgoing):
        bundle.fault(graph, gateway, "没有默认连线：所有条件都不成立时无路可走，请指定一条默认连线")
    for flow in gateway.outgoing:
        if flow.default and flow.condition is not None:
            bundle.fault(graph, gateway, "默认连线不写条件，请删去条件", flow.line)
        if not flow.default and flow.condition is None:
            sentence = f"连线“{flow.name or flow.id}”没有条件，请写明条件或设为默认"
            bundle.fault(graph, gateway, sentence, flow.line)


def _check_outcomes(bundle: Bundle, graph: Graph, gateway: Node, keyed: list[Flow]) -> None:
    if gateway.kind != "exclusiveGateway":
        bundle.fault(graph, gateway, "处理结果的选择用了其他网关，请改为排他网关")
    if len(keyed) < len(gateway.outgoing):
        bundle.fault(graph, gateway, "处理结果与其他条件不能画在同一网关上，请画成先后两个网关")
    if any(graph.nodes[flow.source].kind != "userTask" for flow in gateway.incoming):
        bundle.fault(
            graph,
            gateway,
            "处理结果的网关须紧接在用户任务之后，其他元素不能连入，请把其他连线改接到别处",
        )
    labels = [flow.name for flow in keyed]
    for flow in keyed:
        if not flow.name:
            sentence = (
                f"结果 {flow.outcome} 的连线没有名称，办理人将看不到选项文字，请写上结果的名称"
            )
            bundle.fault(graph, gateway, sentence, flow.line)
        elif labels.count(flow.name) > 1:
            bundle.fault(graph, gateway, f"有两条连线都叫“{flow.name}”，请改成不同名称", flow.line)
    keys = [flow.outcome for flow in keyed]
    for key in sorted({str(key) for key in keys if keys.count(key) > 1}):
        bundle.fault(
            graph, gateway, f"结果 {key} 画了两条连线，只会走第一条，请删去或改成不同的结果"
        )


def _check_people(bundle: Bundle, graph: Graph, node: Node, roles: Collection[str]) -> None:
    assignee, listed = node.camunda.get("assignee"), groups(node)
    if bool(assignee) == bool(listed):
        bundle.fault(
            graph,
            node,
            "办理人须在 assignee（某人）和 candidateGroups（角色）中恰选一种，"
            "请选定办理岗位或删去一种",
        )
    for role in listed:
        if role not in roles:
            bundle.fault(graph, node, f"没有角色“{role}”，请改为已有的角色")
    if assignee and "$" in assignee and not (assignee[0] == "$" and reference(assignee)):
        bundle.fault(graph, node, f"办理人“{assignee}”应写成 ${{字段名}} 或一个登录名，请改正")
    elif assignee and "$" not in assignee and not LOGIN.match(assignee):
        bundle.fault(
            graph, node, f"办理人“{assignee}”不是登录名，请改为登录名、${{字段名}} 或办理岗位"
        )


def _check_properties(bundle: Bundle, graph: Graph, node: Node) -> None:
    for name, allowed in WORDS.items():
        value = node.properties.get(name)
        if value and value not in allowed:
            bundle.fault(
                graph,
                node,
                f"属性 {name} 只能是 {' 或 '.join(allowed)}，现为“{value}”，请改为其中一个",
            )
    limit = node.properties.get("limit")
    if limit and not DURATION.match(limit):
        bundle.fault(graph, node, f"时限“{limit}”应写成 P1D、PT2H 这样的形式，请改正")
    # Who only fills in a form does not review. Without a limit no hours are counted (DDL-06).
    if limit and node.properties.get("opinion") != "optional" and "stage" not in node.properties:
        sentence = "有时限又须写意见，请用属性 stage 写明是审批（review）还是办理（handling）"
        bundle.fault(graph, node, sentence)
    key = node.properties.get("outcome")
    if key and choices(graph, node):
        bundle.fault(graph, node, "后面已有处理结果的网关，请删去属性 outcome")
    if key and not NAME.match(key):
        bundle.fault(
            graph, node, f"属性 outcome“{key}”应以小写字母开头，只含字母、数字和下划线，请改正"
        )
    if key and not node.properties.get("outcome_label"):
        bundle.fault(graph, node, "结果没有名称，请用属性 outcome_label 写明")
    offered = [outcome.key for outcome in outcomes(graph, node)]
    for wanted in node.properties.get("reason_for", "").split():
        if wanted not in offered:
            sentence = (
                f"属性 reason_for 中的结果“{wanted}”不在此环节的结果之中，请改为图上画出的结果"
            )
            bundle.fault(graph, node, sentence)


def _check_batch(bundle: Bundle, graph: Graph, node: Node, forms: Mapping[str, Any]) -> None:
    """Done for many documents at once is only what asks nobody to decide about each of them."""
    if node.properties.get("batch") != "yes":
        return
    form = forms.get(node.camunda.get("formKey", ""))
    hindrances = {
        "是签发环节": node.properties.get("sign_off") == "yes",
        "有审查清单": node.properties.get("checklist") == "yes",
        "是多人办理的环节": node.repeat is not None,
        "不是恰有一个结果": len(outcomes(graph, node)) != 1,
        "要由办理人选择下一步人员": "choose" in node.properties,
        "表单中有必填项": form is not None and any(each.required for each in form.fields),
    }
    for why, hinders in hindrances.items():
        if hinders:
            bundle.fault(graph, node, f"本环节{why}，须逐件办理，不能批量办理，请删去属性 batch")


def _check_return(bundle: Bundle, graph: Graph, node: Node) -> None:
    """Return targets must be legal by the block rule, seen from this step outwards."""
    wanted = node.properties.get("return_to", "").split()
    if not wanted or wanted == ["none"]:
        return
    for target in wanted:
        if not any(_leads_to(bundle, *around, target) for around in bundle.around(graph, node)):
            why = "没有这个环节，或它在另一条并行分支之内，请改退到该分支之前的环节"
            sentence = f"不能退回到“{target}”：{why}"
            bundle.fault(graph, node, sentence)


def _leads_to(bundle: Bundle, outer: Graph, place: Node, target: str) -> bool:
    def held(node: Node) -> tuple[Graph, Mapping[str, Chain]] | None:
        inner = bundle.inside(node)
        return (inner, bundle.found[inner.id].chains) if inner else None

    way = way_in(outer, target, held)
    if way is None or not any(node.id == target for _, node in bundle.nodes("userTask")):
        return False
    chains = bundle.found[outer.id].chains
    return chains[way[0]] == chains[place.id][: len(chains[way[0]])]


def _check_signing(bundle: Bundle, graph: Graph, node: Node) -> None:
    repeat = node.repeat
    if repeat is None:
        return
    if (repeat.collection is None) == (repeat.cardinality is None):
        bundle.fault(
            graph, node, "多人办理须写明人员名单（collection）或份数，二者取一，请补上或删去一种"
        )
    if repeat.collection is not None and reference(repeat.collection) is None:
        bundle.fault(graph, node, f"人员名单“{repeat.collection}”应是一个字段名，请改正")
    element = repeat.element
    if repeat.collection is not None and not element:
        bundle.fault(graph, node, "请写明逐人变量名（elementVariable）")
    if element and (not NAME.match(element) or is_reserved(element)):
        bundle.fault(graph, node, f"逐人变量名“{element}”不可用，请换一个")
    offered = [outcome.key for outcome in outcomes(graph, node)]
    _check_quorum(bundle, graph, node, offered)
    _check_condition(bundle, graph, node, offered)


def _check_quorum(bundle: Bundle, graph: Graph, node: Node, offered: list[str]) -> None:
    text = node.properties.get("quorum")
    if text is None:
        return
    match = signings.QUORUM.match(text)
    if not match or int(match[2]) > int(match[3]):
        bundle.fault(graph, node, f"通过比例“{text}”应写成 approve:2/3 这样的形式，请改正")
    elif match[1] not in offered:
        bundle.fault(
            graph, node, f"通过比例中的结果“{match[1]}”不在此环节的结果之中，请改为图上画出的结果"
        )


def _check_condition(bundle: Bundle, graph: Graph, node: Node, offered: list[str]) -> None:
    text = node.repeat.condition if node.repeat else None
    if text is None:
        return
    try:
        names = condition(text.strip()).names
    except ExpressionError:
        return  # reading has said so
    for name in sorted(names - COUNTING - {f"votes_{key}" for key in offered}):
        bundle.fault(
            graph, node, f"完成条件里不能用“{name}”，请改用 nrOf…Instances、votes_结果、quorum_met"
        )
