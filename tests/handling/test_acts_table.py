"""docs/acts.md, cell by cell: each act at each kind of stage, on three routes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app import ROOT, clock
from app.audit import case_entries
from app.errors import Conflict, Invalid, NotAllowed
from app.handling.acts import leaving, opening
from app.handling.acts.cancelling import cancel
from app.handling.acts.circulating import Circulate, circulate
from app.handling.acts.deciding import decide
from app.handling.acts.done import Done
from app.handling.acts.intervening import Proposal, propose
from app.handling.acts.urging import urge
from app.handling.models import Opinion, Task
from app.handling.replaying.rebuilding import rebuild
from app.workflow import checks, trial
from tests.faults.invariants import violations
from tests.handling import stages
from tests.handling.stages import LOGINS, ROUTES, STAGES, P, Q, X, Y
from tests.world import World

REFUSED = "–"
NAMES = {login: name for name, login in LOGINS.items()}


@dataclass
class Stage:
    """A case at its stage; ``stay`` finds the open stay there that lies with somebody."""

    world: World
    done: Done
    sent: Task

    def open(self) -> list[Task]:
        return [task for task in self.world.open(self.done.case) if task.step != "aside"]

    def stay(self, login: str) -> Task:
        return next(task for task in self.open() if login in self.world.holders(task))

    def finish(self, login: str) -> Task:
        task = self.stay(login)
        self.world.complete(task, login)
        return task

    def look(self, login: str) -> None:
        self.act(opening.open_task, login, self.stay(login).id)

    def act(self, operation: Callable[..., Any], login: str, *values: Any, **more: Any) -> Any:
        """Any operation by somebody, in a transaction of its own."""
        with clock.moved_to(self.world.at):
            result = operation(self.world.session, self.world.actor(login), *values, **more)
            self.world.session.commit()
        return result

    def measure(self, kind: str, task: Task | None = None, to: str | None = None) -> None:
        """One process administrator asks for it, the other one agrees."""
        wanted = Proposal(kind, "卡住了。", "局长批示", task and task.id, to)
        proposed = self.act(propose, "process.admin", self.done.case.id, wanted)
        self.act(decide, "process.admin2", proposed.id, agree=True)

    def standing(self) -> str:
        """What the table calls the present state."""
        if self.done.case.state == "cancelled":
            return "end"
        open_ = self.open()
        steps = {task.step for task in open_}
        if steps <= {"before", "next"}:
            return steps.pop() if steps else "next"
        return " ".join(sorted(NAMES[self.world.holders(task)[0]] for task in open_))


def finish_both(stage: Stage) -> None:
    stage.finish(P)
    stage.finish(Q)


def finish_all(stage: Stage) -> None:
    while "stage" in {task.step for task in stage.open()}:
        task = next(task for task in stage.open() if task.step == "stage")
        stage.world.complete(task, stage.world.holders(task)[0])


def hand_over(stage: Stage) -> None:
    stage.world.hand_over(stage.stay(P), P, X)


def hand_over_and_finish(stage: Stage) -> None:
    hand_over(stage)
    stage.finish(X)


def hand_over_and_take_back(stage: Stage) -> None:
    task = stage.stay(P)
    stage.world.hand_over(task, P, X)
    stage.world.withdraw(task, P)


def ask(stage: Stage) -> None:
    stage.world.hand_over(stage.stay(P), P, X, "consult")


def ask_and_answer(stage: Stage) -> None:
    ask(stage)
    stage.finish(X)


def ask_and_take_back(stage: Stage) -> None:
    task = stage.stay(P)
    stage.world.hand_over(task, P, X, "consult")
    stage.look(X)
    stage.world.withdraw(task, P, "不再等候。")


def send_back(stage: Stage) -> None:
    stage.world.send_back(stage.stay(P), P, "before")


def send_back_straight(stage: Stage) -> None:
    stage.world.send_back(stage.stay(P), P, "before", then="back_to_me")
    stage.world.complete(stage.open()[0], "office.head")


def finish_and_take_back(stage: Stage) -> None:
    stage.world.withdraw(stage.finish(P), P)


def take_back_late(stage: Stage) -> None:
    task = stage.finish(P)
    stage.look(Q)
    stage.world.withdraw(task, P)


def take_back(stage: Stage) -> None:
    stage.world.withdraw(stage.sent, "office.head")


def take_back_from_who_has_not_opened(stage: Stage) -> None:
    stage.look(P)
    take_back(stage)


def add(position: str) -> Callable[[Stage], None]:
    return lambda stage: stage.world.add_signers(stage.stay(P), P, [X], position) and None


def add_before_and_finish(stage: Stage) -> None:
    add("before")(stage)
    stage.finish(X)


def add_after_and_finish(stage: Stage) -> None:
    add("after")(stage)
    stage.finish(P)


def let_off(stage: Stage) -> None:
    stage.world.remove_signer(stage.stay(P), "office.head", Q)


def finish_by_agent(stage: Stage) -> None:
    delegation = stage.world.delegate(P, Y, with_inbox=True)
    stage.finish(Y)
    stage.world.take_back(P, delegation)


def circulated(stage: Stage) -> None:
    stage.act(circulate, P, stage.done.case.document_id, Circulate(readers=[X]))


def suspended(stage: Stage) -> None:
    stage.measure("suspend")
    stage.finish(P)


def resumed(stage: Stage) -> None:
    stage.measure("suspend")
    stage.measure("resume")
    stage.finish(P)


def leave(stage: Stage) -> None:
    prepared = stage.act(leaving.prepare, "system.admin", P, X, "调离。")
    stage.act(leaving.confirm, "unit.head", prepared.id)


ACTS: dict[str, Callable[[Stage], object]] = {
    "P finishes": lambda stage: stage.finish(P),
    "P and Q finish": finish_both,
    "everybody finishes": finish_all,
    "P hands over to X": hand_over,
    "P hands over to X, X finishes": hand_over_and_finish,
    "P hands over to X and takes it back": hand_over_and_take_back,
    "P asks X": ask,
    "P asks X, X answers": ask_and_answer,
    "P asks X and takes it back": ask_and_take_back,
    "P returns to before": send_back,
    "P returns straight, before finishes": send_back_straight,
    "P finishes and takes it back": finish_and_take_back,
    "P finishes, Q opens, P takes it back": take_back_late,
    "the office takes it back": take_back,
    "P opens, the office takes it back": take_back_from_who_has_not_opened,
    "P adds X before": add("before"),
    "P adds X before, X finishes": add_before_and_finish,
    "P adds X after": add("after"),
    "P adds X after, P finishes": add_after_and_finish,
    "P adds X beside": add("parallel"),
    "the office lets Q off": let_off,
    "P's agent finishes": finish_by_agent,
    "P circulates to X": circulated,
    "the office urges P": lambda stage: stage.act(urge, "office.head", stage.stay(P).id, "请办。"),
    "the drafter cancels": lambda stage: stage.act(
        cancel, "drafter", stage.done.case.id, "不发了。"
    ),
    "administrators move P to before": lambda stage: stage.measure("move", stage.stay(P), "before"),
    "administrators reassign P to X": lambda stage: stage.measure("reassign", stage.stay(P), X),
    "suspended, P finishes": suspended,
    "suspended and resumed, P finishes": resumed,
    "P leaves, X succeeds": leave,
}


def table() -> list[tuple[str, str, str]]:
    """(act, stage, what it leaves) of every cell."""
    text = (ROOT / "docs/acts.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and not re.match(r"\|[-| ]+\|$", line)
    ]
    assert [len(row) for row in rows] == [len(STAGES) + 1] * len(rows)
    return [
        (row[0], stage, cell)
        for row in rows[1:]
        for stage, cell in zip(STAGES, row[1:], strict=True)
    ]


def test_the_page_and_this_file_name_the_same_acts() -> None:
    assert {act for act, _, _ in table()} == set(ACTS)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("kind", STAGES)
def test_every_act_leaves_what_the_page_says(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, route: str
) -> None:
    """One published route carries a new case for each act."""
    monkeypatch.setattr(trial, "limited_walks", checks.quick)
    stages.in_force(world.session, stages.files(kind, route))
    wrong = []
    for act, stage, promised in table():
        if stage != kind:
            continue
        found = _played(begun(world), ACTS[act])
        expected = said_for(promised, route)
        if found != expected:
            wrong.append(f"{act}: {found!r}, the page says {expected!r}")
    assert not wrong, "\n".join(wrong)


def said_for(cell: str, route: str) -> str:
    """A cell may say otherwise for a route: ``P; called –``."""
    usual, *others = (part.strip() for part in cell.split(";"))
    said = next((each.split()[1] for each in others if each.startswith(route)), usual)
    return " ".join(sorted(said.split()))


def begun(world: World) -> Stage:
    done = world.draft(countersigners=[P, Q, stages.R])
    sent = world.run(done, until="before")
    assert sent is not None
    world.complete(sent, "office.head")
    return Stage(world, done, sent)


def _played(stage: Stage, act: Callable[[Stage], object]) -> str:
    entries = len(case_entries(stage.world.session, stage.done.case.id))
    try:
        act(stage)
    except (Invalid, Conflict, NotAllowed, StopIteration):
        stage.world.session.rollback()
        return REFUSED
    check(stage, entries)
    return stage.standing()


def check(stage: Stage, entries_before: int) -> None:
    """Nothing lost, nothing twice, and the record tells the same as the tables."""
    session, case = stage.world.session, stage.done.case
    open_ = stage.world.open(case)
    assert len({task.token for task in open_}) == len(open_), "a token twice"
    assert all(stage.world.holders(task) for task in open_), "a stay without anybody"
    entries = case_entries(session, case.id)
    assert len(entries) > entries_before
    said = rebuild(entries)
    assert (said.state, said.open) == (case.state, {task.id for task in open_})
    opinions = {row.task_id for row in session.query(Opinion).filter_by(case_id=case.id)}
    assert said.opinion_stays == opinions, "an opinion that the record does not have"
    assert violations(session, case_id=case.id) == {}
