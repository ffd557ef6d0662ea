"""What SpiffWorkflow 3.2.0 does by itself that the engine cures or keeps out.

Each test asserts the bad behaviour. One that fails under a new version tells that its trap is
gone and that the cure may go too.
"""

import time
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from .drawing import END, START, flow, path, timer

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LOOP = '<exclusiveGateway id="g" default="f_g_finish"/>'


def steps(*names: str) -> str:
    return "".join(f'<userTask id="{name}"/>' for name in names)


def specs(*parts: str) -> tuple[Any, Any]:
    parser = BpmnParser()
    text = (
        f'<definitions xmlns="{BPMN}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d">'
        f'<process id="proc" isExecutable="true">{"".join(parts)}</process></definitions>'
    )
    parser.add_bpmn_xml(etree.fromstring(text))
    return parser.get_spec("proc"), parser.get_subprocess_specs("proc")


def start(*parts: str, **data: Any) -> Any:
    case = BpmnWorkflow(*specs(*parts))
    case.task_tree.data.update(data)
    case.do_engine_steps()
    return case


def ready(case: Any) -> list[Any]:
    return [task for task in case.get_tasks(state=TaskState.READY) if task.task_spec.manual]


def names(case: Any) -> list[str]:
    return sorted(task.task_spec.name for task in ready(case))


def do(case: Any, *wanted: str, **data: Any) -> None:
    for name in wanted:
        task = next(task for task in ready(case) if task.task_spec.name == name)
        task.data.update(data)
        task.run()
        case.do_engine_steps()


def block(kind: str, condition: str = "") -> str:
    return (
        START + END + steps("a", "p", "q", "c") + f'<{kind} id="g1"/><{kind} id="g2"/>' + LOOP
        + path("begin", "a", "g1") + flow("g1", "p", condition) + flow("g1", "q", condition)
        + path("p", "g2", "c", "g", "finish") + path("q", "g2") + flow("g", "a", "again")
    )  # fmt: skip


def signing(inner: str, sequential: str = "false") -> str:
    return (
        START + END + steps("a") + LOOP
        + f'<userTask id="mi"><multiInstanceLoopCharacteristics isSequential="{sequential}">{inner}'
        "</multiInstanceLoopCharacteristics></userTask>"
        + path("begin", "a", "mi", "g", "finish") + flow("g", "a", "again")
    )  # fmt: skip


ITEMS = "<loopDataInputRef>signers</loopDataInputRef><inputDataItem id='signer'/>"
RESULTS = "<loopDataOutputRef>opinions</loopDataOutputRef><outputDataItem id='opinion'/>"
TWO = {"signers": ["u1", "u2"], "again": False}


def test_a_parallel_join_fires_early_on_the_second_lap() -> None:
    case = start(block("parallelGateway"), again=True)
    do(case, "a", "p", "q", "c", "a", "q")
    assert names(case) == ["c", "p"]


def test_an_inclusive_join_fires_early_on_the_second_lap() -> None:
    case = start(block("inclusiveGateway", "True"), again=True)
    do(case, "a", "p", "q", "c", "a", "p")
    assert names(case) == ["c", "q"]


def test_branches_that_meet_without_a_join_open_a_step_twice() -> None:
    gates = '<parallelGateway id="g1"/>'
    ways = path("begin", "g1", "p", "c", "finish") + path("g1", "q", "c")
    case = start(START, END, steps("p", "q", "c"), gates, ways)
    do(case, "p", "q")
    assert names(case) == ["c", "c"]


def test_an_exclusive_split_before_a_parallel_join_waits_for_ever() -> None:
    gates = '<exclusiveGateway id="g1" default="f_g1_q"/><parallelGateway id="g2"/>'
    ways = path("begin", "g1", "q", "g2", "finish") + flow("g1", "p", "True") + path("p", "g2")
    case = start(START, END, steps("p", "q"), gates, ways)
    do(case, "p")
    assert not ready(case)
    assert not case.is_completed()


def test_open_work_below_depth_1000_is_lost_and_counts_as_finished() -> None:
    ways = path("begin", "a", "g", "finish") + flow("g", "a", "again")
    case = start(START, END, steps("a"), LOOP, ways, again=True)
    laps = 0
    while names(case):
        do(case, "a")
        laps += 1
    assert laps == 500
    assert any(task.state == TaskState.READY for task in case.tasks.values())
    assert case.is_completed()


def test_a_loop_without_a_person_stops_without_a_word() -> None:
    gates = '<exclusiveGateway id="g1"/>' + LOOP
    case = start(START, END, gates, path("begin", "g1", "g", "finish"), flow("g", "g1", "True"))
    assert case.is_completed()
    assert any(task.state == TaskState.READY for task in case.tasks.values())


def test_a_cycle_without_a_gateway_overflows_the_stack() -> None:
    with pytest.raises(RecursionError):
        start(START, steps("a", "b"), path("begin", "a", "b", "a"))


def test_no_matching_flow_is_found_out_by_whoever_clicks() -> None:
    ways = path("begin", "a", "g") + flow("g", "b", "False") + flow("g", "finish", "False")
    case = start(
        START, END, steps("a", "b"), '<exclusiveGateway id="g"/>', ways, path("b", "finish")
    )
    with pytest.raises(Exception, match="No conditions satisfied"):
        do(case, "a")
    assert not ready(case)


@pytest.mark.parametrize(
    ("inner", "opinion", "message"),
    [
        (ITEMS + RESULTS, {"opinion": "ok"}, "the output must be empty"),
        (ITEMS, {}, "input item signer already exists"),
        ("<loopCardinality>1</loopCardinality>" + RESULTS, {"opinion": "ok"}, "ouput"),
    ],
)
def test_a_signing_cannot_be_entered_twice(inner: str, opinion: Any, message: str) -> None:
    case = start(signing(inner), signers=["u1"], again=True)
    do(case, "a")
    do(case, "mi [child]", **opinion)
    with pytest.raises(Exception, match=message):
        do(case, "a")


def test_a_signer_who_is_taken_away_blocks_the_step() -> None:
    case = start(signing(ITEMS + RESULTS), **TWO)
    do(case, "a")
    ready(case)[0].cancel()
    do(case, "mi [child]", opinion="ok")
    assert not ready(case)
    assert not case.is_completed()


def test_a_signing_for_nobody_counts_as_signed() -> None:
    case = start(signing(ITEMS + RESULTS), signers=[], again=False)
    do(case, "a")
    assert case.is_completed()


def test_a_variable_that_another_branch_changed_is_put_back() -> None:
    case = start(block("parallelGateway"), level="low", again=False)
    do(case, "a")
    do(case, "p", level="high")
    do(case, "q")
    assert ready(case)[0].data["level"] == "low"


def test_lists_are_merged_by_value() -> None:
    data = {"copies": [9]}
    DeepMerge.merge(data, {"copies": [1, 1, 2]})
    assert data == {"copies": [9, 1, 2]}


def test_a_reset_deletes_the_later_steps() -> None:
    case = start(START, END, steps("a", "b", "c"), path("begin", "a", "b", "c", "finish"))
    first = ready(case)[0].id
    do(case, "a")
    do(case, "b", opinion="not agreed")
    case.reset_from_task_id(first)
    assert not any(task.data.get("opinion") for task in case.tasks.values())


def test_a_condition_runs_any_python() -> None:
    text = flow("g", "x", "__import__('os').getpid() > 0")
    case = start(
        START, END, steps("x"), LOOP, path("begin", "g", "finish"), text, path("x", "finish")
    )
    assert names(case) == ["x"]


def test_a_timer_runs_any_python_and_refuses_what_the_modeler_writes() -> None:
    body = START + END + steps("a") + path("begin", "a", "finish") + flow("t", "finish")
    python = "__import__(&quot;os&quot;).getpid() and &quot;P3D&quot;"
    assert start(body, timer("t", "a", python)).waiting_events()
    with pytest.raises(Exception, match="P3D"):
        start(body, timer("t", "a", "P3D"))


def test_timers_fire_by_the_natural_clock_at_anybodys_act() -> None:
    body = (
        START
        + END
        + steps("a", "late")
        + path("begin", "a", "finish")
        + path("t", "late", "finish")
    )
    case = start(body, timer("t", "a", '"PT0.001S"'.replace('"', "&quot;")))
    time.sleep(0.002)
    case.do_engine_steps()
    case.do_engine_steps()
    assert names(case) == ["a", "late"]


def test_a_step_called_end_is_skipped() -> None:
    case = start(START, END, steps("a", "End"), path("begin", "a", "End", "finish"))
    do(case, "a")
    assert case.is_completed()


def test_a_flow_into_a_subprocess_bypasses_it() -> None:
    inner = f'<subProcess id="h"><startEvent id="h1"/>{steps("b")}<endEvent id="h2"/>'
    inner += path("h1", "b", "h2") + "</subProcess>"
    case = start(START, END, steps("a"), inner, path("begin", "a", "b"), flow("h", "finish"))
    do(case, "a", "b")
    assert case.is_completed()


def test_loose_ends_are_accepted() -> None:
    body = START, END, steps("a", "z"), path("begin", "a"), path("z", "finish")
    assert "z" not in specs(*body)[0].task_specs
    case = start(*body)
    do(case, "a")
    assert case.is_completed()


def test_a_plain_task_waits_for_nobody() -> None:
    case = start(START, END, '<task id="t"/>', path("begin", "t", "finish"))
    assert names(case) == ["t"]


def test_what_the_modeler_writes_for_a_signing_is_not_read() -> None:
    inner = '<multiInstanceLoopCharacteristics camunda:collection="signers"/>'
    with pytest.raises(Exception, match="cardinality or a loop input"):
        specs(START, END, f'<userTask id="u">{inner}</userTask>', path("begin", "u", "finish"))
