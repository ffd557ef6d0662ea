"""What one act costs in the engine, and that it does not grow with the history.

Run:  python -m bench.engine

Load + complete one step + save, after 10, 100 and 400 steps of a process of eight steps with a
reminder each and a loop back, against the library's own serializer on the same drawing. Times
differ between machines and runs; the ratios are what counts. Ends with status 1 if an act at 400
steps costs more than twice that at 10, or less than fifty times below the library's.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from app.workflow import acting, tokens, topics
from app.workflow.allowed import BPMN, CAMUNDA, MODELER
from app.workflow.definitions import Definition
from app.workflow.parser import parse
from app.workflow.state import load_state, new_tree, save_state

LENGTHS = (10, 100, 400)
VARIABLES = {"again": True, "title": "关于开展公文处理检查工作的通知", "urgency": "加急"}
FLAT, FASTER = 2.0, 50.0


def drawing(duration: str) -> bytes:
    """Eight steps, a reminder on each, and round again while ``again`` is true."""
    parts = ['<startEvent id="begin"/><endEvent id="finish"/>']
    names = [f"step{number}" for number in range(8)]
    parts += [
        f'<userTask id="{name}" camunda:candidateGroups="clerk"/>'
        f'<boundaryEvent id="{name}_late" attachedToRef="{name}" cancelActivity="false">'
        f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition>"
        f'</boundaryEvent><endEvent id="{name}_noted"/>' + flow(f"{name}_late", f"{name}_noted")
        for name in names
    ]
    parts.append('<exclusiveGateway id="more" default="f_more_finish"/>')
    ways = ["begin", *names, "more", "finish"]
    parts += [flow(a, b) for a, b in itertools.pairwise(ways)]
    parts.append(flow("more", "step0", "again"))
    return (
        f'<definitions xmlns="{BPMN}" xmlns:camunda="{CAMUNDA}" xmlns:modeler="{MODELER}" '
        f'modeler:executionPlatform="Camunda Platform" id="file"><process id="p" '
        f'isExecutable="true">{"".join(parts)}</process></definitions>'
    ).encode()


def flow(source: str, target: str, condition: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="f_{source}_{target}" {ends}>{inner}</sequenceFlow>'


def ours(definition: Definition, text: str) -> str:
    """One act of the engine: load, complete the open step, save."""
    tree = load_state(text, definition, topics.runner(None))
    act = acting.Act(definition, tree, tokens.snapshot(tree, definition))
    acting.finish_step(act, tokens.open_tasks(tree)[0], None, "clerk")
    saved = save_state(tree)
    acting.told(act)
    return saved


def stock_case() -> Any:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(drawing("&quot;P3D&quot;")))
    case = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    case.task_tree.data.update(VARIABLES)
    case.do_engine_steps()
    return case


def stock_step(case: Any) -> None:
    ready = (each for each in case.tasks.values() if each.state == TaskState.READY)
    next(task for task in ready if task.task_spec.manual).run()
    case.do_engine_steps()


def stock(serializer: BpmnWorkflowSerializer, text: str) -> None:
    case = serializer.deserialize_json(text)
    stock_step(case)
    serializer.serialize_json(case)


def median(act: Callable[[], Any], times: int) -> float:
    """Milliseconds of processor time, which neighbours on the machine disturb least."""
    taken = []
    for _ in range(times):
        begin = time.process_time()
        act()
        taken.append((time.process_time() - begin) * 1000)
    return statistics.median(taken)


def main() -> int:
    definition = parse("", "p", 1, "", {"p.bpmn": drawing("P3D")})
    serializer = BpmnWorkflowSerializer()
    text = save_state(new_tree(definition, dict(VARIABLES), None))
    library, done = stock_case(), 0
    costs = {}
    print("  steps | engine ms |    size | library ms |     size | ratio")
    for length in LENGTHS:
        for _ in range(length - done):
            text = ours(definition, text)
            stock_step(library)
        done = length
        whole = serializer.serialize_json(library)
        mine = median(lambda: ours(definition, text), 60)  # noqa: B023  (called at once)
        theirs = median(lambda: stock(serializer, whole), 5)  # noqa: B023  (called at once)
        costs[length] = mine, theirs / mine
        sizes = len(text.encode()) / 1024, len(whole.encode()) / 1024
        print(
            f"  {length:5d} | {mine:9.2f} | {sizes[0]:3.1f} KiB | {theirs:10.1f} |"
            f" {sizes[1]:4.0f} KiB | {theirs / mine:5.0f}"
        )
    growth = costs[LENGTHS[-1]][0] / costs[LENGTHS[0]][0]
    print(f"  an act after {LENGTHS[-1]} steps costs {growth:.2f} times one after {LENGTHS[0]}")
    return int(growth > FLAT or costs[LENGTHS[-1]][1] < FASTER)


if __name__ == "__main__":
    sys.exit(main())
