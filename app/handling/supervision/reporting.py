"""反馈 and 办结: what the department says of its progress, and how the supervisor ends it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.handling.supervision import rights
from app.handling.supervision.holding import Held, ensure_open, hold
from app.handling.supervision.models import Supervision, SupervisionExtension, SupervisionReport
from app.handling.supervision.opening import SHOWN, SUBJECT, required
from app.handling.supervision.telling import record, tell_department, tell_supervisors
from app.organization import Actor


def report(session: Session, actor: Actor, supervision_id: int, text: str) -> SupervisionReport:
    """Tell the supervisors how far it is, as often as there is something to say.

    Raises NotFound; NotAllowed for who does not lead the department; Conflict when it is closed;
    Invalid without a text.
    """
    held = hold(session, actor, supervision_id)
    held = held.by(rights.ensure_answers(session, actor, held.supervision))
    ensure_open(held.supervision)
    written = required("text", "办理情况", text)
    found = SupervisionReport(
        supervision_id=supervision_id, person_id=actor.person_id, text=written, at=held.act.at
    )
    session.add(found)
    record(held, "supervision.reported", said=written)
    said = f"{held.department}反馈督办情况：{written[:SHOWN]}"
    tell_supervisors(held, "supervision_reported", said)
    return found


def close(session: Session, actor: Actor, supervision_id: int, result: str) -> Supervision:
    """End it with its result; what was asked and not answered lapses, and nothing presses more.

    Raises like :func:`report`; NotAllowed for who does not supervise, or answers for it himself.
    """
    held = hold(session, actor, supervision_id)
    found = held.supervision
    held = held.by(rights.ensure_judges(session, actor, found))
    ensure_open(found)
    written = required("result", "办理结果", result)
    found.state, found.result = "closed", written
    found.closed_by_id, found.closed_at = actor.person_id, held.act.at
    _let_lapse(held)
    deadlines.close_limits(session, SUBJECT, [found.id], held.act.at)
    late = held.act.at > found.due_at
    record(held, "supervision.closed", said=written, late=late)
    tell_department(held, "supervision_closed", f"督办已办结：{written[:SHOWN]}")
    return found


def _let_lapse(held: Held) -> None:
    held.act.session.execute(
        sa.update(SupervisionExtension)
        .where(
            SupervisionExtension.supervision_id == held.supervision.id,
            SupervisionExtension.state == "asked",
        )
        .values(state="lapsed", decided_at=held.act.at)
    )
