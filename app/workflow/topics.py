"""The named operations that service tasks may run; filled once, at start-up."""

from collections.abc import Mapping
from typing import Any

from app.workflow.errors import BadVariable, EngineFault
from app.workflow.fields import Kind, checked
from app.workflow.moves import Registry, ServiceCall
from app.workflow.spiff import RunTopic

_operations: dict[str, Any] = {}
_results: dict[str, Mapping[str, Kind]] = {}


def register_topics(
    registry: Registry, results: Mapping[str, Mapping[str, Kind]] | None = None
) -> None:
    """Replace the registry. Called by create_app.

    results  topic to the variables that its operation always sets; diagrams may use these after
             the service task without declaring them
    """
    _operations.clear()
    _operations.update(registry)
    _results.clear()
    _results.update(results or {})


def known() -> frozenset[str]:
    return frozenset(_operations)


def results_of(topic: str) -> Mapping[str, Kind]:
    return _results.get(topic, {})


def runner(context: Any) -> RunTopic:
    """What the engine calls at a service task, with the caller's context bound to it."""

    def run(topic: str, element: str, variables: dict[str, Any]) -> None:
        operation = _operations.get(topic)
        if operation is None:
            raise EngineFault(f"服务任务 {element} 的主题 {topic} 没有登记")
        operation(ServiceCall(topic, element, variables, context))
        try:
            checked(variables)
        except BadVariable as error:
            raise EngineFault(f"服务任务 {element}（{topic}）：{error.message}") from error

    return run
