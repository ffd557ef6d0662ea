"""Checked process files → a definition that the library can run.

The elements are built from the same graph that the checks have seen, so that what was checked is
what runs: the library never reads a file. A kind of element without an entry here cannot run.
"""

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    CallActivity,
    EndEvent,
    ExclusiveGateway,
    IntermediateCatchEvent,
    StartEvent,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from app.workflow import forms, reading, signings, spiff
from app.workflow import graph as graphs
from app.workflow.blocks import Blocks, blocks
from app.workflow.definitions import Definition, Outcome, Process, Signing, Step
from app.workflow.errors import BadDiagram, Fault
from app.workflow.expressions import reference
from app.workflow.graph import Graph, Node


def read_graphs(files: Mapping[str, bytes]) -> tuple[dict[str, Graph], list[Fault]]:
    """Top processes of all drawings by id, and the faults of reading them."""
    found: dict[str, Graph] = {}
    faults: list[Fault] = []
    for name, data in files.items():
        if forms.is_form(name):
            continue
        root, wrong = reading.read(name, data)
        faults += wrong
        for graph in _top(root, name):
            if graph.id in found:
                faults.append(
                    Fault(name, graph.line, graph.id, "流程编号与另一文件重复，请改成不同的编号")
                )
            found[graph.id] = graph
    return found, sorted(faults)


def _top(root: etree._Element | None, name: str) -> list[Graph]:
    return graphs.processes(root, name) if root is not None else []


def parse(
    sha256: str, process_id: str, version: int, name: str, files: Mapping[str, bytes]
) -> Definition:
    """Build a definition from files that passed the checks. Raises BadDiagram if they cannot."""
    tops, faults = read_graphs(files)
    if faults or process_id not in tops:
        raise BadDiagram(faults or [Fault(process_id, 0, "", "文件中没有这个流程，请检查流程编号")])
    processes: dict[str, Process] = {}
    steps: dict[str, Step] = {}
    ordered = [tops[process_id], *(graph for ident, graph in tops.items() if ident != process_id)]
    for top in ordered:
        for graph in top.everywhere():
            found = blocks(graph)
            processes[graph.id] = Process(graph, build(graph, found), found.chains)
            steps.update(_steps(graph))
    own = {each: data for each, data in files.items() if forms.is_form(each)}
    return Definition(
        sha256, process_id, name, version, dict(files), processes, steps, forms.load(own)
    )


def _steps(graph: Graph) -> dict[str, Step]:
    return {
        node.id: Step(
            id=node.id,
            name=node.label,
            process_id=graph.id,
            documentation=node.documentation,
            groups=groups(node),
            assignee=node.camunda.get("assignee"),
            form_key=node.camunda.get("formKey"),
            properties=dict(node.properties),
            outcomes=outcomes(graph, node),
            signing=_signing(node),
        )
        for node in graph.nodes.values()
        if node.kind == "userTask"
    }


def groups(node: Node) -> tuple[str, ...]:
    listed = node.camunda.get("candidateGroups", "").split(",")
    return tuple(each.strip() for each in listed if each.strip())


def outcomes(graph: Graph, node: Node) -> tuple[Outcome, ...]:
    """Flows of the outcome gateway after the step, else the single way named in properties."""
    drawn = [
        Outcome(flow.outcome, flow.name or flow.outcome)
        for flow in graphs.choices(graph, node)
        if flow.outcome
    ]
    if drawn:
        return tuple(drawn)
    key = node.properties.get("outcome")
    return (Outcome(key, node.properties.get("outcome_label") or key),) if key else ()


def _signing(node: Node) -> Signing | None:
    repeat = node.repeat
    if repeat is None or repeat.collection is None:
        return None
    return Signing(reference(repeat.collection) or "", repeat.element or "", repeat.sequential)


# --- the library's side


def build(graph: Graph, found: Blocks) -> Any:
    """One process as the library runs it; flows keep the order of the file."""
    spec = BpmnProcessSpec(name=graph.id, description=graph.name)
    made = {node.id: _element(spec, graph, node) for node in graph.nodes.values()}
    entrances = {
        node.id: _with_events(spec, made, node) if node.events else made[node.id]
        for node in graph.nodes.values()
    }
    for node in graph.nodes.values():
        if node.kind == "startEvent":
            spec.start.connect(made[node.id])
        for flow in node.outgoing:
            source, target = made[node.id], entrances[flow.target]
            if flow.condition is not None and not flow.default:
                source.connect_outgoing_if(flow.condition, target)
            else:
                source.connect(target)
        if node.kind == "endEvent":
            made[node.id].connect(spec.end)
        if node.attached_to:
            made[node.id].connect(spec.task_specs[f"{node.attached_to}.BoundaryEventJoin"])
    for split, join in found.joins.items():
        made[split].join, made[join].split = join, split
    spiff.connect_signings(spec)
    spiff.look_one_step_ahead(spec)
    return spec


def _with_events(spec: Any, made: dict[str, Any], node: Node) -> Any:
    """A step with timers stands between a split and a join that the library needs."""
    split = BoundaryEventSplit(spec, f"{node.id}.BoundaryEventSplit")
    join = BoundaryEventJoin(
        spec, f"{node.id}.BoundaryEventJoin", split_task=split.name, cancel=True
    )
    split.connect(made[node.id])
    made[node.id].connect(join)
    for event in node.events:
        split.connect(made[event.id])
    return split


def _element(spec: Any, graph: Graph, node: Node) -> Any:
    make = _MAKERS[node.kind]
    if node.repeat is None:
        return make(spec, node, node.id)
    offered = tuple(outcome.key for outcome in outcomes(graph, node))
    rule = signings.rule(offered, node.repeat.condition, node.properties.get("quorum"))
    outer = spiff.Signing(spec, node.id, node.repeat, rule, bpmn_name=node.label)
    inner = make(spec, node, outer.task_spec)
    inner.bpmn_id, inner.inputs = node.id, [outer]
    return outer


def _timer(node: Node) -> Any:
    return spiff.DrawnTimer(node.id, node.timer)


_MAKERS: dict[str, Callable[[Any, Node, str], Any]] = {
    "startEvent": lambda spec, node, name: StartEvent(
        spec, name, event_definition=NoneEventDefinition()
    ),
    "endEvent": lambda spec, node, name: EndEvent(
        spec, name, event_definition=NoneEventDefinition()
    ),
    "userTask": lambda spec, node, name: UserTask(spec, name, bpmn_name=node.label),
    "serviceTask": lambda spec, node, name: spiff.ServiceOperation(
        spec, name, node.camunda["topic"]
    ),
    "subProcess": lambda spec, node, name: SubWorkflowTask(spec, name, subworkflow_spec=node.id),
    "callActivity": lambda spec, node, name: CallActivity(spec, name, subworkflow_spec=node.called),
    "exclusiveGateway": lambda spec, node, name: ExclusiveGateway(spec, name),
    "inclusiveGateway": lambda spec, node, name: spiff.InclusiveBlock(spec, name),
    "parallelGateway": lambda spec, node, name: spiff.ParallelBlock(spec, name),
    "boundaryEvent": lambda spec, node, name: BoundaryEvent(
        spec, name, event_definition=_timer(node), cancel_activity=node.interrupting
    ),
    "intermediateCatchEvent": lambda spec, node, name: IntermediateCatchEvent(
        spec, name, event_definition=_timer(node)
    ),
}
