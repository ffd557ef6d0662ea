"""The usual way from here to the end, played on a copy: what a person may expect, not a promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.errors import DomainError
from app.workflow import acting, spiff, tokens
from app.workflow.definitions import Definition
from app.workflow.expressions import condition
from app.workflow.loading import definition as definition_of
from app.workflow.models import WorkflowCase
from app.workflow.moves import Token
from app.workflow.spiff import CaseTree, RunTopic
from app.workflow.state import check_alive, load_state

MOST = 40
"""Steps to come; a route that is longer is cut off."""

SOMEBODY = "-"
"""Stands for people whom nobody has named yet; no login looks like this."""


@dataclass(frozen=True)
class Expected:
    """A step to come.

    token      ``person`` is None also where the diagram takes people that nobody has named yet
    branches   the step has several outcomes; what follows it is the first one
    variables  of the case when it gets there
    """

    token: Token
    branches: bool
    variables: Mapping[str, Any]


def usual_way(
    session: Session, case: WorkflowCase, results: Mapping[str, Mapping[str, Any]]
) -> list[Expected]:
    """Every step to come, if each one takes its first outcome and nobody sends back.

    results  topic to the variables that its service task would set
    Stops where the way cannot be known, or where it would go round a second time.
    """
    definition = definition_of(session, case.sha256)
    return play_on(load_state(case.state, definition, pretending(results)), definition)


def play_on(tree: CaseTree, definition: Definition) -> list[Expected]:
    """The same from a tree in memory, which is played to its end and good for nothing afterwards.

    tree  loaded with a runner of :func:`pretending`
    """
    _name_somebody(tree.variables, definition)
    act = acting.Act(definition, tree, tokens.NOTHING)
    known = set(tokens.tokens(tree, definition))
    found: list[Expected] = []
    try:
        while not tree.completed and len(found) < MOST:
            _step(act)
            for uuid, token in tokens.tokens(tree, definition).items():
                if uuid in known:
                    continue
                step = _expected(act, token)
                if any(_same(each, step) for each in found):
                    return found
                known.add(uuid)
                found.append(step)
    except DomainError:
        return found
    return found


def asked(definition: Definition) -> frozenset[str]:
    """Variables that conditions on the way look at; an outcome is none of them."""
    names: set[str] = set()
    for process in definition.processes.values():
        for flow in process.graph.flows:
            if flow.condition and flow.outcome is None:
                names |= condition(flow.condition).names
    return frozenset(names)


def deciding(definition: Definition) -> frozenset[str]:
    """Variables on which the way depends, or who gets the case."""
    names = set(asked(definition))
    for step in definition.steps:
        names |= {step.signing.collection} if step.signing else set()
        names |= {step.properties["scope"]} if step.properties.get("scope") else set()
    return frozenset(names)


def _step(act: acting.Act) -> None:
    """Complete the oldest open step with its first outcome, and run on.

    Where all wait for time, let the oldest timer run out.
    """
    with acting.engine_faults():
        steps = tokens.open_tasks(act.tree)
        if steps:
            outcomes = act.definition.step(steps[0].task_spec.bpmn_id).outcomes
            acting.finish_step(act, steps[0], outcomes[0].key if outcomes else None, None)
        else:
            spiff.fire(act.tree, next(iter(act.tree.event_manager.tasks.values())))
        check_alive(act.tree)


def _expected(act: acting.Act, token: Token) -> Expected:
    person = None if token.person == SOMEBODY else token.person
    step = act.definition.step(token.step)
    return Expected(
        token=Token(token.uuid, token.step, token.name, person, token.groups),
        branches=len(step.outcomes) > 1,
        variables=dict(act.tree.variables),
    )


def _same(one: Expected, other: Expected) -> bool:
    """The same step for the same person with nothing changed: from here on the way repeats."""
    places = [(each.token.step, each.token.person, each.variables) for each in (one, other)]
    return places[0] == places[1]


def _name_somebody(variables: dict[str, Any], definition: Definition) -> None:
    for step in definition.steps:
        if step.signing is not None and not variables.get(step.signing.collection):
            variables[step.signing.collection] = [SOMEBODY]


def pretending(
    results: Mapping[str, Mapping[str, Any]], passed: list[str] | None = None
) -> RunTopic:
    """In place of the operations: a topic sets its results; ``passed`` gets the elements."""

    def run(topic: str, element: str, variables: dict[str, Any]) -> None:
        variables.update(results.get(topic, {}))
        if passed is not None:
            passed.append(element)

    return run
