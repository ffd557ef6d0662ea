"""Return, withdrawal and any other move of a token against the flows: a jump.

History is never touched. A jump may leave parallel branches and enter an inner process that has
ended, which then begins at the target. It may never enter a parallel branch, because the join
there would wait for tokens that do not exist, or fire too early.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow import spiff
from app.workflow.blocks import Chain
from app.workflow.definitions import Definition, Process
from app.workflow.errors import NotReachable
from app.workflow.language import levels
from app.workflow.spiff import LIVE, CaseTree
from app.workflow.tokens import open_tasks


@dataclass(frozen=True)
class _Place:
    """Where a target lies, seen from a token.

    here    the token, or what holds the process around it, at whose level the jump takes place
    way     the elements to enter from there, one in the other; the last one is the target
    inside  blocks around the first of them
    """

    here: Any
    way: Sequence[str]
    inside: Chain


def targets(definition: Definition, task: Any) -> list[str]:
    """Steps that a return from this task may name, in file order, its own step left out."""
    steps = [step.id for step in definition.steps if step.id != task.task_spec.bpmn_id]
    return [step for step in steps if _place(definition, task, step) is not None]


def can_come_back(definition: Definition, task: Any, target: str) -> bool:
    """Whether the way back from the target to this step is legal too.

    Never out of an inner process that is begun anew: its end has work of its own to do.
    """
    place = _place(definition, task, target)
    if place is None or len(place.way) > 1:
        return False
    process = _process(definition, place.here)
    back = definition.way_in(process, task.task_spec.bpmn_id)
    return back is not None and process.chain(back[0]) == place.inside


def jump(definition: Definition, tree: CaseTree, task: Any, target: str) -> Any:
    """Move the token of ``task`` to the step ``target`` and run on; the new token at the step.

    Tokens in other branches go on, unless the target lies outside of their block: then they are
    taken away with it. Raises NotReachable, having changed nothing.
    """
    place = _ensured_place(definition, task, target)
    process, inside = _process(definition, place.here), place.inside
    inner = place.here.workflow
    anchor = place.here.find_ancestor(inside[-1][0]) if inside else inner.task_tree
    leaving = [
        each
        for each in inner.tasks.values()
        if each.has_state(LIVE) and _within(inside, process.chain(each.task_spec.name))
    ]
    spiff.cancel(leaving)
    token = _enter(tree, anchor, place.way)
    spiff.advance(tree)
    return token


def _enter(tree: CaseTree, anchor: Any, way: Sequence[str]) -> Any:
    """Place a token at the first element; of a process in it, only what leads on is begun."""
    for element in way[:-1]:
        holder = _put(tree, anchor, element)
        anchor = spiff.begin_anew(tree, holder)
    return _put(tree, anchor, way[-1])


def _put(tree: CaseTree, anchor: Any, element: str) -> Any:
    """A token at the element itself, also where the library splits it for its timers."""
    specs = anchor.workflow.spec.task_specs
    split = specs.get(f"{element}.BoundaryEventSplit")
    if split is None:
        return spiff.place_token(tree, anchor, specs[element])
    above = spiff.place_token(tree, anchor, split)
    above.run()
    return next(child for child in above.children if child.task_spec.name == element)


def _place(definition: Definition, task: Any, target: str) -> _Place | None:
    """The nearest level from which the target can be come by; None where a block is between."""
    for here in levels(task):
        process = _process(definition, here)
        way = definition.way_in(process, target)
        if way is not None:
            inside = process.chain(way[0])
            legal = _within(inside, process.chain(here.task_spec.name))
            return _Place(here, way, inside) if legal else None
    return None


def _ensured_place(definition: Definition, task: Any, target: str) -> _Place:
    place = _place(definition, task, target)
    if place is None:
        known = definition.by_id.get(target)
        raise NotReachable(known.name if known else target)
    return place


def _within(outer: Chain, inner: Chain) -> bool:
    return inner[: len(outer)] == outer


def _process(definition: Definition, task: Any) -> Process:
    return definition.processes[task.workflow.spec.name]


def remember_way_back(token: Any, step: str) -> None:
    """When the step of this token is done, the token goes straight to ``step``."""
    token.internal_data["back_to"] = step


def way_back(task: Any) -> str | None:
    back: str | None = task.internal_data.get("back_to")
    return back


def actor_for(definition: Definition, tree: CaseTree, target: str, only: Iterable[str]) -> Any:
    """A live token from which ``target`` is legal, for an act that names no token of its own.

    ``only`` limits the choice to these tokens (all of them must be able to reach the target);
    empty means any. Raises NotReachable.
    """
    wanted = set(only)
    found = [task for task in open_tasks(tree) if not wanted or str(task.id) in wanted]
    for task in found:
        _ensured_place(definition, task, target)
    if not found:
        raise NotReachable(definition.step(target).name)
    return found[0]


def waits_at_join(definition: Definition, tree: CaseTree, step: str) -> bool:
    """Whether the branch of this step has come to its end and waits there for the others."""
    return _waiting(definition, tree, step) is not None


def leave_join(definition: Definition, tree: CaseTree, step: str) -> bool:
    """Take the token that waits at the end of the branch of a step back to the step.

    False when none waits there: the step is in no branch, or the branch is still under way.
    """
    waiting = _waiting(definition, tree, step)
    if waiting is None:
        return False
    split, arrived = waiting
    spiff.forget(arrived)
    _put(tree, split, step)
    spiff.advance(tree)
    return True


def _waiting(definition: Definition, tree: CaseTree, step: str) -> tuple[Any, Any] | None:
    """The open split around the step and the token that has arrived at its join, if any.

    Arrivals only count, so any of them stands for the branch, once nothing is under way in it.
    """
    process = definition.processes[definition.step(step).process_id]
    chain = process.chain(step)
    if not chain:
        return None
    inner = next((each for each in tree.trees() if each.spec.name == process.graph.id), None)
    if inner is None:
        return None
    live = [each for each in inner.tasks.values() if each.has_state(LIVE)]
    if any(_within(chain, process.chain(each.task_spec.name)) for each in live):
        return None
    for arrived in inner.tasks.values():
        counted = arrived.state in (TaskState.WAITING, TaskState.CANCELLED)
        if counted and spiff.is_join(arrived) and arrived.task_spec.split == chain[-1][0]:
            split = arrived.find_ancestor(arrived.task_spec.split)
            if any(split in _above(each) for each in live):
                return split, arrived
    return None


def _above(task: Any) -> list[Any]:
    found = []
    while task.parent is not None:
        task = task.parent
        found.append(task)
    return found
