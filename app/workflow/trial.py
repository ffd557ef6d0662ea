"""A definition played at random before anybody depends on it.

Runs in a process of its own with limits on time and memory, so that no drawing can hurt the
server (trial_process.py).
"""

import base64
import json
import random
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.errors import DomainError
from app.workflow import acting, jumping, spiff, tokens
from app.workflow.definitions import Definition
from app.workflow.expressions import ExpressionError, condition
from app.workflow.fields import Kind
from app.workflow.graph import Node
from app.workflow.state import load_state, new_tree, save_state

SECONDS = 18  # on the clock, for a busy machine; what counts is the processor time
AT_ONCE = threading.BoundedSemaphore(2)
"""Trials that one server process runs at the same time."""
PATIENCE = 5
"""Seconds to wait for a place; with SECONDS less than a database lets a transaction idle (30)."""
BUSY = "系统繁忙，试运行没有做完，请稍后重试"
WALKS = 200
MAX_ACTS = 400
PEOPLE = ["person1", "person2", "person3"]


def walks(
    definition: Definition, variables: Mapping[str, Kind], count: int, seed: int = 0
) -> list[tuple[str, str]]:
    """Play ``count`` random walks, saved and loaded at each act; faults as (element, sentence)."""
    chance = random.Random(seed)  # noqa: S311  (chooses ways through a drawing, no secret)
    values = _values(definition, variables)
    returned: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], None] = {}
    for _ in range(count):
        walk = _Walk(definition, chance, values, returned)
        try:
            with acting.engine_faults():
                walk.run()
        except DomainError as error:
            detail = getattr(error, "detail", error.message)
            found[walk.at, f"试运行在这里走不下去：{detail}"] = None
        except _Endless:
            found[walk.at, f"试运行走了 {MAX_ACTS} 步还没有结束，请检查循环的出口"] = None
    return list(found)


class _Endless(Exception):
    pass


class _Walk:
    def __init__(
        self,
        definition: Definition,
        chance: random.Random,
        values: Mapping[str, list[Any]],
        returned: set[tuple[str, str]],
    ) -> None:
        self.definition = definition
        self.chance = chance
        self.values = values
        self.returned = returned
        self.at = definition.process_id

    def variables(self) -> dict[str, Any]:
        return {name: self.chance.choice(values) for name, values in self.values.items()}

    def run(self) -> None:
        tree = new_tree(self.definition, self.variables(), _pass)
        for number in range(MAX_ACTS):
            if tree.completed:
                return
            tree = load_state(save_state(tree), self.definition, _pass)
            if not tree.completed:
                self.act(tree, hurried=number > MAX_ACTS // 4)
        raise _Endless

    def act(self, tree: spiff.CaseTree, hurried: bool) -> None:
        """Complete an open step, go back from it, or let a timer run out."""
        steps, timers = tokens.open_tasks(tree), list(tokens.timers(tree).values())
        if timers and (not steps or self.chance.random() < 0.2):
            timer = self.chance.choice(timers)
            self.at = timer.element
            waiting = tree.event_manager.tasks.values()
            spiff.fire(tree, next(task for task in waiting if str(task.id) == timer.token))
            return
        task = self.chance.choice(steps)
        self.at = task.task_spec.bpmn_id
        ways_back = [(self.at, each) for each in jumping.targets(self.definition, task)]
        untried = [way for way in ways_back if way not in self.returned]
        if untried and not hurried:
            self.returned.add(untried[0])
            jumping.jump(self.definition, tree, task, untried[0][1])
            return
        tree.variables.update(self.variables())
        step = self.definition.step(self.at)
        chosen = self.chance.choice(step.outcomes).key if step.outcomes else None
        act = acting.Act(self.definition, tree, tokens.NOTHING)
        acting.finish_step(act, task, chosen, None)


def _pass(_topic: str, _element: str, _variables: dict[str, Any]) -> None:
    """Topics are not run in a trial."""


def _values(definition: Definition, variables: Mapping[str, Kind]) -> dict[str, list[Any]]:
    """For each variable the values that make a difference, and one that makes none."""
    compared = _compared(definition)
    return {name: _some(kind, compared.get(name, [])) for name, kind in variables.items()}


def _some(kind: Kind, literals: list[Any]) -> list[Any]:
    match kind:
        case Kind.YES_NO:
            return [True, False]
        case Kind.NUMBER:
            numbers = [each for each in literals if isinstance(each, int | float)] or [1]
            return sorted({each + step for each in numbers for step in (-1, 0, 1)})
        case Kind.LIST:
            texts = [each for each in literals if isinstance(each, str)]
            return [PEOPLE[:1], [*PEOPLE, *texts], [*texts, *PEOPLE[:2]]]
        case Kind.DATE:
            return ["2026-03-05", "2030-12-31"]
        case Kind.PERSON:
            return [PEOPLE[0]]
        case _:
            return [each for each in literals if isinstance(each, str)] + ["其他"]


def _compared(definition: Definition) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for process in definition.processes.values():
        for flow in process.graph.flows:
            try:
                literals = condition(flow.condition).literals if flow.condition else ()
            except ExpressionError:
                continue
            for name, value in literals:
                found.setdefault(name, []).append(value)
    return found


def nodes_of(definition: Definition) -> Mapping[str, tuple[str, Node]]:
    """Element to its file and node, to point at."""
    return {
        node.id: (process.graph.file, node)
        for process in definition.processes.values()
        for node in process.graph.nodes.values()
    }


# --- in a process of its own


def limited_walks(
    definition: Definition, variables: Mapping[str, Kind], count: int = WALKS
) -> list[tuple[str, str]]:
    """The same under limits: 5 s of processor, 512 MiB, SECONDS in all, two at once."""
    if not AT_ONCE.acquire(timeout=PATIENCE):
        return [("", BUSY)]
    try:
        return _in_another_process(definition, variables, count)
    finally:
        AT_ONCE.release()


def _in_another_process(
    definition: Definition, variables: Mapping[str, Kind], count: int
) -> list[tuple[str, str]]:
    request = {
        "process": definition.process_id,
        "files": {name: base64.b64encode(data).decode() for name, data in definition.files.items()},
        "variables": dict(variables),
        "count": count,
    }
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "app.workflow.trial_process"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            cwd=Path(__file__).parents[2],  # where the package lies
            check=True,
        )
        return [(str(element), str(sentence)) for element, sentence in json.loads(answer.stdout)]
    except subprocess.TimeoutExpired:
        return [("", BUSY)]
    except (subprocess.SubprocessError, ValueError):
        return [("", "试运行超出时间或内存的限制，请简化流程图")]
