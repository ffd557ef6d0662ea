"""撤销: the drafter gives up a document that nobody has signed off yet."""

from sqlalchemy.orm import Session

from app import audit
from app.documents import marks
from app.errors import Conflict, Invalid, NotAllowed
from app.handling import remarks
from app.handling.acts import ensure_running, hold_case
from app.handling.models import Case
from app.handling.models import Task as Stay
from app.handling.notices import tell
from app.handling.stays import close_others
from app.organization import Actor
from app.workflow import operations as engine


def cancel(session: Session, actor: Actor, case_id: int, reason: str) -> Case:
    """End a case without result. All open stays close, everything written stays readable.

    Raises NotAllowed for anybody but the person who started it, Conflict after sign-off (then a
    document is voided, not cancelled), Invalid without a reason.
    """
    act = hold_case(session, actor, case_id)
    if act.case.starter_id != actor.person_id:
        raise NotAllowed("只有拟稿人本人可以撤销此件，请联系拟稿人。")
    ensure_running(act.case)
    written = remarks.read("reason", "原因", reason)
    if not written:
        raise Invalid.at("reason", "撤销须写明原因。")
    if act.document.signed_at is not None:
        raise Conflict("此件已签发，不能撤销。", code="already_signed")
    move = engine.cancel(session, act.engine)
    closed = close_others(act, move, "closed")
    act.case.state, act.case.ended_at = "cancelled", act.at
    marks.mark_cancelled(session, act.document, actor, act.at)
    _tell_who_had_it(session, act.case, closed, f"《{act.document.title}》已由{actor.name}撤销。")
    audit.record(
        session,
        "case.cancelled",
        actor.signature(),
        at=act.at,
        subject=("case", case_id),
        case_id=case_id,
        document_id=act.document.id,
        reason=written,
        detail={"closed": [task.step for task in closed]},
    )
    return act.case


def _tell_who_had_it(session: Session, case: Case, closed: list[Stay], text: str) -> None:
    readers = {task.opened_by_id for task in closed if task.opened_by_id}
    at = case.ended_at or case.started_at
    tell(session, sorted(readers - {case.starter_id}), "cancelled", case.id, None, text, at)
