"""The state row of a case: what can still matter, and nothing else.

Saving is folding. Only essential tasks are written, each under its nearest essential ancestor, so
that the row is as long at step 400 as at step 8. What lies ahead is worked out again at load.
"""

import json
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow import spiff
from app.workflow.definitions import Definition
from app.workflow.errors import EngineFault
from app.workflow.spiff import LIVE, CaseTree, RunTopic

FORMAT = 1


def new_tree(
    definition: Definition, variables: dict[str, Any], run_topic: RunTopic | None
) -> CaseTree:
    spec = definition.processes[definition.process_id].spec
    tree = CaseTree(spec, definition.called, variables, run_topic)
    spiff.advance(tree)
    return tree


def save_state(tree: CaseTree) -> str:
    """One JSON text. Refuses (EngineFault) a case in which nothing could ever happen again."""
    check_alive(tree)
    inner = [
        [str(holder), each.spec.name, _rows(each)]
        for holder, each in tree.subprocesses.items()
        if not each.completed
    ]
    state = {
        "format": FORMAT,
        "finished": tree.completed,
        "variables": tree.variables,
        "tasks": _rows(tree),
        "inner": inner,
    }
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def load_state(text: str, definition: Definition, run_topic: RunTopic | None = None) -> CaseTree:
    return restore(json.loads(text), definition, run_topic)


def restore(
    state: dict[str, Any], definition: Definition, run_topic: RunTopic | None = None
) -> CaseTree:
    """Raises EngineFault for a format that this program does not know."""
    if state["format"] != FORMAT:
        raise EngineFault(f"案件状态格式 {state['format']} 不能识别，请先升级程序")
    spec = definition.processes[definition.process_id].spec
    tree = CaseTree(spec, definition.called, state["variables"], run_topic, restoring=True)
    tree.completed = state["finished"]
    spiff.restore_rows(tree, state["tasks"])
    for ident, name, rows in state["inner"]:  # outer before inner
        holder = next(task for task in tree.tasks_in(LIVE) if str(task.id) == ident)
        spiff.restore_inner(tree, holder, name, rows)
    spiff.predict(tree)
    return tree


def essential(tree: Any) -> set[Any]:
    """Ids of the tasks that can still influence the case.

    The root; every live task; the splits of the blocks that are open around one, with the tokens
    that have reached their joins; the inserted split directly above a step with timers.
    """
    keep, open_splits = {tree.task_tree.id}, set()
    arrived = []
    for task in tree.tasks.values():
        if task.has_state(LIVE):
            if not spiff.is_waiting_join(task):
                keep.add(task.id)
                open_splits |= _open_around(task, keep)
        elif task.state == TaskState.CANCELLED and spiff.is_join(task):
            arrived.append(task)
    for task in arrived:
        scope = task.find_ancestor(task.task_spec.split)
        if scope is not None and scope.id in open_splits:
            keep.add(task.id)
    return keep | open_splits


def _open_around(task: Any, keep: set[Any]) -> set[Any]:
    """Splits of the open blocks above a live task; older instances of a split are history."""
    found, behind = set(), set()
    above = task.parent
    if above is not None and spiff.is_event_split(above):
        keep.add(above.id)
    while above is not None:
        if spiff.is_block(above) and above.state == TaskState.COMPLETED:
            gateway = above.task_spec
            if gateway.split:
                behind.add(gateway.split)
            elif gateway.join and gateway.name not in behind:
                found.add(above.id)
                behind.add(gateway.name)
        above = above.parent
    return found


def _rows(tree: Any) -> spiff.Rows:
    keep = essential(tree)
    found: spiff.Rows = []
    stack = [(tree.task_tree, -1)]
    while stack:
        task, above = stack.pop()
        if task.id in keep:
            data = task.data if task.has_state(LIVE) and task.data else 0
            name = task.task_spec.name
            found.append([str(task.id), above, name, task.state, data, task.internal_data or 0])
            above = len(found) - 1
        stack += [
            (child, above) for child in reversed(task.children) if child.state >= TaskState.WAITING
        ]
    return found


def check_alive(tree: CaseTree) -> None:
    """The last guard before a case is written.

    The library stops without a word at depth 1000 and then calls the case finished.
    """
    ready = list(tree.tasks_in(TaskState.READY))
    if any(not task.task_spec.manual for task in ready):
        raise EngineFault("有自动步骤没有执行完")
    waiting = any(task.state == TaskState.WAITING for task in tree.event_manager.tasks.values())
    if tree.completed and (ready or waiting):
        raise EngineFault("流程已到结束，但还有未办的环节")
    if not tree.completed and not ready and not waiting:
        raise EngineFault("流程停住了：没有可办的环节，也没有等待中的定时器")
