"""Everything that moves a case. Nothing here commits, and nothing here knows a document."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.workflow import acting, jumping, signers, spiff, tokens, topics
from app.workflow.checks import check
from app.workflow.definitions import Definition
from app.workflow.errors import (
    AlreadyDecided,
    CaseClosed,
    NoDefinition,
    NotReachable,
    StepAlreadyDone,
)
from app.workflow.fields import checked
from app.workflow.models import CaseStatus, DefinitionRow, DefinitionState, WorkflowCase
from app.workflow.moves import Move
from app.workflow.publishing import publish, put_in_force
from app.workflow.state import new_tree, save_state
from app.workflow.turns import Position

__all__ = [
    "add_signers",
    "cancel",
    "check",
    "complete",
    "fire_timer",
    "publish",
    "put_in_force",
    "remove_signers",
    "resume",
    "return_to",
    "start",
    "suspend",
    "withdraw_to",
]


def start(
    session: Session,
    definition: Definition,
    variables: Mapping[str, Any],
    context: Any,
    at: datetime,
) -> tuple[WorkflowCase, Move]:
    """Begin a case on a definition in force, which it keeps for life.

    Raises BadVariable for a value that is not flat, NobodyNamed for an empty signing.
    """
    row = session.get(DefinitionRow, definition.sha256)
    if row is None:
        raise NoDefinition
    if row.state != DefinitionState.IN_FORCE:
        raise AlreadyDecided(f"流程“{row.name}”第 {row.version} 版未启用或已停用，不能新办。")
    with acting.engine_faults():
        tree = new_tree(definition, checked(variables), topics.runner(context))
        state = save_state(tree)
    status = CaseStatus.FINISHED if tree.completed else CaseStatus.RUNNING
    case = WorkflowCase(sha256=definition.sha256, state=state, status=status, started_at=at)
    session.add(case)
    session.flush()
    move = tokens.move(tokens.NOTHING, tree, definition)
    acting.write_timers(session, case, move)
    return case, move


def complete(
    session: Session,
    case: WorkflowCase,
    token_uuid: str,
    outcome: str | None,
    variables: Mapping[str, Any],
    person: str | None = None,
    context: Any = None,
) -> Move:
    """Finish a step, exactly once. ``case`` is the locked row.

    variables  written over the case variables before the next gateway looks at them
    person     login of whoever acted; a signing remembers it beside the outcome
    Raises StepAlreadyDone, UnknownOutcome, BadVariable, NobodyNamed, CaseSuspended, EngineFault;
    on each of them the row is as it was.
    """
    acting.ensure_running(case)
    with acting.engine_faults():
        act = acting.take(session, case, context)
        task = tokens.open_task(act.tree, token_uuid)
        act.tree.variables.update(checked(variables))
        acting.finish_step(act, task, outcome, person)
        return acting.keep(session, case, act)


def return_to(
    session: Session,
    case: WorkflowCase,
    token_uuid: str,
    step: str,
    context: Any = None,
    *,
    back_to: bool = False,
) -> Move:
    """Send a token back (退回) to a step that the block rule allows. Variables keep their values.

    back_to  when the target step is done, its token goes straight back to the returning step;
             legal only where :func:`queries.can_come_back` says so
    A signing that is returned to starts anew. Raises NotReachable, having changed nothing.
    """
    acting.ensure_running(case)
    with acting.engine_faults():
        act = acting.take(session, case, context)
        task = tokens.open_task(act.tree, token_uuid)
        home = task.task_spec.bpmn_id
        if back_to and not jumping.can_come_back(act.definition, task, step):
            raise NotReachable(act.definition.step(home).name)
        token = jumping.jump(act.definition, act.tree, task, step)
        if back_to:
            jumping.remember_way_back(token, home)
        return acting.keep(session, case, act)


def withdraw_to(
    session: Session,
    case: WorkflowCase,
    step: str,
    context: Any = None,
    *,
    tokens_opened: Collection[str] = (),
    person: str | None = None,
) -> Move:
    """Take a completed act back (撤回): a jump back to its step that closes what it opened.

    tokens_opened  UUIDs that the act opened; each must still be open. Empty: the token that waits
                   at the end of its branch for the others, else any open token
    person         login that a signing names; only his place is reopened, while it still runs
    Who may do this, and until when, is the caller's business. Raises NotReachable across the end
    of a block or an inner process, StepAlreadyDone when one of the tokens is gone.
    """
    acting.ensure_running(case)
    with acting.engine_faults():
        act = acting.take(session, case, context)
        for uuid in tokens_opened:
            tokens.open_task(act.tree, uuid)
        if person is not None:
            if not signers.reopen(act.tree, step, person):
                raise StepAlreadyDone
        elif tokens_opened or not jumping.leave_join(act.definition, act.tree, step):
            task = jumping.actor_for(act.definition, act.tree, step, tokens_opened)
            jumping.jump(act.definition, act.tree, task, step)
        return acting.keep(session, case, act)


def add_signers(
    session: Session,
    case: WorkflowCase,
    token_uuid: str,
    people: Sequence[str],
    position: Position,
    context: Any = None,
    *,
    by: str | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Move:
    """Ask more people in a running signing (加签), in this order.

    token_uuid  an open token of the signing, to whose place the position refers
    position    ``before`` (the token closes, its place waits behind them), ``after`` (they wait
                behind it), ``beside`` (all at once with it)
    by          login of who asks for them; see :func:`queries.signers`
    variables   written over the case variables
    Raises NotASigning, SignerRefused for somebody who is asked already.
    """
    acting.ensure_running(case)
    with acting.engine_faults():
        act = acting.take(session, case, context)
        signers.add(tokens.open_task(act.tree, token_uuid), people, position, by)
        act.tree.variables.update(checked(variables or {}))
        spiff.advance(act.tree)
        return acting.keep(session, case, act)


def remove_signers(
    session: Session,
    case: WorkflowCase,
    token_uuid: str,
    people: Sequence[str],
    context: Any = None,
    *,
    variables: Mapping[str, Any] | None = None,
) -> Move:
    """Let people off who have not answered (减签); at least one person remains.

    token_uuid  any open token of the signing; ``people`` may be there or still wait
    If only they were waited for, the step ends in the same act. Raises NotASigning, SignerRefused.
    """
    acting.ensure_running(case)
    with acting.engine_faults():
        act = acting.take(session, case, context)
        act.tree.variables.update(checked(variables or {}))
        task = tokens.open_task(act.tree, token_uuid)
        signing = [signers.remove(task, person) for person in people][-1]
        acting.end_signing(act, signing)
        spiff.advance(act.tree)
        return acting.keep(session, case, act)


def cancel(session: Session, case: WorkflowCase) -> Move:
    """End a case for good: all tokens and timers are closed, a suspended case included."""
    if case.status not in (CaseStatus.RUNNING, CaseStatus.SUSPENDED):
        raise CaseClosed
    act = acting.take(session, case, None, rehearsal=True)
    spiff.cancel(list(act.tree.tasks_in(spiff.LIVE)))
    act.tree.completed = True
    return acting.keep(session, case, act, ended=CaseStatus.CANCELLED)


def suspend(session: Session, case: WorkflowCase) -> None:
    """Stand still until resumed: every verb but cancel and migrate answers CaseSuspended."""
    acting.ensure_running(case)
    case.status = CaseStatus.SUSPENDED


def resume(session: Session, case: WorkflowCase) -> None:
    if case.status != CaseStatus.SUSPENDED:
        raise AlreadyDecided("此件没有暂停，无需恢复。")
    case.status = CaseStatus.RUNNING


def fire_timer(
    session: Session, case: WorkflowCase, token: str, context: Any = None
) -> Move | None:
    """Let a drawn timer run out, exactly once; None when the step has been left meanwhile.

    The engine does not look at the clock: whoever calls says that it is time.
    """
    if case.status in (CaseStatus.FINISHED, CaseStatus.CANCELLED):
        return None
    acting.ensure_running(case)
    with acting.engine_faults():
        act = acting.take(session, case, context)
        if token not in act.before[1]:
            return None
        waiting = act.tree.event_manager.tasks.values()
        spiff.fire(act.tree, next(task for task in waiting if str(task.id) == token))
        return acting.keep(session, case, act)
