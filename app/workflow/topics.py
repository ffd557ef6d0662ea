"""The named operations that service tasks may run; filled once, at start-up."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.errors import DomainError
from app.workflow.errors import BadVariable, EngineFault
from app.workflow.fields import Kind, checked
from app.workflow.moves import Registry, ServiceCall
from app.workflow.spiff import RunTopic

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError, StaleDataError)
"""Trouble that is not the route's: locks, deadlocks, a full disk, a lost connection, a race."""

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


def _carry_out(operation: Any, call: ServiceCall) -> None:
    """Refusals pass as they are, and so does what the database may grant to the next attempt.

    Of anything else only the kind is told: what an error says may quote the document. The log
    has it all.
    """
    try:
        operation(call)
    except (DomainError, *PASSING):
        raise
    except Exception as error:
        log.exception("service task %s (%s) failed", call.element, call.topic)
        kind = type(error).__name__
        raise EngineFault(f"服务任务 {call.element}（{call.topic}）出错：{kind}") from error


def runner(context: Any) -> RunTopic:
    """What the engine calls at a service task, with the caller's context bound to it."""

    def run(topic: str, element: str, variables: dict[str, Any]) -> None:
        operation = _operations.get(topic)
        if operation is None:
            raise EngineFault(f"服务任务 {element} 的主题 {topic} 没有登记")
        _carry_out(operation, ServiceCall(topic, element, variables, context))
        try:
            checked(variables)
        except BadVariable as error:
            raise EngineFault(f"服务任务 {element}（{topic}）：{error.message}") from error

    return run
