"""What a name in the diagram means at a task, and the evaluator that the library is given."""

# mypy: allow-subclassing-any
# (the library has no types)

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from app.workflow import expressions
from app.workflow.errors import EngineFault


def levels(task: Any) -> Iterator[Any]:
    """The task, then the one that holds the process around it, and so on outwards."""
    while task is not None:
        yield task
        tree = task.workflow
        held = tree.parent_task_id
        task = tree.top_workflow.get_task_from_id(held) if held else None


def elements(task: Any) -> dict[str, Any]:
    """Element variables of the signings around a task, the inner ones winning."""
    found: dict[str, Any] = {}
    for level in levels(task):
        place, above = level.internal_data.get("place"), level.parent
        if place is not None and above is not None and above.task_spec.element:
            found.setdefault(above.task_spec.element, above.internal_data["signers"][place])
    return found


def names_at(task: Any) -> dict[str, Any]:
    """All names that an expression at this task may use."""
    values = dict(task.workflow.top_workflow.variables)
    if "outcome" in task.data:
        values["outcome"] = task.data["outcome"]
    values.update(elements(task))
    return values


class _NoPython(BasePythonScriptEngineEnvironment):
    """Some parts of the library pass the engine by; what they evaluate ends here."""

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> bool:
        return expressions.holds(expression, {**(external_context or {}), **context})

    def execute(self, script: str, context: Any, external_context: Any = None) -> None:
        raise EngineFault("脚本不允许执行")

    def call_service(self, context: Any, **_rest: Any) -> None:
        raise EngineFault("服务不允许直接调用")


class _Language(PythonScriptEngine):
    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        return expressions.holds(expression, names_at(task))

    def execute(self, task: Any, script: str, external_context: Any = None) -> None:
        self.environment.execute(script, task.data)

    def call_service(self, task: Any, **rest: Any) -> None:
        self.environment.call_service(task.data, **rest)


LANGUAGE = _Language(_NoPython())
