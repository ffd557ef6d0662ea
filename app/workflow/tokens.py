"""Reading a tree: open steps, people, timers; and the difference that an act makes."""

import re
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow import expressions
from app.workflow.definitions import Definition
from app.workflow.errors import StepAlreadyDone
from app.workflow.language import levels, names_at
from app.workflow.moves import Move, Timer, Token
from app.workflow.spiff import CaseTree

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")


def open_tasks(tree: CaseTree) -> list[Any]:
    return [task for task in tree.tasks_in(TaskState.READY) if task.task_spec.manual]


def open_task(tree: CaseTree, uuid: str) -> Any:
    """Raises StepAlreadyDone when the token is gone."""
    for task in open_tasks(tree):
        if str(task.id) == uuid:
            return task
    raise StepAlreadyDone


def tokens(tree: CaseTree, definition: Definition) -> dict[str, Token]:
    return {str(task.id): _token(task, definition) for task in open_tasks(tree)}


def _token(task: Any, definition: Definition) -> Token:
    step = definition.step(task.task_spec.bpmn_id)
    return Token(str(task.id), step.id, step.name, person(task, step.assignee), step.groups)


def person(task: Any, assignee: str | None) -> str | None:
    """The login that the diagram names: written out, an element of a signing, or a variable."""
    if assignee is None:
        return signer(task)
    if not assignee.startswith("${"):
        return assignee
    value = names_at(task).get(expressions.reference(assignee) or "")
    return value if isinstance(value, str) and value else None


def signer(task: Any) -> str | None:
    """The person for whom this task, or the inner process around it, was opened."""
    for level in levels(task):
        place = level.internal_data.get("place")
        if place is not None:
            value = level.parent.internal_data["signers"][place]
            return value if isinstance(value, str) else None
    return None


def timers(tree: CaseTree) -> dict[str, Timer]:
    return {
        str(task.id): Timer(str(task.id), task.task_spec.bpmn_id, task.internal_data["due_text"])
        for task in tree.event_manager.tasks.values()
        if task.state == TaskState.WAITING
    }


Snapshot = tuple[dict[str, Token], dict[str, Timer]]


def snapshot(tree: CaseTree, definition: Definition) -> Snapshot:
    return tokens(tree, definition), timers(tree)


NOTHING: Snapshot = ({}, {})


def move(before: Snapshot, tree: CaseTree, definition: Definition) -> Move:
    """What the act changed, seen from the live tokens and timers alone."""
    after = snapshot(tree, definition)
    return Move(
        opened=tuple(token for uuid, token in after[0].items() if uuid not in before[0]),
        closed=tuple(uuid for uuid in before[0] if uuid not in after[0]),
        timers_opened=tuple(timer for uuid, timer in after[1].items() if uuid not in before[1]),
        timers_closed=tuple(uuid for uuid in before[1] if uuid not in after[1]),
        finished=bool(tree.completed),
        variables=dict(tree.variables),
        timers_changed=tuple(
            timer
            for uuid, timer in after[1].items()
            if uuid in before[1] and timer.text != before[1][uuid].text
        ),
    )
