"""催办: asking whoever has an open stay to hurry. Both sides see who asked, when and why."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.clock import SHANGHAI
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling import access, remarks
from app.handling.act import Act, hold_task
from app.handling.models import CASE_STATES, TaskCandidate, Urge
from app.handling.recording import record_act
from app.handling.stays.notices import tell
from app.handling.stays.reminding import remind
from app.handling.supervision import rights
from app.organization import Actor

RULE = audit.signed_by_rule("催办无果报督办（DDL-21）")
AGAIN_AFTER = timedelta(minutes=10)
"""Between two urges of one stay by one person."""
IN_VAIN = 3
"""So many urges of what is overdue, by whomever, and those who supervise are told (DDL-21)."""


def urge(session: Session, actor: Actor, task_id: int, reason: str) -> Urge:
    """Urge the people of an open stay; of a stopped one these are the process administrators.

    Raises Conflict for a stay that has ended, is one's own, or was urged a moment ago; NotAllowed
    for who may see the case and has no part in it; Invalid without a reason.
    """
    act = hold_task(session, actor, task_id)
    refusal = _why_not(act)
    if refusal is not None:
        raise refusal
    _ensure_not_just_now(act)
    written = remarks.read("reason", "原因", reason, remarks.SHORT)
    if not written:
        raise Invalid.at("reason", "催办须写明原因。")
    urged = Urge(task_id=act.stay.id, person_id=actor.person_id, reason=written, at=act.at)
    session.add(urged)
    query = sa.select(TaskCandidate.person_id).where(TaskCandidate.task_id == act.stay.id)
    holders = sorted(session.scalars(query))
    text = f"{actor.name}催办“{act.stay.step_name}”：{written}"
    tell(session, holders, "urged", act.case.id, act.stay.id, text, act.at)
    session.flush()
    remind(session, "urged", f"urged:{urged.id}", act.stay, holders, act.at)
    record_act(act, "task.urged", reason=written)
    _tell_supervisors_when_in_vain(act)
    return urged


def may_urge(act: Act) -> bool:
    return _why_not(act) is None


def has_part_in(act: Act) -> bool:
    """Who may urge the others of this case; a mere reader may not."""
    if access.of_registry(act.actor, act.case):
        return True
    return access.has_worked_on(act.session, act.actor, act.case)


def _why_not(act: Act) -> DomainError | None:
    """Who sent the document here, started it, worked on it or keeps the registry may urge."""
    task = act.stay
    if task.state != "open":
        return Conflict(f"“{task.step_name}”环节已经办理，不需催办。", code="already_done")
    if act.case.state != "running":
        message = f"此件{CASE_STATES[act.case.state]}，不需催办。"
        return Conflict(message, code="case_not_running")
    if act.candidate is not None:
        return Conflict("此件就在您手上，请直接办理。", code="own_stay")
    if has_part_in(act):
        return None
    return NotAllowed("您没有参与办理此件，不能催办。需要催办的，请联系拟稿人或者办公室。")


def _tell_supervisors_when_in_vain(act: Act) -> None:
    """At the set count what was urged becomes a matter for supervision; they open one (DDL-21)."""
    task = act.stay
    if task.due_at is None or act.at <= task.due_at:
        return
    act.session.flush()
    query = sa.select(sa.func.count()).where(Urge.task_id == task.id, Urge.at > task.due_at)
    if act.session.scalar(query) != IN_VAIN:
        return
    people = rights.supervisors(act.session, act.case.unit_id)
    told = sorted({each.person_id for each in people} - {act.actor.person_id})
    text = f"“{task.step_name}”已超时，催办 {IN_VAIN} 次仍未办理，请考虑立项督办。"
    tell(act.session, told, "urged", act.case.id, task.id, text, act.at)
    record_act(act, "task.urged_in_vain", by=RULE, reason=text)


def _ensure_not_just_now(act: Act) -> None:
    last: datetime | None = act.session.scalar(
        sa.select(sa.func.max(Urge.at)).where(
            Urge.task_id == act.stay.id, Urge.person_id == act.actor.person_id
        )
    )
    if last is not None and act.at < last + AGAIN_AFTER:
        at, again = (each.astimezone(SHANGHAI) for each in (last, last + AGAIN_AFTER))
        message = f"您已于 {at:%H:%M} 催办过，{again:%H:%M} 以后可以再催。"
        raise Conflict(message, code="urged_already")
