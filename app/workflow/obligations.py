"""What a route keeps by the way it is drawn, whatever its properties say (structural rules).

Each obligation looks for its elements and names those at which it is broken. It does not apply
where a route has none of them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from app import rules
from app.workflow.bundle import Bundle
from app.workflow.graph import Graph, Node
from app.workflow.parser import groups

WITHOUT_SEAL = "without_seal"
DEPARTMENT_HEAD = "dept-head"


class Way:
    """All processes of a publication as one graph; calls lead into what they call and out again."""

    def __init__(self, bundle: Bundle, shut: Collection[str] = ()) -> None:
        self.nodes: dict[str, Node] = {node.id: node for _, node in bundle.nodes()}
        self.onward: dict[str, list[str]] = {ident: [] for ident in self.nodes}
        self.starts = [start.id for root in bundle.roots for start in root.starts]
        for _, node in bundle.nodes():
            inner = bundle.inside(node)
            if inner is not None and inner.starts:
                self.onward[node.id] += [start.id for start in inner.starts]
                self.onward[node.id] += [event.id for event in node.events]
                for end in _ends(inner):
                    self.onward[end.id] += _targets(node, shut)
            else:
                self.onward[node.id] += _targets(node, shut)
                self.onward[node.id] += [event.id for event in node.events]
        self.sources: dict[str, list[str]] = {ident: [] for ident in self.nodes}
        for ident, targets in self.onward.items():
            for target in targets:
                if target in self.sources:
                    self.sources[target].append(ident)

    def reached(self, without: Collection[str] = ()) -> set[str]:
        """Where a token may come from the start; a parallel join waits for all its branches."""
        whole = self._reach(without=(), known=None)
        return self._reach(without=without, known=whole) if without else whole

    def _reach(self, without: Collection[str], known: set[str] | None) -> set[str]:
        found = {each for each in self.starts if each not in without}
        waiting = list(found)
        while waiting:
            for target in self.onward[waiting.pop()]:
                if target in found or target in without or target not in self.nodes:
                    continue
                if known is not None and not self._opens(target, known, found):
                    continue
                found.add(target)
                waiting.append(target)
        return found

    def _opens(self, target: str, known: set[str], found: set[str]) -> bool:
        if self.nodes[target].kind != "parallelGateway":
            return True
        return {each for each in self.sources[target] if each in known} <= found


Marks = Callable[[Node], bool]
Broken = Callable[[Bundle], tuple[bool, list[str]]]


@dataclass(frozen=True)
class Obligation:
    """key: stable; words: what has to be so; clauses: ids it rests on; mend: what to do."""

    key: str
    words: str
    clauses: tuple[str, ...]
    mend: str
    look: Broken = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """Whether an obligation applies to a route, and the elements at which it is broken."""

    obligation: Obligation
    applies: bool
    broken: tuple[str, ...]

    @property
    def kept(self) -> bool:
        return self.applies and not self.broken


def standings(bundle: Bundle) -> dict[str, Standing]:
    """Every obligation by its key."""
    found = {}
    for each in OBLIGATIONS:
        applies, broken = each.look(bundle)
        found[each.key] = Standing(each, applies, tuple(sorted(broken)))
    return found


def topic(*names: str) -> Marks:
    return lambda node: node.kind == "serviceTask" and node.camunda.get("topic") in names


def signs_off(node: Node) -> bool:
    return node.kind == "userTask" and node.properties.get("sign_off") == "yes"


def reviews(node: Node) -> bool:
    return node.kind == "userTask" and node.properties.get("stage") == "review"


def has_checklist(node: Node) -> bool:
    return node.kind == "userTask" and node.properties.get("checklist") == "yes"


def of_department_head(node: Node) -> bool:
    return reviews(node) and DEPARTMENT_HEAD in groups(node) and "scope" not in node.properties


def precedes(first: Marks, then: Marks, *, shut: Collection[str] = ()) -> Broken:
    """On every way to what comes then, the first has been; nothing is said without both ends."""

    def look(bundle: Bundle) -> tuple[bool, list[str]]:
        targets = {node.id for _, node in bundle.nodes() if then(node)}
        marks = {node.id for _, node in bundle.nodes() if first(node)}
        if not targets:
            return False, []
        return True, sorted((targets - marks) & Way(bundle, shut).reached(marks))

    return look


def at_each(where: Marks, holds: Marks) -> Broken:
    """Something holds at each element of a kind."""

    def look(bundle: Bundle) -> tuple[bool, list[str]]:
        targets = [node for _, node in bundle.nodes() if where(node)]
        return bool(targets), [node.id for node in targets if not holds(node)]

    return look


def _last_looked_at(bundle: Bundle) -> tuple[bool, list[str]]:
    """The last person before the dispatch is the secretary or the dispatcher."""
    targets = [node for _, node in bundle.nodes() if SENDING(node)]
    wrong = []
    for node in targets:
        people = _people_before(bundle, node)
        if not people or any(not _is_office(each) for each in people):
            wrong.append(node.id)
    return bool(targets), wrong


def _people_before(bundle: Bundle, node: Node) -> list[Node]:
    way = Way(bundle)
    found: list[Node] = []
    seen: set[str] = set()
    waiting = list(way.sources[node.id])
    while waiting:
        ident = waiting.pop()
        if ident in seen:
            continue
        seen.add(ident)
        here = way.nodes[ident]
        if here.kind == "userTask":
            found.append(here)
        else:
            waiting += way.sources[ident]
    return found


def _is_office(node: Node) -> bool:
    return bool(groups(node)) and set(groups(node)) <= {"office-secretary", "dispatcher"}


def _never_skipped(node: Node) -> bool:
    return node.properties.get("drafter") != "skip" and node.properties.get("same_person") != "skip"


def _asks_opinion(node: Node) -> bool:
    return node.properties.get("opinion", "required") != "optional"


def _targets(node: Node, shut: Collection[str]) -> list[str]:
    """Without the ways whose condition is exactly one of these names: ways of exception."""
    return [flow.target for flow in node.outgoing if flow.condition not in shut]


def _ends(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes.values() if node.kind == "endEvent"]


NUMBERING, SEALING, SENDING = topic("register-number"), topic("seal"), topic("dispatch")

OBLIGATIONS: tuple[Obligation, ...] = (
    Obligation(
        "review_before_sign_off",
        "签发之前须经部门负责人核稿",
        ("OUT-01", "OUT-03"),
        "请在签发之前的每条路上保留部门负责人的审批环节",
        precedes(of_department_head, signs_off),
    ),
    Obligation(
        "self_review_not_skipped",
        "部门负责人核稿不因拟稿人是负责人而省去",
        ("OUT-05",),
        "请把“只有拟稿人可办”“同人连续”改为不跳过",
        at_each(of_department_head, _never_skipped),
    ),
    Obligation(
        "opinion_at_review",
        "审批须填写意见",
        ("OUT-06", "CSG-07"),
        "请把意见改为必填",
        at_each(reviews, _asks_opinion),
    ),
    Obligation(
        "checklist_before_sign_off",
        "签发之前须按审查清单审查",
        ("DRF-22",),
        "请在签发之前的每条路上保留有审查清单的环节",
        precedes(has_checklist, signs_off),
    ),
    Obligation(
        "sign_off_before_numbering",
        "签发后方可登记编号",
        ("OUT-09",),
        "请在编号之前的每条路上保留签发环节",
        precedes(signs_off, NUMBERING),
    ),
    Obligation(
        "signatory_before_numbering",
        "签发人由系统写入",
        ("OUT-13",),
        "请在编号之前的每条路上保留“写入签发人”的自动步骤",
        precedes(topic("write-signatory"), NUMBERING),
    ),
    Obligation(
        "numbering_before_sealing",
        "编号之后方可用印",
        ("SIG-08", "NUM-01"),
        "请在用印之前的每条路上保留“取发文字号”的自动步骤",
        precedes(NUMBERING, SEALING),
    ),
    Obligation(
        "sign_off_before_dispatch",
        "审批完成方可发送",
        ("OUT-33",),
        "请在发送之前的每条路上保留签发环节",
        precedes(signs_off, SENDING),
    ),
    Obligation(
        "numbering_before_dispatch",
        "登记编号后方可发送",
        ("OUT-28",),
        "请在发送之前的每条路上保留登记编号或登记纸质件字号的自动步骤",
        precedes(topic("register-number", "enter-scan"), SENDING),
    ),
    Obligation(
        "sealing_before_dispatch",
        "用印之后方可发送（不加印鉴的除外）",
        ("SIG-09",),
        "请在发送之前的每条路上保留用印，只有条件为 without_seal 的路可以不经过",
        precedes(SEALING, SENDING, shut=(WITHOUT_SEAL,)),
    ),
    Obligation(
        "office_checks_last",
        "最后由办公室秘书或者收发员审核发送",
        ("OUT-10", "OUT-14"),
        "请使发送之前的最后一个环节由办公室秘书或者收发员办理",
        _last_looked_at,
    ),
    Obligation(
        "approval_before_seal_use",
        "用印申请须经审批方可用印",
        ("PAP-03",),
        "请在用印登记之前的每条路上保留审批环节和“审批通过”的自动步骤",
        precedes(topic("pass-seal-request"), topic("record-seal-use")),
    ),
    Obligation(
        "review_before_certificate",
        "证书审核之后才签发",
        ("SIG-35",),
        "请在签发证书之前的每条路上保留审核的自动步骤",
        precedes(topic("review-certificate"), topic("grant-certificate")),
    ),
)


def by_clause(bundle: Bundle) -> Mapping[str, list[str]]:
    """Clause id → elements whose property ``rule`` names it, in file order."""
    found: dict[str, list[str]] = {}
    for _, node in bundle.nodes():
        for ident in rules.ids(node.properties.get("rule", "")):
            found.setdefault(ident, []).append(node.id)
    return found
