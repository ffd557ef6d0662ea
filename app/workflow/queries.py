"""Reading definitions and cases; nothing here changes anything."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow import acting, jumping, spiff, terms, tokens, ways
from app.workflow import signers as signings
from app.workflow.definitions import Definition, Step, cached
from app.workflow.errors import NoCase, NoDefinition
from app.workflow.fields import checked
from app.workflow.loading import definition
from app.workflow.models import CaseStatus, DefinitionRow, DefinitionState, WorkflowCase
from app.workflow.moves import Move, Timer, Token
from app.workflow.spiff import RunTopic
from app.workflow.state import check_alive, new_tree, save_state


@dataclass(frozen=True)
class Version:
    """One published version, for lists. ``called``: called process to sha256 of its file."""

    sha256: str
    process_id: str
    name: str
    version: int
    state: str
    shipped: bool
    called: Mapping[str, str]
    submitted_by: int | None
    submitted_at: datetime
    decided_by: int | None
    decided_at: datetime | None


def in_force(session: Session, process_id: str, unit_id: int | None = None) -> Definition:
    """What a new case of this process runs on in a unit; None for the office's own version.

    Raises NoDefinition when there is none.
    """
    sha256 = terms.holding(session, unit_id).get(process_id)
    if sha256 is None:
        raise NoDefinition(f"流程 {process_id} 没有启用的版本，请流程管理员先启用。")
    return definition(session, sha256)


def all_in_force(session: Session, unit_id: int | None = None) -> list[Definition]:
    """What new cases of a unit run on, one of each process, by their ids."""
    return [definition(session, sha256) for sha256 in terms.holding(session, unit_id).values()]


def versions(session: Session, process_id: str | None = None) -> list[Version]:
    """Published versions, the newest of each process first."""
    query = sa.select(
        DefinitionRow.sha256,
        DefinitionRow.process_id,
        DefinitionRow.name,
        DefinitionRow.version,
        DefinitionRow.state,
        DefinitionRow.shipped,
        DefinitionRow.called,
        DefinitionRow.submitted_by,
        DefinitionRow.submitted_at,
        DefinitionRow.decided_by,
        DefinitionRow.decided_at,
    ).order_by(DefinitionRow.process_id, DefinitionRow.version.desc())
    if process_id is not None:
        query = query.where(DefinitionRow.process_id == process_id)
    return [Version(*row[:6], json.loads(row.called), *row[7:]) for row in session.execute(query)]


def steps_naming(session: Session, login: str) -> list[tuple[Definition, Step]]:
    """Steps that a diagram gives to one person by name, in what is in force or still runs."""
    runs = sa.exists().where(
        WorkflowCase.sha256 == DefinitionRow.sha256,
        WorkflowCase.status.in_((CaseStatus.RUNNING, CaseStatus.SUSPENDED)),
    )
    query = (
        sa.select(DefinitionRow.sha256)
        .where(sa.or_(DefinitionRow.state == DefinitionState.IN_FORCE, runs))
        .order_by(DefinitionRow.process_id, DefinitionRow.version)
    )
    found = [definition(session, sha256) for sha256 in session.scalars(query).all()]
    return [(each, step) for each in found for step in each.steps if step.assignee == login]


def locked(session: Session, case_id: int) -> WorkflowCase:
    """The row, held until the end of the transaction: SELECT … FOR NO KEY UPDATE.

    On SQLite the transaction itself is the one write lock.
    """
    query = (
        sa.select(WorkflowCase)
        .where(WorkflowCase.id == case_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    case = session.scalar(query)
    if case is None:
        raise NoCase
    return case


def open_tokens(session: Session, case: WorkflowCase) -> tuple[Token, ...]:
    """From the state itself. Lists of tasks are read from the work items, not from here."""
    return tuple(acting.take(session, case, None, rehearsal=True).before[0].values())


def open_timers(session: Session, case: WorkflowCase) -> tuple[Timer, ...]:
    return tuple(acting.take(session, case, None, rehearsal=True).before[1].values())


def signers(session: Session, case: WorkflowCase, token_uuid: str) -> tuple[signings.Signer, ...]:
    """Everybody who counts in the signing of an open token, in the order of their turns.

    Raises NotASigning for a token outside of one, StepAlreadyDone when the token is gone.
    """
    act = acting.take(session, case, None, rehearsal=True)
    return signings.standing(tokens.open_task(act.tree, token_uuid))


def return_targets(session: Session, case: WorkflowCase, token_uuid: str) -> list[str]:
    """Steps that a return from this token may lead to by the block rule, in file order.

    The caller keeps those that were visited and that the property ``return_to`` allows.
    """
    act = acting.take(session, case, None, rehearsal=True)
    return jumping.targets(act.definition, tokens.open_task(act.tree, token_uuid))


def can_come_back(session: Session, case: WorkflowCase, token_uuid: str, step: str) -> bool:
    """Whether a return to ``step`` may ask to have the case back afterwards."""
    act = acting.take(session, case, None, rehearsal=True)
    task = tokens.open_task(act.tree, token_uuid)
    return jumping.can_come_back(act.definition, task, step)


def preview_jump(session: Session, case: WorkflowCase, token_uuid: str, step: str) -> Move:
    """What a jump would open and close, played on a copy. Refusals are those of ``return_to``."""
    with acting.engine_faults():
        act = acting.take(session, case, None, rehearsal=True)
        jumping.jump(act.definition, act.tree, tokens.open_task(act.tree, token_uuid), step)
        check_alive(act.tree)
        return acting.told(act)


def topics_before(
    session: Session, case: WorkflowCase, step: str, shut: Collection[str] = ()
) -> frozenset[str]:
    """Topics of service tasks that lie on every way from the start of the case to a step.

    shut  conditions of flows that this case does not take, as drawn
    """
    return ways.before(ways.without(definition(session, case.sha256), shut), step)


def topics_between(
    session: Session, case: WorkflowCase, here: str, there: str, shut: Collection[str] = ()
) -> frozenset[str]:
    """The same on every way from one step to another; none where no flow leads there."""
    return ways.between(ways.without(definition(session, case.sha256), shut), here, there)


class Rehearsal:
    """A case played on a copy: nothing is saved, and no service task is run.

    topics  of the service tasks that were passed, in order; what they would set keeps its value
    run     in place of the operations, where something is to come of them after all
    """

    def __init__(self, session: Session, case: WorkflowCase, run: RunTopic | None = None) -> None:
        acting.ensure_running(case)
        self.topics: list[str] = []
        self._run = run
        with acting.engine_faults():
            self._act = acting.take(session, case, None, rehearsal=True)
        self._act.tree.run_topic = self._note

    def complete(self, token_uuid: str, outcome: str | None, variables: Mapping[str, Any]) -> Move:
        """Who would be next. Refusals are those of ``operations.complete``."""
        tree, definition = self._act.tree, self._act.definition
        before = tokens.snapshot(tree, definition)
        with acting.engine_faults():
            task = tokens.open_task(tree, token_uuid)
            tree.variables.update(checked(variables))
            acting.finish_step(self._act, task, outcome, None)
            check_alive(tree)
            return tokens.move(before, tree, definition)

    def back(self, token_uuid: str, step: str) -> Move:
        """Where a return would lead. Refusals are those of ``operations.return_to``."""
        tree, definition = self._act.tree, self._act.definition
        before = tokens.snapshot(tree, definition)
        with acting.engine_faults():
            jumping.jump(definition, tree, tokens.open_task(tree, token_uuid), step)
            check_alive(tree)
            return tokens.move(before, tree, definition)

    def fire(self, timer: str) -> Move:
        """What a timer that runs out would do."""
        tree, definition = self._act.tree, self._act.definition
        before = tokens.snapshot(tree, definition)
        with acting.engine_faults():
            waiting = tree.event_manager.tasks.values()
            spiff.fire(tree, next(task for task in waiting if str(task.id) == timer))
            check_alive(tree)
            return tokens.move(before, tree, definition)

    @property
    def state(self) -> str:
        """The row as it would be now, to go on from there."""
        return save_state(self._act.tree)

    def _note(self, topic: str, element: str, variables: dict[str, Any]) -> None:
        self.topics.append(topic)
        if self._run is not None:
            self._run(topic, element, variables)


def supposed(
    definition: Definition, variables: Mapping[str, Any], run: RunTopic, at: datetime
) -> tuple[WorkflowCase, Move]:
    """A case that begins on any version and is never written, for :class:`Rehearsal`."""
    kept = cached(definition.sha256, lambda: definition)
    with acting.engine_faults():
        tree = new_tree(kept, checked(variables), run)
        state = save_state(tree)
    status = CaseStatus.FINISHED if tree.completed else CaseStatus.RUNNING
    case = WorkflowCase(sha256=kept.sha256, state=state, status=status, started_at=at)
    return case, tokens.move(tokens.NOTHING, tree, kept)


def preview(
    session: Session,
    case: WorkflowCase,
    token_uuid: str,
    outcome: str | None,
    variables: Mapping[str, Any],
) -> Move:
    """Who would be next after one act; see :class:`Rehearsal`."""
    return Rehearsal(session, case).complete(token_uuid, outcome, variables)


def closed_by_return(
    session: Session, case: WorkflowCase, token_uuid: str, step: str
) -> tuple[str, ...]:
    """UUIDs of the other tokens that a return to ``step`` would take away with it."""
    move = preview_jump(session, case, token_uuid, step)
    return tuple(uuid for uuid in move.closed if uuid != token_uuid)


def waits_at_join(session: Session, case: WorkflowCase, step: str) -> bool:
    """Whether the branch that this step lies in has ended and waits for the others."""
    act = acting.take(session, case, None, rehearsal=True)
    return jumping.waits_at_join(act.definition, act.tree, step)


@dataclass(frozen=True)
class Diagram:
    """Files as they were published: the process itself, and those of other files by process id."""

    own: bytes
    called: Mapping[str, bytes]


def case_diagram(session: Session, case: WorkflowCase) -> Diagram:
    """The files of the very version that the case runs on."""
    return diagram_of(definition(session, case.sha256))


def diagram_of(found: Definition) -> Diagram:
    """The files of one published version."""
    graphs = {name: process.graph for name, process in found.processes.items()}
    own = graphs[found.process_id].file
    inner = {name for graph in graphs.values() for name in graph.inner}
    called = {
        name: found.files[graph.file]
        for name, graph in graphs.items()
        if graph.file != own and name not in inner
    }
    return Diagram(found.files[own], called)


def variables(case: WorkflowCase) -> Mapping[str, Any]:
    """The case variables as the last act left them."""
    return variables_in(case.state)


def variables_in(state: str) -> Mapping[str, Any]:
    """The same in a kept state."""
    found: Mapping[str, Any] = json.loads(state)["variables"]
    return found
