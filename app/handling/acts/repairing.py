"""重试 and 放弃 of what stopped: a faulty act, a stay without people, a limit that took no effect.

What stopped is named by its kind and number: ``fault-3`` (an act that the route could not take),
``stay-12`` (a stay that nobody can act at), ``due-7`` (a limit that the sweep gave up).
"""

import re
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.deadlines import incidents as limits
from app.deadlines.models import Due
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.handling import administering, remarks
from app.handling.act import Act, ensure_running
from app.handling.errors import StepFault, StillFaulty
from app.handling.models import Incident, Task, TaskCandidate
from app.handling.receipts import opening as receipts
from app.handling.receipts.models import ReceiptCheck
from app.handling.recording import record_act
from app.handling.stays import reposting, timers
from app.handling.stays.notices import tell
from app.handling.stays.trials import Trial, play
from app.handling.supervision.models import Supervision
from app.handling.supervision.opening import SUBJECT
from app.organization import Actor
from app.workflow.models import WorkflowTimer

NAME = re.compile(r"(fault|stay|due)-([1-9][0-9]{0,17})\Z")
REPAIRED = "故障已排除，请重新办理。"


def retry(session: Session, actor: Actor, name: str, reason: str) -> str:
    """Try again what stopped; a sentence that says what has become of it.

    A faulty act is only rehearsed: nobody acts for its person, who is told to do it again.
    Raises StillFaulty when it fails as before, Conflict when it is over or still stands still.
    """
    stopped = _hold(session, actor, name)
    written = _reason(reason)
    if stopped.due_id is not None:
        limits.retry(session, stopped.due_id, written, stopped.act.signature, stopped.act.at)
        return "已交时限检查重试。"
    ensure_running(stopped.act.case)
    if stopped.incident is None:
        return _find_people(stopped.act, written)
    _rehearse(stopped.act, stopped.incident)
    _end(stopped.act, stopped.incident, "incident.repaired", written)
    return f"试办通过，故障已排除，{_tell_who_tried(stopped.act, stopped.incident)}。"


def dismiss(session: Session, actor: Actor, name: str, reason: str) -> str:
    """Take it off the list without a cure. A stay without people stays on it: it needs some."""
    stopped = _hold(session, actor, name)
    written = _reason(reason)
    if stopped.due_id is not None:
        _ensure_goes_on_without(stopped.act)
        limits.dismiss(session, stopped.due_id, written, stopped.act.signature, stopped.act.at)
        return "已放弃该到期事项。"
    if stopped.incident is None:
        raise Conflict("此环节无人可办，不能放弃，请指定办理人。", code="still_blocked")
    _end(stopped.act, stopped.incident, "incident.dismissed", written)
    return "已放弃该故障；再次办理失败时会重新出现。"


def _ensure_goes_on_without(act: Act) -> None:
    """A case that lies with nobody waits for a drawn timer: nothing else could move it."""
    if act.case.state == "running" and not administering.hold_stays(act):
        message = "此件只等这个定时器，放弃以后无人能往下办。请查明原因后重试。"
        raise Conflict(message, code="nothing_else_moves")


@dataclass(frozen=True)
class _Stopped:
    """What stopped, with its case under the administrator's lock and its stay in hand."""

    act: Act
    incident: Incident | None = None
    due_id: int | None = None


def _hold(session: Session, actor: Actor, name: str) -> _Stopped:
    """Raises NotFound for what is not there or not his, Conflict for what is over."""
    matched = NAME.match(name)
    if matched is None:
        raise NotFound
    kind, number = matched[1], int(matched[2])
    case_id = session.scalar(_case_of(kind, number))
    if case_id is None:
        raise NotFound
    act = administering.hold(session, actor, case_id)
    if kind == "due":
        return _Stopped(act, due_id=number)
    stays = {task.id: task for task in administering.hold_stays(act)}
    incident = None
    if kind == "fault":
        incident = session.get_one(Incident, number, populate_existing=True)
    act.task = stays.get(incident.task_id if incident else number)
    over = incident is not None and incident.ended_at is not None
    if act.task is None or over or (incident is None and act.task.blocked is None):
        raise Conflict("该故障已经排除，请刷新页面查看。", code="incident_over")
    return _Stopped(act, incident)


def _case_of(kind: str, number: int) -> sa.Select[int] | sa.CompoundSelect[int]:
    if kind == "fault":
        return sa.select(Incident.case_id).where(Incident.id == number)
    if kind == "stay":
        return sa.select(Task.case_id).where(Task.id == number)
    of_stay = (Due.subject_type == "task") & (Due.subject_id == Task.id)
    of_supervision = (Due.subject_type == SUBJECT) & (Due.subject_id == Supervision.id)
    of_check = (Due.subject_type == receipts.SUBJECT) & (Due.subject_id == ReceiptCheck.id)
    of_timer = (Due.subject_type == timers.SUBJECT) & (Due.subject_id == WorkflowTimer.id)
    return sa.union_all(
        sa.select(Task.case_id).join(Due, of_stay).where(Due.id == number),
        sa.select(Supervision.case_id).join(Due, of_supervision).where(Due.id == number),
        sa.select(ReceiptCheck.case_id).join(Due, of_check).where(Due.id == number),
        sa.select(WorkflowTimer.case_id).join(Due, of_timer).where(Due.id == number),
    )


def _reason(text: str) -> str:
    written = remarks.read("reason", "处理情况", text)
    if not written:
        raise Invalid.at("reason", "请写明查明的原因和处理情况。（OPS-07）")
    return written


def _rehearse(act: Act, incident: Incident) -> None:
    """Play what failed, service steps included, and take all of it back.

    Another refusal than a fault is the person's own to mend, and his page will say so.
    """
    savepoint = act.session.begin_nested()
    try:
        play(_as_tried(act, incident), Trial.of(incident.trial))
        act.session.flush()
    except StepFault as fault:
        raise StillFaulty(fault) from fault
    except DomainError:
        return
    finally:
        savepoint.rollback()


def _as_tried(act: Act, incident: Incident) -> Act:
    """The act as its person had it in hand: what rules skip depends on who sends.

    Somebody whose account is closed meanwhile is stood in for by the administrator.
    """
    session = act.session
    stay = session.get_one(Task, incident.tried_at_id)
    try:
        actor = organization.actor(session, incident.tried_by_id or act.actor.person_id)
    except NotFound:
        actor = act.actor
    here = (TaskCandidate.task_id == stay.id) & (TaskCandidate.person_id == actor.person_id)
    return replace(
        act, actor=actor, task=stay, candidate=session.scalar(sa.select(TaskCandidate).where(here))
    )


def _end(act: Act, incident: Incident, action: str, reason: str) -> None:
    incident.ended_at, incident.ended_by_id = act.at, act.actor.person_id
    record_act(act, action, reason=reason, cause=incident.cause, attempts=incident.attempts)


def _find_people(act: Act, reason: str) -> str:
    """Somebody may hold the post by now."""
    reposting.follow_stay(act)
    if act.stay.blocked is not None:
        raise Conflict(f"仍然无人可办：{act.stay.blocked}", code="still_blocked")
    record_act(act, "incident.repaired", reason=reason)
    return "已找到办理人，此件继续办理。"


def _tell_who_tried(act: Act, incident: Incident) -> str:
    """All whose stay it is, where it is his; another's act is for him alone to do again.

    Process administrators read no notices of cases: the sentence that comes back names them.
    """
    holders = sa.select(TaskCandidate.person_id).where(TaskCandidate.task_id == act.stay.id)
    people, tried_by = set(act.session.scalars(holders)), incident.tried_by_id
    if tried_by is None or tried_by in people:
        tell(act.session, sorted(people), "repaired", act.case.id, act.stay.id, REPAIRED, act.at)
        return "已请办理人重新办理"
    tell(act.session, [tried_by], "repaired", act.case.id, None, REPAIRED, act.at)
    return f"请{act.session.get_one(organization.Person, tried_by).name}重新办理"
