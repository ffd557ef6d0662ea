"""催办 of a supervision: a supervisor asks the responsible department to hurry, with his reason."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.errors import Conflict, Invalid
from app.handling import remarks
from app.handling.stays.reminding import remind_of
from app.handling.supervision import rights
from app.handling.supervision.holding import Held, ensure_open, ensure_running, hold
from app.handling.supervision.models import SupervisionUrge
from app.handling.supervision.telling import record, tell_department
from app.organization import Actor

AGAIN_AFTER = timedelta(minutes=10)
"""Between two urges of one supervision, by whomever."""
INTERNAL = "对内催办"
"""DDL-22: of one's own departments; another unit is urged where documents are exchanged."""


def urge(session: Session, actor: Actor, supervision_id: int, reason: str) -> SupervisionUrge:
    """Tell who leads the department, in the application and outside; on record (DDL-21, DDL-22).

    Raises NotFound; NotAllowed for who does not supervise; Conflict when it is closed, stands
    still, is one's own to answer for, or was urged a moment ago; Invalid without a reason.
    """
    held = hold(session, actor, supervision_id)
    held = held.by(rights.ensure_supervises(actor, held.supervision.unit_id))
    _ensure_not_own(held)
    ensure_open(held.supervision)
    ensure_running(held.supervision)
    _ensure_not_just_now(held)
    written = remarks.read("reason", "原因", reason, remarks.SHORT)
    if not written:
        raise Invalid.at("reason", "催办须写明原因。")
    found = SupervisionUrge(
        supervision_id=supervision_id, person_id=actor.person_id, reason=written, at=held.act.at
    )
    session.add(found)
    session.flush()
    record(held, "supervision.urged", said=written, kind=INTERNAL, flow=held.act.document.flow)
    tell_department(held, "urged", f"{actor.name}催办督办件：{written}")
    _remind(held, found)
    return found


def _remind(held: Held, urge: SupervisionUrge) -> None:
    of, act = held.supervision, held.act
    remind_of(
        act.session,
        "urged",
        f"supervision-urged:{urge.id}",
        act.case,
        _people(held),
        act.at,
        what=f"督办：{held.department}",
        due_at=of.due_at,
        path=f"/supervision/{of.id}",
    )


def _people(held: Held) -> list[int]:
    of = held.supervision
    people = rights.responsible(held.act.session, of.unit_id, of.department_id)
    return [each.person_id for each in people]


def _ensure_not_own(held: Held) -> None:
    if held.act.actor.person_id in _people(held):
        raise Conflict("责任部门由您本人负责，请直接办理。", code="own_stay")


def _ensure_not_just_now(held: Held) -> None:
    last: datetime | None = held.act.session.scalar(
        sa.select(sa.func.max(SupervisionUrge.at)).where(
            SupervisionUrge.supervision_id == held.supervision.id
        )
    )
    if last is not None and held.act.at < last + AGAIN_AFTER:
        at, again = (each.astimezone(SHANGHAI) for each in (last, last + AGAIN_AFTER))
        message = f"{at:%H:%M} 已经催办过，{again:%H:%M} 以后可以再催。"
        raise Conflict(message, code="urged_already")
