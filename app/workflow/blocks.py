"""Parallel and inclusive gateways in pairs, and the blocks that every element lies in.

A process whose splits and joins come in pairs cannot deadlock and cannot double a token. Exact
joins, folding and the targets of a return all rest on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.workflow.graph import Graph, Node

SPLITTING = ("parallelGateway", "inclusiveGateway")
Chain = tuple[tuple[str, int], ...]
Held = Callable[[Node], tuple[Graph, Mapping[str, Chain]] | None]


@dataclass
class Blocks:
    """joins: split to join; chains: element to ((split, branch), …), outermost first."""

    joins: dict[str, str] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    faults: list[tuple[Node, str]] = field(default_factory=list)

    @property
    def splits(self) -> dict[str, str]:
        return {join: split for split, join in self.joins.items()}


def blocks(graph: Graph) -> Blocks:
    """Pair the gateways of one process; a gateway that forms no block is a fault."""
    found = Blocks(chains=dict.fromkeys(graph.nodes, ()))
    always = _passed_by_every_way(graph)
    regions = []
    for node in graph.nodes.values():
        if node.kind not in SPLITTING or len(node.outgoing) < 2:
            continue
        if len(node.incoming) > 1:
            found.faults.append((node, "一个网关既合并又分支，请画成两个网关"))
            continue
        join = _nearest_join(graph, node, always)
        branches = [graph.reach(flow.target, join) for flow in node.outgoing]
        sentence = _fault(graph, node, join, branches)
        if sentence or join is None:
            found.faults.append((node, sentence))
        else:
            found.joins[node.id] = join
            regions.append((node.id, branches))
    _check_joins(graph, found)
    _check_beside(graph, found)
    regions.sort(key=lambda region: -sum(map(len, region[1])))  # the outermost is the largest
    for split, branches in regions:
        for number, branch in enumerate(branches):
            for each in branch:
                found.chains[each] += ((split, number),)
    return found


def way_in(
    graph: Graph, step: str, held: Held, above: frozenset[str] = frozenset()
) -> tuple[str, ...] | None:
    """The elements by which a token in this process comes to a step; the last one is the step.

    held   the process that an element runs, and the blocks in it; None for other elements
    above  processes around this one, which it may call again only by mistake
    None where there is no such element below, where a parallel branch or a call for each of
    several people lies before it, or where two calls lead to it.
    """
    if step in graph.nodes:
        return (step,)
    ways = []
    for node in graph.nodes.values():
        inner = held(node) if node.repeat is None else None
        if inner is None or inner[0].id in above:
            continue
        way = way_in(inner[0], step, held, above | {graph.id})
        if way is not None and not inner[1][way[0]]:
            ways.append((node.id, *way))
    return ways[0] if len(ways) == 1 else None


def _passed_by_every_way(graph: Graph) -> dict[str, set[str]]:
    always = {name: set(graph.nodes) for name in graph.nodes}
    changed = True
    while changed:
        changed = False
        for name in reversed(graph.nodes):
            following = [always[each] for each in graph.main(graph.nodes[name])]
            new = {name} | (set.intersection(*following) if following else set())
            if new != always[name]:
                always[name], changed = new, True
    return always


def _nearest_join(graph: Graph, split: Node, always: dict[str, set[str]]) -> str | None:
    common = set.intersection(*(always[flow.target] for flow in split.outgoing))
    return max(common, key=lambda each: (len(always[each]), each), default=None)


def _fault(graph: Graph, split: Node, join: str | None, branches: list[set[str]]) -> str:
    meeting = graph.nodes.get(join or "")
    inside = set[str]().union(*branches)
    if meeting is None or meeting.kind != split.kind or len(meeting.incoming) < 2:
        return "各分支没有在同一种网关会合，请在分支之后画一个同类网关"
    if sum(map(len, branches)) != len(inside):
        return "各分支在会合之前相连，请分开画"
    if _crossed(graph, split.id, inside):
        return "有连线跳入或跳出分支，请改为先会合再转走"
    if split.kind == "parallelGateway" and len(meeting.incoming) != len(split.outgoing):
        return "每条分支应恰有一条连线进入会合网关"
    return ""


def _crossed(graph: Graph, split: str, inside: set[str]) -> bool:
    if any(split in graph.after(graph.nodes[each]) for each in inside):
        return True
    return any(
        target in inside
        for each in graph.nodes.values()
        if each.id not in inside and each.id != split
        for target in graph.after(each)
    )


def _check_joins(graph: Graph, found: Blocks) -> None:
    broken = {node.id for node, _ in found.faults}
    for node in graph.nodes.values():
        joining = node.kind in SPLITTING and len(node.incoming) > 1
        if joining and node.id not in broken and node.id not in found.splits:
            found.faults.append((node, "此会合网关没有对应的分支网关，请成对使用"))


def _check_beside(graph: Graph, found: Blocks) -> None:
    start = graph.starts[0].id if graph.starts else None
    for node in graph.nodes.values():
        if not node.beside:
            continue
        path = graph.reach(node.id)
        if start and path & graph.reach(start, node.id):
            found.faults.append(
                (node, "不中断的定时器引出的路径须自行结束，不能回到主流程，请为它画一个结束事件")
            )
        elif any(graph.nodes[each].kind not in BESIDE for each in path):
            found.faults.append((node, "不中断的定时器之后只能画服务任务和结束，请删去其他元素"))


BESIDE = ("boundaryEvent", "serviceTask", "endEvent", "exclusiveGateway")
