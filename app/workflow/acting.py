"""One act on a case: load, act, save, tell. Nothing is kept in memory between two acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState
from sqlalchemy.orm import Session

from app import clock, faults
from app.workflow import spiff, tokens, topics
from app.workflow.definitions import Definition, Step
from app.workflow.errors import CaseClosed, CaseSuspended, EngineFault, UnknownOutcome
from app.workflow.expressions import ExpressionError
from app.workflow.jumping import jump, way_back
from app.workflow.loading import definition as definition_of
from app.workflow.models import CaseStatus, WorkflowCase, WorkflowTimer
from app.workflow.moves import Move
from app.workflow.spiff import CaseTree
from app.workflow.state import load_state, save_state


@dataclass(frozen=True)
class Act:
    """A case taken in hand. After an exception it is thrown away: the tree may be half moved."""

    definition: Definition
    tree: CaseTree
    before: tokens.Snapshot


def ensure_running(case: WorkflowCase) -> None:
    if case.status == CaseStatus.SUSPENDED:
        raise CaseSuspended
    if case.status != CaseStatus.RUNNING:
        raise CaseClosed


def take(session: Session, case: WorkflowCase, context: Any, *, rehearsal: bool = False) -> Act:
    """Load a locked case. In a rehearsal service tasks are passed by."""
    definition = definition_of(session, case.sha256)
    tree = load_state(case.state, definition, None if rehearsal else topics.runner(context))
    return Act(definition, tree, tokens.snapshot(tree, definition))


def told(act: Act) -> Move:
    return tokens.move(act.before, act.tree, act.definition)


def keep(
    session: Session, case: WorkflowCase, act: Act, ended: CaseStatus = CaseStatus.FINISHED
) -> Move:
    """Write the new state into the row; the one UPDATE goes out with the next flush.

    ended  what a case is when no token is left
    """
    case.state = save_state(act.tree)
    if act.tree.completed:
        case.status = ended
    move = told(act)
    write_timers(session, case, move)
    faults.reach("after-engine-step")
    return move


def write_timers(session: Session, case: WorkflowCase, move: Move) -> None:
    changed = {timer.token: timer.text for timer in move.timers_changed}
    if changed:
        rows = sa.select(WorkflowTimer).where(WorkflowTimer.token.in_(changed))
        for row in session.scalars(rows).all():
            row.text = changed[row.token]
    session.add_all(
        WorkflowTimer(case_id=case.id, token=timer.token, element=timer.element, text=timer.text)
        for timer in move.timers_opened
    )
    if move.timers_closed:
        session.execute(
            sa.update(WorkflowTimer)
            .where(WorkflowTimer.token.in_(move.timers_closed))
            .values(closed_at=clock.now(session))
            .execution_options(synchronize_session=False)
        )


@contextmanager
def engine_faults() -> Iterator[None]:
    """What the library cannot do becomes an EngineFault; refusals pass as they are."""
    try:
        yield
    except (SpiffWorkflowException, ExpressionError, RecursionError) as error:
        raise EngineFault(f"{type(error).__name__}: {error}") from error


def chosen(step: Step, outcome: str | None) -> str | None:
    """The outcome to record; a step with one way out may leave it unsaid."""
    offered: list[str] = [each.key for each in step.outcomes]
    if outcome is None and len(offered) == 1:
        return offered[0]
    if (outcome not in offered) if offered else outcome is not None:
        raise UnknownOutcome(outcome, offered)
    return outcome


def finish_step(act: Act, task: Any, outcome: str | None, person: str | None) -> None:
    """Complete one token and run on, or straight back where a return asked for that."""
    step = act.definition.step(task.task_spec.bpmn_id)
    task.data["outcome"] = chosen(step, outcome)
    back = way_back(task)
    if back is not None:
        jump(act.definition, act.tree, task, back)
        return
    if "place" in task.internal_data:
        task.internal_data["by"] = person
    signing = task.parent if isinstance(task.parent.task_spec, spiff.Signing) else None
    task.run()
    if signing is not None:
        end_signing(act, signing)
    spiff.advance(act.tree)


def end_signing(act: Act, signing: Any) -> None:
    """A signing that was returned to with the way back remembered goes straight back."""
    back = way_back(signing)
    if back is not None and signing.state == TaskState.READY:
        jump(act.definition, act.tree, signing, back)
