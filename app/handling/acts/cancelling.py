"""撤销 before sign-off, 作废 after it: a document ends without result, with a reason."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import marks
from app.errors import Conflict, Invalid, NotAllowed
from app.handling import remarks
from app.handling.act import Act, ensure_running, hold_case
from app.handling.models import Case, Task
from app.handling.recording import record_act
from app.handling.signing import ending
from app.handling.stays import timers
from app.handling.stays.notices import tell
from app.handling.stays.succession import close_others
from app.organization import Actor, roles
from app.workflow import operations as engine


def cancel(session: Session, actor: Actor, case_id: int, reason: str) -> Case:
    """End a case without result. All open stays close, everything written stays readable.

    Raises NotAllowed for anybody but who started it or looks after it since, Conflict after
    sign-off (then a document is voided, not cancelled), Invalid without a reason.
    """
    act = hold_case(session, actor, case_id)
    if act.case.kept_by != actor.person_id:
        raise NotAllowed("只有拟稿人本人可以撤销此件，请联系拟稿人。")
    ensure_running(act.case)
    written = _reason(reason, "撤销")
    if act.document.signed_at is not None:
        raise Conflict("此件已签发，不能撤销。确需作废的，请用作废。", code="already_signed")
    if act.document.state == "handling":
        message = "来文已送出办理，不能撤销；确需退回来文单位的，请在办理意见中写明。"
        raise Conflict(message, code="already_sent")
    _end(act, "case.cancelled", written, f"已由{actor.name}撤销。")
    return act.case


def void(session: Session, actor: Actor, case_id: int, reason: str) -> Case:
    """End a signed document that has not been sent (作废); its number stays in the ledger as void.

    By the drafter while it has no number yet, by the office head at any time before dispatch
    (decision 7). The signatory and whoever has it are told. Raises like :func:`cancel`.
    """
    act = hold_case(session, actor, case_id)
    ensure_running(act.case)
    if act.document.signed_at is None:
        raise Conflict("此件尚未签发，不用作废；拟稿人可以撤销。", code="not_signed")
    if not may_void(act):
        raise NotAllowed("已编号的公文由办公室负责人作废，未编号的也可由拟稿人作废。")
    _end(act, "case.voided", _reason(reason, "作废"), f"签发后由{actor.name}作废。")
    return act.case


def may_void(act: Act) -> bool:
    """Whether the actor is one of those who may."""
    if act.actor.holds(roles.OFFICE_HEAD, unit_id=act.case.unit_id):
        return True
    return act.case.kept_by == act.actor.person_id and act.document.number is None


def _reason(text: str, act: str) -> str:
    written = remarks.read("reason", "原因", text)
    if not written:
        raise Invalid.at("reason", f"{act}须写明原因。")
    return written


def _end(act: Act, action: str, reason: str, words: str) -> None:
    session = act.session
    move = engine.cancel(session, act.engine)
    timers.follow(act, [move])
    closed = close_others(act, move, "closed")
    act.case.state, act.case.ended_at = "cancelled", act.at
    signatory = _signatory(act)
    marks.mark_cancelled(session, act.document, act.actor, act.at, reason=reason)
    ending.follow(act, "公文已撤销。" if action == "case.cancelled" else "公文已作废。")
    seen = {task.opened_by_id for task in closed if task.opened_by_id}
    told = {*seen, *signatory, act.case.kept_by} - {act.actor.person_id}
    tell(session, sorted(told), "cancelled", act.case.id, None, words, act.at)
    record_act(act, action, closed=closed, reason=reason)


def _signatory(act: Act) -> set[int]:
    """Who signed it off: his stay is the last one at a step that signs."""
    steps = [each.id for each in act.definition.steps if each.properties.get("sign_off") == "yes"]
    query = (
        sa.select(Task.done_by_id)
        .where(Task.case_id == act.case.id, Task.step.in_(steps), Task.state == "done")
        .order_by(Task.id.desc())
    )
    found = act.session.scalars(query).first()
    return {found} if found and act.document.signed_at is not None else set()
