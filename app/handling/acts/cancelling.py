"""撤销: the drafter gives up a document that nobody has signed off yet."""

from sqlalchemy.orm import Session

from app.documents import marks
from app.errors import Conflict, Invalid, NotAllowed
from app.handling import remarks
from app.handling.act import ensure_running, hold_case
from app.handling.models import Case
from app.handling.models import Task as Stay
from app.handling.recording import record_act
from app.handling.stays.notices import tell
from app.handling.stays.succession import close_others
from app.organization import Actor
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
    written = remarks.read("reason", "原因", reason)
    if not written:
        raise Invalid.at("reason", "撤销须写明原因。")
    if act.document.signed_at is not None:
        raise Conflict("此件已签发，不能撤销。", code="already_signed")
    if act.document.state == "handling":
        message = "来文已送出办理，不能撤销；确需退回来文单位的，请在办理意见中写明。"
        raise Conflict(message, code="already_sent")
    move = engine.cancel(session, act.engine)
    closed = close_others(act, move, "closed")
    act.case.state, act.case.ended_at = "cancelled", act.at
    marks.mark_cancelled(session, act.document, actor, act.at, reason=written)
    _tell_who_had_it(session, act.case, closed, f"已由{actor.name}撤销。")
    record_act(act, "case.cancelled", closed=closed, reason=written)
    return act.case


def _tell_who_had_it(session: Session, case: Case, closed: list[Stay], text: str) -> None:
    readers = {task.opened_by_id for task in closed if task.opened_by_id}
    at = case.ended_at or case.started_at
    tell(session, sorted(readers - {case.kept_by}), "cancelled", case.id, None, text, at)
