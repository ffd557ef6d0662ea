"""People of a running signing: one more (加签), one fewer (减签), one again (撤回)."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.workflow import spiff
from app.workflow.errors import NotASigning, SignerRefused
from app.workflow.expressions import MAX_COUNT
from app.workflow.language import levels
from app.workflow.spiff import CaseTree


def signing_of(task: Any) -> Any:
    """The running signing that a token belongs to. Raises NotASigning."""
    for level in levels(task):
        if level.parent is not None and isinstance(level.parent.task_spec, spiff.Signing):
            return level.parent
    raise NotASigning


def add(task: Any, person: str, position: str) -> None:
    """Places are never reused: the list of signers only grows, counts say who still matters."""
    step = signing_of(task)
    spec, memory = step.task_spec, step.internal_data
    if spec.repeat.cardinality is not None:
        raise NotASigning
    if person in asked(step):
        raise SignerRefused("此人已在会签名单中，不需重复添加。")
    place = len(memory["signers"])
    if place >= MAX_COUNT:
        raise SignerRefused(f"会签人员最多 {MAX_COUNT} 人。")
    memory["signers"].append(person)
    memory["asked"] += 1
    if not spec.repeat.sequential:
        spec.open_place(step, place)
    elif position == "first":
        _put_first(step, place)
    else:
        memory["remaining"].insert(0 if position == "next" else len(memory["remaining"]), place)


def remove(task: Any, person: str) -> Any:
    """Returns the signing, which may be over now."""
    step = signing_of(task)
    spec, memory = step.task_spec, step.internal_data
    waiting = [place for place in memory["remaining"] if memory["signers"][place] == person]
    present = [child for child in spec.open_children(step) if _who(step, child) == person]
    if not waiting and not present:
        raise SignerRefused("此人不在待签名单中，或已签署意见，不能减签。")
    if memory["asked"] == 1:
        raise SignerRefused("会签至少须保留一人；如不再需要会签，请退回上一环节。")
    memory["asked"] -= 1
    memory["remaining"] = [place for place in memory["remaining"] if place not in waiting]
    spiff.cancel(present)
    spec.settle(step)
    return step


def reopen(tree: CaseTree, step_id: str, person: str) -> bool:
    """Take one answer back while the signing runs; False when there is none to take back."""
    for step in list(tree.tasks_in(TaskState.STARTED)):
        if not isinstance(step.task_spec, spiff.Signing) or step.task_spec.bpmn_id != step_id:
            continue
        memory = step.internal_data
        for answer in reversed(memory["answers"]):
            place, _, by = answer
            if person in (by, memory["signers"][place]):
                memory["answers"].remove(answer)
                _reopen_place(step, place)
                return True
    return False


def asked(step: Any) -> set[Any]:
    """Everybody who counts: open, still to come, or answered."""
    memory = step.internal_data
    places = {child.internal_data["place"] for child in step.task_spec.open_children(step)}
    places |= {*memory["remaining"], *(answer[0] for answer in memory["answers"])}
    return {memory["signers"][place] for place in places}


def _who(step: Any, child: Any) -> Any:
    return step.internal_data["signers"][child.internal_data["place"]]


def _reopen_place(step: Any, place: int) -> None:
    if step.task_spec.repeat.sequential:
        _put_first(step, place)
    else:
        step.task_spec.open_place(step, place)


def _put_first(step: Any, place: int) -> None:
    """Now this place; the present signer waits directly behind it."""
    spec, memory = step.task_spec, step.internal_data
    present = spec.open_children(step)
    memory["remaining"][:0] = [child.internal_data["place"] for child in present]
    spiff.cancel(present)
    spec.open_place(step, place)
