"""撤销用印: whoever sealed takes the seal off again, with a reason, before the document is sent."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotAllowed
from app.handling import remarks
from app.handling.act import Act, ensure_running, hold_case
from app.handling.acts.done import Done
from app.handling.acts.moving import move
from app.handling.models import Task
from app.handling.recording import record_act
from app.organization import Actor


def take_off(session: Session, actor: Actor, case_id: int, reason: str) -> Done:
    """The document goes back to the seal; sign-off and number stay, the seal is ended on record.

    Raises Conflict for a document that is not sealed or already sent, NotAllowed for anybody but
    who sealed it, Invalid without a reason.
    """
    act = hold_case(session, actor, case_id)
    ensure_running(act.case)
    if act.document.sealed_at is None or act.document.dispatched_at is not None:
        raise Conflict("此件没有用印，或者已经发送，不能撤销用印。", code="not_sealed")
    sealing = sealed_by(act)
    if sealing is None:
        raise NotAllowed("只有为此件用印的人可以撤销用印。（SIG-04）")
    written = remarks.read("reason", "原因", reason)
    if not written:
        raise Invalid.at("reason", "撤销用印须写明原因。")
    act.task = _standing(act)
    opened, closed = move(act, sealing.step)
    record_act(act, "case.unsealed", opened=opened, closed=closed, reason=written)
    return Done(act.case, opened)


def sealed_by(act: Act) -> Task | None:
    """The actor's own stay at which the seal was set; None where somebody else set it."""
    query = sa.select(Task).where(
        Task.case_id == act.case.id,
        Task.done_by_id == act.actor.person_id,
        Task.done_at == act.document.sealed_at,
        Task.state == "done",
    )
    return act.session.scalars(query).first()


def may_take_off(act: Act) -> bool:
    document = act.document
    under_way = act.case.state == "running" and document.dispatched_at is None
    return under_way and document.sealed_at is not None and sealed_by(act) is not None


def _standing(act: Act) -> Task:
    query = sa.select(Task).where(Task.case_id == act.case.id, Task.state == "open")
    found = act.session.scalars(query.order_by(Task.id)).all()
    if len(found) != 1:
        raise Conflict("此件现在由几人同时办理，不能撤销用印。请办理人退回。")
    return found[0]
