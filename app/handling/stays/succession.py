"""Stays end and open: what a move of the engine means for tasks, limits and the record."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app import deadlines
from app.audit import signed_by_rule
from app.documents import review
from app.documents.review import Checked
from app.handling.act import Act
from app.handling.models import Opinion, OpinionDraft, Task
from app.handling.recording import record_act
from app.handling.stays import limits, standing
from app.handling.stays.people import settle
from app.handling.stays.reminding import reminders
from app.handling.stays.signings import goes_on, waited
from app.handling.stays.staffing import Staffing, as_they_were, staff
from app.workflow.definitions import Outcome, Step
from app.workflow.moves import Move, Token

Opened = tuple[Task, Staffing, deadlines.Deadline | None]


@dataclass(frozen=True)
class Sending:
    """How an act sends its document on.

    chosen    logins named by the sender
    offered   the diagram lets the sender choose (property ``choose``)
    must      it makes him choose where there are several (property ``must_choose``)
    returned  the stays that open were opened by a return
    keep_for  id of the person who did the step before and gets it again
    comes_back  id of the stay that was returned and wants the document straight back
    instead_of  id of the stay that is repeated: what led to it leads to the new one
    given       its people, where a colleague had given it to them
    """

    chosen: Sequence[str] = ()
    offered: bool = False
    must: bool = False
    returned: bool = False
    keep_for: int | None = None
    comes_back: int | None = None
    instead_of: int | None = None
    given: Staffing | None = None

    @property
    def goes_on(self) -> bool:
        """It opens what comes next; not a stay that was there before (退回, 撤回, 送回)."""
        return not self.returned and self.instead_of is None


def end_stay(
    act: Act, state: str, outcome: Outcome | None, opinion: str, checked: Sequence[Checked] = ()
) -> None:
    """End the stay in hand with the actor's opinion, which nobody can change from here on.

    checked  the 审查清单 as he left it
    """
    write_end(act, state, outcome, opinion, checked)
    deadlines.close_limits(act.session, "task", [act.stay.id], act.at)


def write_end(
    act: Act, state: str, outcome: Outcome | None, opinion: str, checked: Sequence[Checked] = ()
) -> None:
    """The same, with its limits left for :func:`pass_on`."""
    task = act.stay
    task.state = state
    principal = act.as_candidate.stands_for
    task.done_at, task.done_by_id = act.at, act.actor.person_id
    task.done_in_id = act.actor.department_id
    task.done_for_id = act.candidate.principal_id if act.candidate else None
    task.outcome = outcome.key if outcome else None
    task.outcome_label = outcome.label if outcome else None
    act.session.add(
        Opinion(
            case_id=act.case.id,
            task_id=task.id,
            step=task.step,
            step_name=task.step_name,
            person_id=act.actor.person_id,
            person_name=act.actor.name,
            principal_name=principal.name if principal else None,
            authority=act.candidate.authority if act.candidate else "",
            outcome=outcome.key if outcome else None,
            outcome_label=outcome.label if outcome else "办结本环节",
            text=opinion,
            document_version=act.document.version,
            at=act.at,
            checked=review.stored(checked),
        )
    )
    _forget_drafts(act, [task.id])


def pass_on(
    act: Act,
    to: Staffing,
    *,
    kind: str = "step",
    given_by: str = "colleague",
    asked_from: int | None = None,
    holding: Task | None = None,
) -> Task:
    """Give the token of the stay in hand, which has just ended, to other people.

    The step, the way that led to it and its limit are the same (decision 5: it is still this stay
    at this step that runs out); the stay of who had it before is closed and keeps its opinion.
    holding  the stay that has the token and its limit, where it is not the one in hand
    """
    before, last = act.stay, holding or act.stay
    act.session.flush()  # the token is free before somebody else gets it
    task = Task(
        case_id=act.case.id,
        token=before.token,
        kind=kind,
        step=before.step,
        step_name=before.step_name,
        named=before.named,
        arrived_at=act.at,
        sent_by_id=act.actor.person_id or None,
        sent_from_id=before.id,
        comes_back_to_id=before.comes_back_to_id,
        instead_of_id=before.id,
        asked_from_id=asked_from,
        blocked=to.problem,
        given_by=given_by,
        due_at=last.due_at,
        limit_steps=last.limit_steps,
        limit_provisional=last.limit_provisional,
        calendar_version=last.calendar_version,
        overdue_since=last.overdue_since,
    )
    act.session.add(task)
    act.session.flush()
    settle(act, [(task, to.people)])
    deadlines.pass_on_limits(act.session, "task", last.id, task.id, act.at)
    _start_alarms(act, [(task, to, None)])
    return task


def close_others(act: Act, move: Move, state: str) -> list[Task]:
    """End the stays whose tokens the engine closed besides the one in hand."""
    mine = act.task.token if act.task else None
    tokens = [token for token in move.closed if token != mine]
    if not tokens:
        return []
    query = sa.select(Task).where(Task.token.in_(tokens), Task.state == "open")
    tasks = list(act.session.scalars(query.order_by(Task.id)))
    close(act, tasks, state)
    return tasks


def close(act: Act, tasks: Sequence[Task], state: str) -> None:
    """End stays without an opinion; what was typed at them and not sent is forgotten."""
    release(act, tasks, state)
    deadlines.close_limits(act.session, "task", [task.id for task in tasks], act.at)


def release(act: Act, tasks: Sequence[Task], state: str) -> None:
    """The same, with their limits left for :func:`pass_on`."""
    for task in tasks:
        task.state = state
        task.done_at, task.done_by_id = act.at, act.actor.person_id or None
    _forget_drafts(act, [task.id for task in tasks])


def open_stays(act: Act, move: Move, sending: Sending) -> list[Task]:
    """Open a stay for each token that the engine opened, with its people and its limit.

    Raises Invalid at ``outcome`` where the document is not ready for what comes next; what was
    there before opens as it was.
    """
    if sending.goes_on:
        for token in move.opened:
            standing.ensure_ready(act, act.definition.step(token.step))
    act.variables = move.variables
    opened = [_open(act, token, sending) for token in move.opened]
    act.session.add_all(task for task, _, _ in opened)
    act.session.flush()
    settle(act, [(task, staffing.people) for task, staffing, _ in opened])
    tasks = [task for task, _, _ in opened]
    _take_up_drafts(act, tasks)
    counted = [(task.id, limit) for (task, _, limit) in opened if limit is not None]
    deadlines.open_limits(act.session, "task", counted, reminders=reminders(act, counted))
    _start_alarms(act, opened)
    if move.finished:
        act.case.state, act.case.ended_at = "closed", act.at
    return tasks


def _open(act: Act, token: Token, sending: Sending) -> Opened:
    step = act.definition.step(token.step)
    if goes_on(act, token) and act.stay.state != "withdrawn":
        return _open_within(act, token, step)
    staffing = sending.given or staff(
        act,
        token,
        sending.chosen,
        offered=sending.offered,
        must=sending.must,
        keep_for=sending.keep_for,
    )
    return _opened(act, token, step, staffing, sending)


def _open_within(act: Act, token: Token, step: Step) -> Opened:
    """The next place of a signing; whoever let others sign before him gets his own stay again.

    The way that led to the signing, and the way straight back from it, are those of all in it.
    """
    before = waited(act, token)
    kept = as_they_were(act, before) if before and before.given_by != "post" else []
    staffing = Staffing(tuple(kept)) if kept else staff(act, token, (), offered=False)
    sending = Sending(
        comes_back=act.stay.comes_back_to_id, instead_of=before.id if before else None
    )
    task, staffing, limit = _opened(act, token, step, staffing, sending)
    if before is not None and kept:
        task.given_by = before.given_by
    return task, staffing, limit


def _opened(act: Act, token: Token, step: Step, staffing: Staffing, sending: Sending) -> Opened:
    task = Task(
        case_id=act.case.id,
        token=token.uuid,
        step=token.step,
        step_name=token.name,
        named=token.person,
        arrived_at=act.at,
        sent_by_id=act.actor.person_id or None,
        sent_from_id=act.task.id if act.task else None,
        returned=sending.returned,
        comes_back_to_id=sending.comes_back,
        instead_of_id=sending.instead_of,
        blocked=staffing.problem,
        given_by="colleague" if sending.given else "choice" if staffing.chosen else "post",
    )
    limit = limit_of(act, task, step)
    if staffing.problem:
        rule = signed_by_rule("无人可办时停下并交流程管理员")
        record_act(act, "case.blocked", by=rule, reason=staffing.problem, at_step=token.step)
    return task, staffing, limit


def limit_of(act: Act, task: Task, step: Step) -> deadlines.Deadline | None:
    """The limit belongs to this stay alone (decision 5); its arithmetic is kept with it."""
    limit = limits.of_step(act, step, act.at)
    if limit is None:
        return None
    task.due_at = limit.due_at
    task.limit_steps = list(limit.steps)
    task.limit_provisional = limit.provisional
    task.calendar_version = limit.version
    return limit


def _start_alarms(act: Act, opened: Sequence[Opened]) -> None:
    """What is urgent is announced at once and again until somebody opens it (DDL-02).

    Nobody is announced what he has just sent himself.
    """
    if act.document.urgency == "none":
        return
    alarms = [
        (task.id, act.at)
        for task, staffing, _ in opened
        if {each.person_id for each in staffing.people} != {act.actor.person_id}
    ]
    deadlines.open_limits(act.session, "task", alarms, kind="alarm")


def _take_up_drafts(act: Act, tasks: Sequence[Task]) -> None:
    """What somebody had typed before he let others sign first stands in his field again."""
    for task in tasks:
        if task.instead_of_id is not None and act.task is not None and task.step == act.task.step:
            act.session.execute(
                sa.update(OpinionDraft)
                .where(OpinionDraft.task_id == task.instead_of_id)
                .values(task_id=task.id),
                execution_options={"synchronize_session": False},
            )


def _forget_drafts(act: Act, task_ids: list[int]) -> None:
    act.session.execute(
        sa.delete(OpinionDraft).where(OpinionDraft.task_id.in_(task_ids)),
        execution_options={"synchronize_session": False},
    )
