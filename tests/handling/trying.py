"""Acts that are ready to be done, one for each verb that moves a document, and what stops them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from app import audit, clock, workflow
from app.handling.acts import opening
from app.handling.acts.topics import TOPICS
from app.handling.errors import StepFault
from app.handling.models import Case, Task
from app.workflow import acting, tokens
from app.workflow.errors import EngineFault
from app.workflow.moves import ServiceCall
from app.workflow.spiff import CaseTree
from tests.features.rows import all_rows
from tests.handling.administering import SECOND, decide, propose
from tests.handling.signings import at_signing, present
from tests.handling.test_repairing import note
from tests.world import World

LEADERS = ["leader", "leader2", "leader3"]
CAUSE = "流程停住了"
Places = list[tuple[str, str | None]]


@contextmanager
def standstill() -> Iterator[list[Places]]:
    """No act can be kept, whatever it did; where the document would have been after each."""
    seen: list[Places] = []

    def refuse(tree: CaseTree) -> str:
        open_tasks = tokens.open_tasks(tree)
        seen.append(sorted((str(t.task_spec.bpmn_id), tokens.signer(t)) for t in open_tasks))
        raise EngineFault(CAUSE)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acting, "save_state", refuse)
        yield seen


@dataclass(frozen=True)
class Try:
    """An act that is ready to be done, and what the list of faults says of it."""

    act: Callable[[], Any]
    who: str
    words: str
    case: Case
    lies_at: str


def completing(world: World) -> Try:
    task = at(world, "dept_review")
    return Try(
        lambda: world.complete(task, "dept.head", "approve"),
        "dept.head", "在“部门负责人核稿”环节以“同意”办结时", world.case_of(task), "dept_review",
    )  # fmt: skip


def passing_on(world: World) -> Try:
    task = at_signing(world, "sequential", ["leader", "leader2"])
    return Try(
        lambda: world.complete(task, "leader", "approve", next=["leader3"]),
        "leader", "在“会签”环节以“同意会签”办结时", world.case_of(task), task.step,
    )  # fmt: skip


def returning(world: World) -> Try:
    task = at(world, "dept_review")
    return Try(
        lambda: world.send_back(task, "dept.head", "draft"),
        "dept.head", "退回到“拟稿”时", world.case_of(task), "dept_review",
    )  # fmt: skip


def returning_straight(world: World) -> Try:
    task = at(world, "office_check")
    return Try(
        lambda: world.send_back(task, "office.head", "draft", then="back_to_me"),
        "office.head", "退回到“拟稿”（改后直接送回）时", world.case_of(task), "office_check",
    )  # fmt: skip


def withdrawing(world: World) -> Try:
    task = at(world, "dept_review")
    sent = world.session.get_one(Task, task.sent_from_id)
    return Try(
        lambda: world.withdraw(sent, "drafter"),
        "drafter", "在“拟稿”环节撤回时", world.case_of(task), "dept_review",
    )  # fmt: skip


def withdrawing_an_answer(world: World) -> Try:
    task = at_signing(world, "parallel", LEADERS)
    mine = present(world, task)["leader2"]
    world.complete(mine, "leader2", "approve")
    return Try(
        lambda: world.withdraw(mine, "leader2"),
        "leader2", "撤回时", world.case_of(task), task.step,
    )  # fmt: skip


def withdrawing_from_some(world: World) -> Try:
    task = at_signing(world, "parallel", LEADERS)
    seen = present(world, task)["leader2"]
    with clock.moved_to(world.at):
        opening.open_task(world.session, world.actor("leader2"), seen.id)
        world.session.commit()
    sent = world.session.get_one(Task, task.sent_from_id)
    return Try(
        lambda: world.withdraw(sent, "office.head"),
        "office.head", "撤回时", world.case_of(task), task.step,
    )  # fmt: skip


def adding_signers(world: World) -> Try:
    task = at_signing(world, "sequential", LEADERS)
    name = world.actor("secretary").name
    return Try(
        lambda: world.add_signers(task, "leader", ["secretary"], "before"),
        "leader", f"加签{name}（在本人之前）时", world.case_of(task), task.step,
    )  # fmt: skip


def removing_a_signer(world: World) -> Try:
    task = at_signing(world, "parallel", LEADERS)
    name = world.actor("leader3").name
    return Try(
        lambda: world.remove_signer(task, "drafter", "leader3"),
        "drafter", f"减签{name}时", world.case_of(task), task.step,
    )  # fmt: skip


def moving_by_administrators(world: World) -> Try:
    task = at(world, "dept_review")
    proposal = propose(world, world.case_of(task), "move", task, "office_check")
    return Try(
        lambda: decide(world, proposal),
        SECOND, "跳转到“办公室负责人把关”时", world.case_of(task), "dept_review",
    )  # fmt: skip


def at(world: World, step: str) -> Task:
    task = world.run(world.draft(), until=step)
    assert task is not None
    return task


VERBS = [
    *(completing, passing_on, returning, returning_straight),
    *(withdrawing, withdrawing_an_answer, withdrawing_from_some),
    *(adding_signers, removing_a_signer, moving_by_administrators),
]


def fails(world: World, act: Callable[[], Any]) -> None:
    """As web does it: the act is undone, and what it leaves is written afterwards."""
    with pytest.raises(StepFault, match="无法继续") as refusal:
        act()
    note(world, refusal.value)


def changed(world: World, before: dict[str, Any]) -> set[str]:
    return {name for name, rows in all_rows(world.session).items() if rows != before[name]}


def raised(world: World, case: Case) -> list[str | None]:
    entries = audit.case_entries(world.session, case.id)
    return [each.reason for each in entries if each.action == "incident.raised"]


@contextmanager
def services(**topics: Callable[[ServiceCall], None]) -> Iterator[None]:
    """Service steps besides the shipped ones, or in place of them."""
    workflow.register_topics({**TOPICS, **topics})
    yield
    workflow.register_topics(TOPICS)


def give_way(_call: ServiceCall) -> None:
    raise ConnectionError
