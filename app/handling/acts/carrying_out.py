"""What two process administrators have agreed on happens, is recorded with both, and is told."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.audit import Signature
from app.handling.act import Act
from app.handling.acts import moving, pausing, reassigning
from app.handling.models import Intervention, Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays.notices import tell
from app.organization import Person


def carry_out(act: Act, proposal: Intervention, stays: Sequence[Task]) -> None:
    """Under the lock of the case and its open stays; all is checked again."""
    before = _holders(act)
    opened: list[Task] = []
    closed: list[Task] = []
    if proposal.kind == "move":
        opened, closed = moving.move(act, proposal.to or "")
        words = f"跳转到“{'、'.join(task.step_name for task in opened)}”"
    elif proposal.kind == "reassign":
        person = reassigning.reassign(act, proposal.to or "", proposal.proposed_by_id)
        words = f"把“{act.stay.step_name}”改派给{person.name}"
    elif proposal.kind == "suspend":
        proposal.left = pausing.suspend(act, stays)
        words = "暂停办理"
    else:
        pausing.resume(act, stays)
        words = "恢复办理"
    proposer = act.session.get_one(Person, proposal.proposed_by_id)
    _record(act, proposal, proposer, words, opened, closed)
    _tell(act, proposal, words, before)


def _record(
    act: Act,
    proposal: Intervention,
    proposer: Person,
    words: str,
    opened: list[Task],
    closed: list[Task],
) -> None:
    record_act(
        act,
        "case.intervention_done",
        by=_signed_by_both(act, proposer),
        opened=opened,
        closed=closed,
        reason=proposal.reason,
        outcome_label=words,
        kind=proposal.kind,
        to=proposal.to,
        clause=proposal.clause,
        closes=[task.step_name for task in closed],
        proposed_by={"login": proposer.login, "name": proposer.name},
        answer=proposal.answer,
    )


def _signed_by_both(act: Act, proposer: Person) -> Signature:
    post = act.actor.title
    return act.actor.signature(f"{post}，{proposer.name}提请，{act.actor.name}确认")


def _tell(act: Act, proposal: Intervention, words: str, before: set[int]) -> None:
    """Who started the case, who had it and who has it now."""
    act.session.flush()
    people = {act.case.starter_id, *before, *_holders(act)} - {act.actor.person_id}
    text = f"流程管理员{words}：{proposal.reason}"
    tell(act.session, sorted(people), "moved", act.case.id, None, text, act.at)


def _holders(act: Act) -> set[int]:
    """People of the open stays; the administrators with whom a stopped one lies know anyway."""
    query = (
        sa.select(TaskCandidate.person_id)
        .join(Task, Task.id == TaskCandidate.task_id)
        .where(Task.case_id == act.case.id, Task.state == "open", Task.blocked.is_(None))
    )
    return set(act.session.scalars(query))
