"""What becomes of a proposal: another process administrator decides, or its proposer takes it back.

Both are done under the lock of the case, so that of two who come at once the second one is told.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling import administering, impartiality, remarks
from app.handling.act import Act
from app.handling.acts import carrying_out
from app.handling.acts.intervening import KINDS, STATES, is_stale, record, stay_of, take_stay
from app.handling.errors import OneselfConfirms, ProposalStale
from app.handling.models import Intervention
from app.organization import Actor


def decide(
    session: Session, actor: Actor, proposal_id: int, *, agree: bool, answer: str = ""
) -> Intervention:
    """Let it happen, or not. Only agreeing does anything to the case (S12).

    Raises OneselfConfirms for who proposed it, PartyToCase for a party to the case, ProposalStale
    when the case has moved on since, Conflict when it is decided already or its proposer has
    become a party, Invalid without a reason for not agreeing.
    """
    act, proposal = _hold(session, actor, proposal_id)
    if proposal.proposed_by_id == actor.person_id:
        raise OneselfConfirms
    _ensure_waits(proposal)
    impartiality.ensure_may_decide(act, proposal.proposed_by_id)
    written = remarks.read("answer", "答复", answer)
    proposal.decided_by_id, proposal.decided_at = actor.person_id, act.at
    proposal.answer = written
    if agree:
        if is_stale(act.case, stay_of(session, proposal), proposal):
            raise ProposalStale(proposal_id)
        impartiality.ensure_proposer_is_none(act, proposal.proposed_by_id)
        stays = take_stay(act, proposal.kind, proposal.task_id)
        proposal.state = "done"
        carrying_out.carry_out(act, proposal, stays)
        return proposal
    if not written:
        raise Invalid.at("answer", "不同意须写明理由。")
    act.task = stay_of(session, proposal)
    proposal.state = "refused"
    record(act, proposal, "refused", f"不同意{KINDS[proposal.kind]}", reason=written)
    return proposal


def withdraw(session: Session, actor: Actor, proposal_id: int) -> Intervention:
    """Take one's own proposal back (撤回提请) while it waits; the case stays as it is.

    Raises NotAllowed for anybody but who proposed it, Conflict when it is decided already.
    """
    act, proposal = _hold(session, actor, proposal_id)
    if proposal.proposed_by_id != actor.person_id:
        message = "只有提请人本人可以撤回提请。您认为不应执行的，请答复不同意并写明理由。"
        raise NotAllowed(message)
    _ensure_waits(proposal)
    act.task = stay_of(session, proposal)
    proposal.state = "withdrawn"
    proposal.decided_by_id, proposal.decided_at = actor.person_id, act.at
    record(act, proposal, "withdrawn", f"撤回提请{KINDS[proposal.kind]}")
    return proposal


def _hold(session: Session, actor: Actor, proposal_id: int) -> tuple[Act, Intervention]:
    """Its case under lock, and the proposal read anew."""
    case_id = session.scalar(sa.select(Intervention.case_id).where(Intervention.id == proposal_id))
    if case_id is None:
        raise NotFound
    act = administering.hold(session, actor, case_id)
    return act, session.get_one(Intervention, proposal_id, populate_existing=True)


def _ensure_waits(proposal: Intervention) -> None:
    if proposal.state != "proposed":
        message = f"这项提请{STATES[proposal.state]}，请刷新页面查看。"
        raise Conflict(message, code="already_decided")
