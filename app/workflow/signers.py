"""People of a running signing: more (加签), one fewer (减签), one again (撤回)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from SpiffWorkflow.util.task import TaskState

from app.workflow import spiff, turns
from app.workflow.errors import NotASigning, SignerRefused
from app.workflow.expressions import MAX_COUNT
from app.workflow.language import levels
from app.workflow.spiff import CaseTree
from app.workflow.turns import Position


@dataclass(frozen=True)
class Signer:
    """One person of a running signing.

    person  whom the signing names; whoever acts in his stead changes nothing here
    state   ``signed``; ``present``: his turn is now; ``waiting``: it comes later
    by      login of who added him; None for those whom the case named at the start
    """

    person: str
    state: Literal["signed", "present", "waiting"]
    by: str | None


def signing_of(task: Any) -> tuple[Any, int]:
    """The running signing that a token belongs to, and its place there. Raises NotASigning."""
    for level in levels(task):
        if level.parent is not None and isinstance(level.parent.task_spec, spiff.Signing):
            return level.parent, level.internal_data["place"]
    raise NotASigning


def add(task: Any, people: Sequence[str], position: Position, by: str | None = None) -> None:
    """Ask more people, in this order, before, after or beside the place of the token.

    Before: the token is gone and its place waits until they are done. After: they wait for it.
    Beside: all of them at once with it. Raises SignerRefused for somebody who is asked already.
    """
    step, anchor = signing_of(task)
    if step.task_spec.repeat.cardinality is not None:
        raise NotASigning
    memory = step.internal_data
    for person in people:
        if person in asked(step):
            raise SignerRefused("此人已在会签名单中，不需重复添加。")
        if len(memory["signers"]) >= MAX_COUNT:
            raise SignerRefused(f"会签人员最多 {MAX_COUNT} 人。")
        place = turns.put(memory, person, position, anchor, by)
        anchor = place if position == "after" else anchor
    step.task_spec.follow(step)


def remove(task: Any, person: str) -> Any:
    """Returns the signing, which may be over now."""
    step, _ = signing_of(task)
    memory = step.internal_data
    found = [place for place in turns.left(memory) if memory["signers"][place] == person]
    if not found:
        raise SignerRefused("此人不在待签名单中，或已签署意见，不能减签。")
    if len(turns.asked(memory)) == 1:
        raise SignerRefused("会签至少须保留一人；如不再需要会签，请退回上一环节。")
    turns.take_off(memory, found[0])
    step.task_spec.settle(step)
    return step


def reopen(tree: CaseTree, step_id: str, person: str) -> bool:
    """Take the answer of one person back while the signing runs; False when there is none.

    person  whom the signing names for the place, whoever acted in his stead
    Whatever his answer has opened and nobody has answered waits behind him again.
    """
    for step in list(tree.tasks_in(TaskState.STARTED)):
        if not isinstance(step.task_spec, spiff.Signing) or step.task_spec.bpmn_id != step_id:
            continue
        memory = step.internal_data
        for answer in memory["answers"]:
            if memory["signers"][answer[0]] == person:
                memory["answers"].remove(answer)
                step.task_spec.follow(step)
                return True
    return False


def asked(step: Any) -> set[Any]:
    """Everybody who counts: open, still to come, or answered."""
    memory = step.internal_data
    return {memory["signers"][place] for place in turns.asked(memory)}


def standing(task: Any) -> tuple[Signer, ...]:
    """Everybody who counts in the signing of a token, in the order of their turns."""
    step, _ = signing_of(task)
    memory = step.internal_data
    later, now = set(turns.left(memory)), set(turns.due(memory))
    return tuple(
        Signer(
            str(memory["signers"][place]),
            "present" if place in now else "waiting" if place in later else "signed",
            memory["places"][place][2],
        )
        for place in turns.in_order(memory)
    )
