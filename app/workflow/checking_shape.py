"""Publish checks of the drawing itself: flows, reach, blocks, loops, calls."""

from app.workflow.bundle import Bundle
from app.workflow.graph import Graph, Node

MAX_DEPTH = 3
HOSTS = ("userTask", "subProcess", "callActivity")


def check_shape(bundle: Bundle) -> None:
    _check_names(bundle)
    for graph in bundle.graphs.values():
        _check_ends(bundle, graph)
        for node in graph.nodes.values():
            _check_flows(bundle, graph, node)
        _check_reach(bundle, graph)
        for node, message in bundle.found[graph.id].faults:
            bundle.fault(graph, node, message)
        _check_loops(bundle, graph)
    _check_depth(bundle)
    _check_calls(bundle)


def _check_names(bundle: Bundle) -> None:
    """Ids are unique over all files: a return looks outwards by id."""
    seen: dict[str, str] = {}
    for graph, node in bundle.nodes():
        taken = node.id in seen and seen[node.id] != graph.file
        if taken or (node.kind == "subProcess" and node.id in bundle.tops):
            bundle.fault(graph, node, f"编号 {node.id} 与另一流程中的重复，请改成不同的编号")
        seen.setdefault(node.id, graph.file)


def _check_ends(bundle: Bundle, graph: Graph) -> None:
    if len(graph.starts) != 1:
        bundle.fault(
            graph, None, f"应恰有一个开始事件，现有 {len(graph.starts)} 个，请补画或删去多余的"
        )
    if not any(node.kind == "endEvent" for node in graph.nodes.values()):
        bundle.fault(graph, None, "没有结束事件，请画一个")
    for flow in graph.stray:
        node = graph.nodes.get(flow.source) or graph.nodes.get(flow.target)
        sentence = f"连线 {flow.id} 的两端须接在同一流程的元素上，请重画"
        bundle.fault(graph, node, sentence, flow.line)


def _check_flows(bundle: Bundle, graph: Graph, node: Node) -> None:
    gateway = node.kind.endswith("Gateway")
    if node.kind == "boundaryEvent":
        host = graph.nodes.get(node.attached_to or "")
        if host is None or host.kind not in HOSTS:
            bundle.fault(
                graph, node, "定时器须画在用户任务、子流程或调用活动上，请移到这样的元素上"
            )
    if node.incoming and node.kind in ("startEvent", "boundaryEvent"):
        bundle.fault(graph, node, "不能有进入此事件的连线，请删去")
    if node.kind == "endEvent":
        if node.outgoing:
            bundle.fault(graph, node, "结束事件之后不能再有连线，请删去")
    elif not node.outgoing:
        bundle.fault(graph, node, "没有出口，请画一条连线到下一环节或结束事件")
    elif len(node.outgoing) > 1 and not gateway:
        bundle.fault(graph, node, "只能有一条出口连线，请在需要选择或并行处画网关")
    if not gateway or node.kind == "parallelGateway":
        for flow in node.outgoing:
            if flow.condition is not None:
                sentence = "条件只能写在排他网关或包容网关之后的连线上，请删去条件或加画网关"
                bundle.fault(graph, node, sentence, flow.line)


def _check_reach(bundle: Bundle, graph: Graph) -> None:
    if len(graph.starts) != 1:
        return
    reached = graph.reach(graph.starts[0].id)
    ending = _that_end(graph)
    for node in graph.nodes.values():
        if node.id not in reached:
            bundle.fault(graph, node, "从开始事件到不了这里，请连上或删除")
        elif node.id not in ending:
            bundle.fault(graph, node, "从这里到不了结束事件，请补画出口")


def _that_end(graph: Graph) -> set[str]:
    ending = {node.id for node in graph.nodes.values() if node.kind == "endEvent"}
    changed = True
    while changed:
        changed = False
        for node in graph.nodes.values():
            if node.id not in ending and any(each in ending for each in graph.main(node)):
                ending.add(node.id)
                changed = True
    return ending


def _check_loops(bundle: Bundle, graph: Graph) -> None:
    """Take steps and timers out: what remains may not go round (a case would run for ever)."""
    automatic = [node.id for node in graph.nodes.values() if not _waits(bundle, node, set())]
    for ident in automatic:
        ways = _automatic_ways(graph, set(automatic), ident)
        if ident in ways:
            bundle.fault(
                graph, graph.nodes[ident], "有一个不经过任何办理人的循环，请在循环中加入环节"
            )
            return


def _automatic_ways(graph: Graph, automatic: set[str], start: str) -> set[str]:
    found: set[str] = set()
    stack = [flow.target for flow in graph.nodes[start].outgoing]
    while stack:
        name = stack.pop()
        if name in automatic and name not in found:
            found.add(name)
            stack += [flow.target for flow in graph.nodes[name].outgoing]
    return found


def _waits(bundle: Bundle, node: Node, seen: set[str]) -> bool:
    """Whether a token certainly stops here for a person or for time."""
    if node.kind in ("userTask", "intermediateCatchEvent", "boundaryEvent"):
        return True
    graph = bundle.inside(node)
    if graph is None or graph.id in seen or len(graph.starts) != 1:
        return False
    inner = seen | {graph.id}
    passed = {each.id for each in graph.nodes.values() if not _waits(bundle, each, inner)}
    ways = _automatic_ways(graph, passed, graph.starts[0].id)
    return not any(graph.nodes[each].kind == "endEvent" for each in ways)


def _check_depth(bundle: Bundle) -> None:
    for graph, node in bundle.nodes("subProcess", "callActivity"):
        if len(list(_ways_out(bundle, graph, set()))) >= MAX_DEPTH:
            bundle.fault(graph, node, f"子流程最多嵌套 {MAX_DEPTH} 层，请减少层数")


def _ways_out(bundle: Bundle, graph: Graph, seen: set[str]) -> list[str]:
    """The longest row of holders around a process."""
    if graph.id in seen:
        return []
    rows = [
        [holder.id, *_ways_out(bundle, outer, seen | {graph.id})]
        for outer, holder in bundle.holders(graph)
    ]
    return max(rows, key=len, default=[])


def _check_calls(bundle: Bundle) -> None:
    for graph, node in bundle.nodes("callActivity"):
        called = bundle.inside(node)
        if called is None:
            sentence = f"没有找到启用的被调用流程“{node.called}”，请先发布并启用它"
            bundle.fault(graph, node, sentence)
        elif _calls_itself(bundle, called, called, set()):
            bundle.fault(graph, node, f"流程“{node.called}”直接或间接调用了自己，请改为不循环调用")


def _calls_itself(bundle: Bundle, start: Graph, graph: Graph, seen: set[str]) -> bool:
    for inner in graph.everywhere():
        for node in inner.nodes.values():
            called = bundle.inside(node) if node.kind == "callActivity" else None
            if called is start:
                return True
            if called is not None and called.id not in seen:
                seen.add(called.id)
                if _calls_itself(bundle, start, called, seen):
                    return True
    return False
