"""A case in memory, without a database: what the random runs play on."""

from typing import Any

from app.workflow import acting, jumping, spiff, tokens
from app.workflow.acting import Act
from app.workflow.definitions import Definition, cached, digest
from app.workflow.parser import parse
from app.workflow.state import load_state, new_tree, save_state


def definition_of(files: dict[str, bytes], process: str = "p") -> Definition:
    sha256 = digest(process, files)
    return cached(sha256, lambda: parse(sha256, process, 1, "测试", files))


def nothing(_topic: str, _element: str, _variables: dict[str, Any]) -> None:
    """The operation of every service task."""


class Case:
    """One running case that can be saved and loaded between two acts."""

    def __init__(self, definition: Definition, variables: dict[str, Any]) -> None:
        self.definition = definition
        self.tree = new_tree(definition, dict(variables), nothing)

    def act(self) -> Act:
        return Act(self.definition, self.tree, tokens.NOTHING)

    def open(self) -> list[tuple[str, str | None]]:
        found = tokens.tokens(self.tree, self.definition).values()
        return sorted(((token.step, self._signer(token.uuid)) for token in found), key=str)

    def _signer(self, uuid: str) -> str | None:
        return tokens.signer(tokens.open_task(self.tree, uuid))

    def timers(self) -> list[str]:
        return sorted(timer.element for timer in tokens.timers(self.tree).values())

    def task(self, step: str, person: str | None = None) -> Any:
        return next(
            task
            for task in tokens.open_tasks(self.tree)
            if task.task_spec.bpmn_id == step and person in (None, tokens.signer(task))
        )

    def complete(self, step: str, person: str | None = None, outcome: str | None = None) -> None:
        acting.finish_step(self.act(), self.task(step, person), outcome, person)

    def fire(self, element: str) -> None:
        waiting = self.tree.event_manager.tasks.values()
        spiff.fire(self.tree, next(t for t in waiting if t.task_spec.bpmn_id == element))

    def jump(self, step: str, person: str | None, target: str) -> None:
        jumping.jump(self.definition, self.tree, self.task(step, person), target)

    def save(self) -> str:
        return save_state(self.tree)

    def reload(self, definition: Definition | None = None) -> None:
        self.definition = definition or self.definition
        self.tree = load_state(self.save(), self.definition, nothing)
