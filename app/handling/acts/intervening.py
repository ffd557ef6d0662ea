"""Break-glass (跳转、改派、暂停、恢复): a process administrator proposes it.

Nothing happens to the case before another one agrees (:mod:`deciding`), and everything is checked
again then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid
from app.handling import administering, impartiality, remarks
from app.handling.act import Act, ensure_running
from app.handling.acts import moving, pausing, reassigning
from app.handling.models import Case, Intervention, Task
from app.handling.recording import record_act
from app.organization import Actor

KINDS = {"move": "跳转", "reassign": "改派", "suspend": "暂停", "resume": "恢复"}
STATES = {
    "proposed": "待确认",
    "done": "已执行",
    "refused": "未同意",
    "withdrawn": "已撤回",
    "stale": "已失效",
}


@dataclass(frozen=True)
class Proposal:
    """What an administrator wants.

    kind     move, reassign, suspend or resume
    task_id  the open stay, for the first two; ``to``: target step, or login
    clause   the rule or instruction that it rests on
    """

    kind: str
    reason: str
    clause: str
    task_id: int | None = None
    to: str | None = None


def propose(session: Session, actor: Actor, case_id: int, form: Proposal) -> Intervention:
    """Put it before the other process administrators of the unit; the case stays as it is.

    Raises NotFound, NotAllowed, PartyToCase; Invalid naming the field; Conflict while another
    proposal for this case waits, or where there is nobody else to decide.
    """
    act = administering.hold(session, actor, case_id)
    if form.kind not in KINDS:
        raise Invalid.at("kind", "kind 应为 move、reassign、suspend 或 resume。")
    reason, clause = (
        _written("reason", "原因", form.reason),
        _written("clause", "依据", form.clause),
    )
    impartiality.ensure_may_propose(act)
    _ensure_none_waits(act)
    take_stay(act, form.kind, form.task_id)
    closes = _check(act, form.kind, form.to, actor.person_id)
    proposal = Intervention(
        case_id=case_id,
        kind=form.kind,
        task_id=act.task.id if act.task else None,
        to=form.to if act.task else None,
        reason=reason,
        clause=clause,
        revision=act.task.revision if act.task else None,
        closes=closes,
        proposed_by_id=actor.person_id,
        proposed_at=act.at,
    )
    session.add(proposal)
    session.flush()
    record(act, proposal, "proposed", f"提请{KINDS[form.kind]}", reason=reason)
    return proposal


def is_stale(case: Case, stay: Task | None, proposal: Intervention) -> bool:
    """Whether the case is no longer as it was when this was proposed."""
    if case.state != ("suspended" if proposal.kind == "resume" else "running"):
        return True
    if proposal.task_id is None:
        return False
    return stay is None or stay.state != "open" or stay.revision != proposal.revision


def _written(field: str, label: str, text: str) -> str:
    written = remarks.read(field, label, text)
    if not written:
        raise Invalid.at(field, f"请写明{label}，记入流转记录。")
    return written


def _ensure_none_waits(act: Act) -> None:
    """One at a time; one that the case has left behind is put away."""
    query = sa.select(Intervention).where(
        Intervention.case_id == act.case.id, Intervention.state == "proposed"
    )
    waiting = act.session.scalars(query.execution_options(populate_existing=True)).first()
    if waiting is None:
        return
    if not is_stale(act.case, stay_of(act.session, waiting), waiting):
        message = f"此件已有一项{KINDS[waiting.kind]}提请待确认，请先确认或者不同意。"
        raise Conflict(message, code="proposal_waits")
    waiting.state, waiting.decided_at = "stale", act.at
    act.session.flush()


def stay_of(session: Session, proposal: Intervention) -> Task | None:
    if proposal.task_id is None:
        return None
    return session.get_one(Task, proposal.task_id, populate_existing=True)


def take_stay(act: Act, kind: str, task_id: int | None) -> Sequence[Task]:
    """Lock the open stays; take in hand the one that it is about, where it is about one."""
    stays = administering.hold_stays(act)
    if kind in ("suspend", "resume"):
        return stays
    ensure_running(act.case)
    act.task = next((task for task in stays if task.id == task_id), None)
    if act.task is None:
        raise Invalid.at("task_id", "请选择此件正在办理的一个环节。")
    return stays


def _check(act: Act, kind: str, to: str | None, proposer_id: int) -> list[str]:
    """Raises what carrying it out would raise now; what a move closes besides."""
    if kind == "move":
        return list(moving.target_of(act, to or "").closes)
    if kind == "reassign":
        reassigning.ensure_may_get_it(act, to or "", proposer_id)
    elif kind == "suspend":
        pausing.ensure_can_stop(act)
    else:
        pausing.ensure_can_go_on(act)
    return []


def record(
    act: Act, proposal: Intervention, what: str, label: str, *, reason: str | None = None
) -> None:
    record_act(
        act,
        f"case.intervention_{what}",
        reason=reason,
        outcome_label=label,
        kind=proposal.kind,
        to=proposal.to,
        clause=proposal.clause,
        closes=proposal.closes,
    )
