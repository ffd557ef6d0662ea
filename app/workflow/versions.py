"""Two versions of a process: what differs, and moving a running case from one to the other.

The state row names elements and holds nothing of the diagram, so that moving is: look for
obstacles, then load the row under the other version.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.orm import Session

from app.workflow import acting, topics
from app.workflow.blocks import SPLITTING
from app.workflow.definitions import Definition, Process, plain
from app.workflow.errors import CannotMigrate, CaseClosed
from app.workflow.graph import Node
from app.workflow.jumping import jump
from app.workflow.lacking import lacking
from app.workflow.loading import definition as definition_of
from app.workflow.models import CaseStatus, WorkflowCase, WorkflowTimer
from app.workflow.moves import Move
from app.workflow.spiff import LIVE, CaseTree, RunTopic
from app.workflow.state import restore
from app.workflow.timing import anew, retimed, untimed

ADDED, REMOVED = "added", "removed"


@dataclass(frozen=True)
class Difference:
    """One element that differs.

    changes  ("added",), ("removed",) or which of kind, label, flows, people, form, signing, timer,
             topic, properties, block differ
    """

    process: str
    element: str
    label: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot be moved: the element that it stands at, and a sentence.

    gone  the element, or the step of its kind, is no longer there
    """

    element: str
    sentence: str
    gone: bool = False


def compare(old: Definition, new: Definition) -> list[Difference]:
    """Element by element; the drawing (positions, lanes, notes) does not count."""
    found = []
    for ident in {**old.processes, **new.processes}:
        before, after = old.processes.get(ident), new.processes.get(ident)
        nodes = {**(after.graph.nodes if after else {}), **(before.graph.nodes if before else {})}
        for element in nodes:
            changes = _changes(before, after, element)
            if changes:
                label = (_node(after, element) or nodes[element]).label
                found.append(Difference(ident, element, label, changes))
    return found


def migrate_obstacles(session: Session, case: WorkflowCase, definition: Definition) -> list[str]:
    """Why this case cannot be moved, in sentences; [] when it can."""
    old = definition_of(session, case.sha256)
    return [each.sentence for each in obstacles(json.loads(case.state), old, definition)]


def rehearse_migration(session: Session, case: WorkflowCase, definition: Definition) -> Move:
    """What :func:`migrate` would do, without doing it. Raises CannotMigrate."""
    return acting.told(_moved(session, case, definition, None))


def migrate(
    session: Session, case: WorkflowCase, definition: Definition, context: Any = None
) -> Move:
    """Move a running or suspended case. Live tokens keep UUID, signers, answers and timers.

    A live step that got or lost some of its timers is entered afresh and has a new token.
    Raises CannotMigrate, having changed nothing.
    """
    if case.status not in (CaseStatus.RUNNING, CaseStatus.SUSPENDED):
        raise CaseClosed
    with acting.engine_faults():
        act = _moved(session, case, definition, topics.runner(context))
        case.sha256 = definition.sha256
        return acting.keep(session, case, act)


def go_back(session: Session, case: WorkflowCase, sha256: str, state: str) -> Move:
    """Undo :func:`migrate`: the row as it was before, nothing having happened since.

    state  the row of before, which the caller has kept. Timers of before wait again.
    """
    if case.status not in (CaseStatus.RUNNING, CaseStatus.SUSPENDED):
        raise CaseClosed
    before = acting.take(session, case, None, rehearsal=True).before
    case.sha256, case.state = sha256, state
    act = acting.take(session, case, None, rehearsal=True)
    move = acting.told(acting.Act(act.definition, act.tree, before))
    acting.write_timers(session, case, replace(move, timers_opened=()))
    if move.timers_opened:
        tokens = [timer.token for timer in move.timers_opened]
        session.execute(
            sa.update(WorkflowTimer)
            .where(WorkflowTimer.token.in_(tokens))
            .values(closed_at=None)
            .execution_options(synchronize_session=False)
        )
    return move


def _moved(
    session: Session, case: WorkflowCase, new: Definition, run_topic: RunTopic | None
) -> acting.Act:
    old = definition_of(session, case.sha256)
    before = acting.take(session, case, None, rehearsal=True).before
    state = json.loads(case.state)
    found = obstacles(state, old, new)
    if found:
        raise CannotMigrate([each.sentence for each in found])
    return acting.Act(new, moved_tree(state, old, new, run_topic), before)


def obstacles(state: dict[str, Any], old: Definition, new: Definition) -> list[Obstacle]:
    """Every element of the row for which the other version has no place; each named once."""
    if old.process_id != new.process_id:
        return [Obstacle(old.process_id, f"“{new.name}”是另一个流程")]
    found: list[Obstacle] = []
    for ident, rows in _trees(state, old):
        before, after = old.processes[ident], new.processes.get(ident)
        if after is None:
            name = before.graph.name or ident
            found.append(Obstacle(ident, f"子流程“{name}”正在办理，新版本中没有它", gone=True))
            continue
        for _, _, name, status, _, memory in rows:
            obstacle = _obstacle(before, after, name, status, memory or {}, new)
            if obstacle and obstacle not in found:
                found.append(obstacle)
    return found or list(_lacking(state, old, new))


def _lacking(state: dict[str, Any], old: Definition, new: Definition) -> Iterator[Obstacle]:
    """Values that the way ahead looks at, and that a step which the case has passed asks for."""
    standing = {
        plain(name) for _, rows in _trees(state, old) for _, _, name, status, *_ in rows
        if status & LIVE
    }  # fmt: skip
    for node, name in lacking(new, standing, state["variables"]):
        sentence = f"“{node.label}”要看字段“{name}”，此件还没有，之后也没有必经的环节填写"
        yield Obstacle(node.id, sentence)
    for node, name in untimed(new, anew(old, new, standing), standing, state["variables"]):
        sentence = (
            f"定时器“{node.label}”的时间取自字段“{name}”，此件没有可用的日期，"
            "到那里之前也没有必经的环节填写"
        )
        yield Obstacle(node.id, sentence)


def _obstacle(
    before: Process, after: Process, name: str, status: int, memory: dict[str, Any], new: Definition
) -> Obstacle | None:
    node = _node(before, plain(name))
    if node is None or node.kind == "boundaryEvent":
        return None  # the library's own, or a timer that may go
    if name not in after.spec.task_specs and not name.endswith(".BoundaryEventSplit"):
        sentence = f"“{node.label}”正在办理，新版本中没有它或改成了另一种环节"
        return Obstacle(node.id, sentence, gone=True)
    why = _why_not(before, after, node, status, memory, new)
    return Obstacle(node.id, why) if why else None


def _why_not(
    before: Process,
    after: Process,
    node: Node,
    status: int,
    memory: dict[str, Any],
    new: Definition,
) -> str:
    changes = _changes(before, after, node.id)
    if {"kind", "block", "called"} & set(changes):
        return f"“{node.label}”的种类或所在的并行分支变了"
    if status == TaskState.STARTED and (
        "signing" in changes or _timers(before, node.id) != _timers(after, node.id)
    ):
        return f"“{node.label}”正在进行，它的会签方式或定时器变了"
    if status == TaskState.COMPLETED and node.kind in SPLITTING and "flows" in changes:
        return f"“{node.label}”之后的分支正在办理，新版本改了这些分支"
    back = memory.get("back_to")
    if back and (back not in new.by_id or before.chain(back) != after.chain(back)):
        to = _node(before, back)
        name = to.label if to else back
        return f"“{node.label}”办完要回到的环节“{name}”在新版本中没有了"
    return ""


def moved_tree(
    state: dict[str, Any], old: Definition, new: Definition, run_topic: RunTopic | None
) -> CaseTree:
    """The case under the new version; steps that got or lost timers are entered afresh.

    A timer that waits and is drawn with another time waits for that one.
    """
    renewed = []
    for ident, rows in _trees(state, old):
        before, after = old.processes[ident], new.processes[ident]
        rows[:] = _kept(rows, after)
        for uuid, _, name, status, _, _ in rows:
            mine = _timers(before, name), _timers(after, name)
            if status & LIVE and mine[0] != mine[1] and mine[1]:
                renewed.append((uuid, name))
    tree = restore(state, new, run_topic)
    for uuid, name in renewed:
        task = next(task for task in tree.tasks_in(LIVE) if str(task.id) == uuid)
        jump(new, tree, task, name)
    for task in list(tree.event_manager.tasks.values()):
        ident = task.task_spec.bpmn_id
        if task.state == TaskState.WAITING and ident in retimed(old, new):
            task.task_spec.event_definition.read_again(task)
    return tree


def _kept(rows: list[list[Any]], after: Process) -> list[list[Any]]:
    """Rows of elements that are still there; what hung below a removed timer moves up."""
    kept: list[list[Any]] = []
    place: dict[int, int] = {-1: -1}
    for number, (uuid, above, *rest) in enumerate(rows):
        if rest[0] in after.spec.task_specs:
            place[number] = len(kept)
            kept.append([uuid, place[above], *rest])
        else:
            place[number] = place[above]
    return kept


def _trees(state: dict[str, Any], old: Definition) -> list[tuple[str, list[list[Any]]]]:
    inner = [(name, rows) for _, name, rows in state["inner"]]
    return [(old.process_id, state["tasks"]), *inner]


def _node(process: Process | None, element: str) -> Node | None:
    return process.graph.nodes.get(element) if process else None


def _timers(process: Process, element: str) -> list[str]:
    node = _node(process, element)
    return sorted(event.id for event in node.events) if node else []


def _changes(before: Process | None, after: Process | None, element: str) -> tuple[str, ...]:
    old, new = _node(before, element), _node(after, element)
    if before is None or old is None:
        return (ADDED,)
    if after is None or new is None:
        return (REMOVED,)
    one = {**_described(old), "block": before.chain(element)}
    two = {**_described(new), "block": after.chain(element)}
    return tuple(group for group in one if one[group] != two[group])


def _described(node: Node) -> dict[str, Any]:
    """What a change may touch, in the groups that an administrator is shown."""
    attributes = node.camunda
    return {
        "kind": node.kind,
        "label": node.name,
        "flows": [(flow.condition, flow.target, flow.name, flow.default) for flow in node.outgoing],
        "people": (attributes.get("assignee"), attributes.get("candidateGroups")),
        "form": attributes.get("formKey"),
        "signing": node.repeat,
        "timer": (node.timer, node.interrupting, node.attached_to),
        "topic": attributes.get("topic"),
        "called": node.called,
        "properties": node.properties,
    }
