"""Routes drawn for tests: one stage of each kind between a step before and two steps after it.

``draft`` (the drafter) → ``before`` (office head) → the stage → ``next`` (secretary) → ``last``
(dispatcher). The people of a stage are P, Q and R; X and Y are colleagues beside it.
"""

from sqlalchemy.orm import Session

from app import organization
from app.handling import routes
from tests.workflow.drawing import END, START, file_of, flow, path, properties, step
from tests.world import MONDAY

P, Q, R = "leader", "leader2", "leader3"
X, Y = "secretary", "printing"
LOGINS = {"P": P, "Q": Q, "R": R, "X": X, "Y": Y}
STAGES = ("single", "sequential", "parallel", "any", "share")
ROUTES = ("main", "called", "beside")
"""The stage stands in the process itself, in one that it calls, or in a parallel branch."""

ENDS = {"any": "nrOfCompletedInstances >= 1", "share": "quorum_met"}


def files(stage: str, route: str) -> dict[str, bytes]:
    """The files of a route with one stage; in the route ``beside`` another step runs too."""
    drawn = _stage(stage)
    submitted = properties(outcome="submit", outcome_label="提交", limit="P1D", stage="handling")
    ends = step("draft", submitted, who="${drafter}")
    ends += step("before", _one("P1D"), who="office-head", name="前一环节")
    ends += step("next", _one("P1D"), who="office-secretary", name="后一环节")
    ends += step("last", _one("P1D"), who="dispatcher", name="末一环节")
    if route == "main":
        way = path("begin", "draft", "before", "stage", "next", "last", "finish")
        return {"outgoing.bpmn": file_of(START, END, ends, drawn, way, process="outgoing")}
    if route == "called":
        call = '<callActivity id="calling" name="调用" calledElement="inner"/>'
        way = path("begin", "draft", "before", "calling", "next", "last", "finish")
        inner = file_of(
            '<startEvent id="inner_begin"/><endEvent id="inner_finish"/>',
            drawn,
            path("inner_begin", "stage", "inner_finish"),
            process="inner",
        )
        main = file_of(START, END, ends, call, way, process="outgoing")
        return {"outgoing.bpmn": main, "inner.bpmn": inner}
    gateways = '<parallelGateway id="split"/><parallelGateway id="join"/>'
    other = step("aside", _one("P1D"), who="printing-room", name="并行环节")
    way = path("begin", "draft", "before", "split", "stage", "join", "next", "last", "finish")
    way += flow("split", "aside") + flow("aside", "join")
    return {
        "outgoing.bpmn": file_of(START, END, ends, drawn, gateways, other, way, process="outgoing")
    }


def tangled(longer: bool = False) -> dict[str, bytes]:
    """Everything at once: a countersigning in a parallel branch, one in a called process, a loop.

    draft → before → (branch_sign beside aside) → called_sign, in turn → next → last, or back to
    before (outcome ``again``). The longer one has a step ``looked`` behind ``branch_sign`` in its
    branch, and ``behind`` after the called process.
    """
    people = step("draft", _one("P1D"), who="${drafter}")
    people += step("before", _one("P1D"), who="office-head", name="前一环节")
    people += _signing("branch_sign", sequential=False)
    people += step("aside", _one("P1D"), who="printing-room", name="并行环节")
    people += step(
        "next", properties(limit="P1D", stage="handling"), who="office-secretary", name="后一环节"
    )
    people += step("last", _one("P1D"), who="dispatcher", name="末一环节")
    others = '<parallelGateway id="split"/><parallelGateway id="join"/><exclusiveGateway id="x"/>'
    others += '<callActivity id="calling" name="调用" calledElement="inner"/>'
    ways = ("split", "branch_sign", "join", "calling", "next")
    if longer:
        people += step("looked", _one("P1D"), who="office-head", name="复核")
        people += step("behind", _one("P1D"), who="office-secretary", name="整理")
        ways = ("split", "branch_sign", "looked", "join", "calling", "behind", "next")
    way = path("begin", "draft", "before", *ways, "x")
    way += flow("split", "aside") + flow("aside", "join") + path("last", "finish")
    way += flow("x", "last", "outcome == 'approve'", "同意")
    way += flow("x", "before", "outcome == 'again'", "重办")
    inner = file_of(
        '<startEvent id="inner_begin"/><endEvent id="inner_finish"/>',
        _signing("called_sign", sequential=True),
        path("inner_begin", "called_sign", "inner_finish"),
        process="inner",
    )
    main = file_of(START, END, people, others, way, process="outgoing")
    return {"outgoing.bpmn": main, "inner.bpmn": inner}


def wide(branches: int) -> dict[str, bytes]:
    """An inclusive gateway of many branches, of which every third is taken, and the empty one.

    draft → before → some of way0, way1, … → next
    """
    people = step("draft", _one("P1D"), who="${drafter}")
    people += step("before", _one("P1D"), who="office-head", name="前一环节")
    people += step("next", _one("P1D"), who="office-secretary", name="后一环节")
    gates = '<inclusiveGateway id="split" default="f_split_join"/><inclusiveGateway id="join"/>'
    way = path("begin", "draft", "before", "split", "join", "next", "finish")
    for number in range(branches):
        name = f"way{number}"
        people += step(name, _one("P1D"), who="office-secretary", name=f"第{number}路")
        wanted = "downward" if number % 3 == 0 else "upward"
        way += flow("split", name, f"direction == '{wanted}'", name) + flow(name, "join")
    return {"outgoing.bpmn": file_of(START, END, people, gates, way, process="outgoing")}


def in_force(session: Session, drawn: dict[str, bytes]) -> None:
    """Publish a route in place of the shipped one, by two administrators as always."""
    actors = [
        organization.actor(session, organization.person_by_login(session, login).id)
        for login in ("city.process.admin", "city.process.admin2")
    ]
    row = routes.submit(session, actors[0], drawn, MONDAY)
    routes.put_in_force(session, actors[1], row.sha256, MONDAY)
    session.commit()


def _one(limit: str) -> str:
    return properties(outcome="approve", outcome_label="同意", limit=limit, stage="review")


def _stage(stage: str) -> str:
    if stage == "single":
        return step("stage", _one("P1D"), who="leader-in-charge", name="单人环节")
    quorum = "approve:2/3" if stage == "share" else ""
    sequential = stage == "sequential"
    return _signing("stage", sequential=sequential, condition=ENDS.get(stage, ""), quorum=quorum)


def _signing(ident: str, *, sequential: bool, condition: str = "", quorum: str = "") -> str:
    words = {"outcome": "approve", "outcome_label": "同意", "limit": "P1D", "stage": "review"}
    words |= {"quorum": quorum} if quorum else {}
    ends = condition.replace(">", "&gt;")
    ends = f"<completionCondition>{ends}</completionCondition>" if ends else ""
    repeat = (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" '
        f'camunda:collection="countersigners" camunda:elementVariable="countersigner">{ends}'
        "</multiInstanceLoopCharacteristics>"
    )
    return step(ident, properties(**words) + repeat, who="${countersigner}", name="多人环节")
