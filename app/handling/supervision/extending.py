"""延期: the department asks for a later date with its reason; a supervisor consents or not."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.deadlines.workdays import local_date
from app.errors import Conflict, Invalid, NotAllowed
from app.handling import remarks
from app.handling.supervision import rights
from app.handling.supervision.holding import Held, ensure_open, ensure_running, hold
from app.handling.supervision.models import SupervisionExtension
from app.handling.supervision.opening import SHOWN, SUBJECT, end_of, open_reminder, required
from app.handling.supervision.telling import day, record, tell_department, tell_supervisors
from app.organization import Actor


def ask(
    session: Session, actor: Actor, supervision_id: int, by: date, reason: str
) -> SupervisionExtension:
    """Ask for a later target date; the present one holds until somebody consents.

    Raises NotFound; NotAllowed for who does not lead the department; Conflict when it is closed,
    stands still, or another request waits; Invalid at ``by`` or ``reason``.
    """
    held = hold(session, actor, supervision_id)
    held = held.by(rights.ensure_answers(session, actor, held.supervision))
    ensure_open(held.supervision)
    ensure_running(held.supervision)
    _ensure_none_waits(held)
    if by <= local_date(held.supervision.due_at):
        raise Invalid.at("by", f"应晚于现在的办理期限 {day(held.supervision.due_at)}。")
    due_at = end_of(by, held.act)
    written = required("reason", "延期原因", reason)
    found = SupervisionExtension(
        supervision_id=supervision_id,
        old_due_at=held.supervision.due_at,
        due_at=due_at,
        reason=written,
        asked_by_id=actor.person_id,
        asked_at=held.act.at,
    )
    session.add(found)
    session.flush()
    record(held, "supervision.extension_asked", said=written, until=due_at)
    said = f"{held.department}申请延期至 {day(due_at)}：{written[:SHOWN]}"
    tell_supervisors(held, "supervision_extension", said)
    return found


def decide(
    session: Session,
    actor: Actor,
    supervision_id: int,
    asked_id: int,
    *,
    agree: bool,
    answer: str = "",
) -> SupervisionExtension:
    """Consent, and the limit and its ladder begin anew; or refuse, with the reason.

    asked_id  the request that he has read: another one may have come after it was answered
    Raises NotFound; NotAllowed for who does not supervise, answers for the department himself or
    asked himself; Conflict when it waits
    no more or the wanted date is over by now; Invalid without a reason for refusing.
    """
    held = hold(session, actor, supervision_id)
    held = held.by(rights.ensure_judges(session, actor, held.supervision))
    found = _waiting(held)
    ensure_running(held.supervision)
    if found is None or found.id != asked_id:
        raise Conflict("这项延期申请已不在待审批，请核对现在的情况。", code="already_decided")
    if found.asked_by_id == actor.person_id:
        message = "延期须由申请人以外的督办人员审批，您不能审批自己的申请。"
        raise NotAllowed(message, code="second_person_needed")
    written = remarks.read("answer", "审批意见", answer)
    if agree and found.due_at <= held.act.at:
        message = "所申请的日期已过，不能再同意，请不同意后由责任部门重新申请。"
        raise Conflict(message, code="extension_over")
    if not agree and not written:
        raise Invalid.at("answer", "不同意须写明理由。")
    found.state = "granted" if agree else "refused"
    found.decided_by_id, found.decided_at, found.answer = actor.person_id, held.act.at, written
    if agree:
        _move(held, found)
        record(held, "supervision.extension_granted", said=written, until=found.due_at)
    else:
        record(held, "supervision.extension_refused", said=written)
    _say_how_it_ended(held, found)
    return found


def _move(held: Held, extension: SupervisionExtension) -> None:
    act, of = held.act, held.supervision
    of.due_at, of.limit_revision, of.overdue_since = extension.due_at, of.limit_revision + 1, None
    act.session.flush()
    deadlines.move_limit(
        act.session, SUBJECT, of.id, of.due_at, revision=of.limit_revision, at=act.at
    )
    open_reminder(held)


def _say_how_it_ended(held: Held, extension: SupervisionExtension) -> None:
    if extension.state == "granted":
        text = f"同意延期，办理期限改为 {day(extension.due_at)}。{extension.answer or ''}"
    else:
        text = f"不同意延期，仍应于 {day(held.supervision.due_at)} 前办结。{extension.answer or ''}"
    tell_department(held, "supervision_extension", text[:200])


def _ensure_none_waits(held: Held) -> None:
    if _waiting(held) is not None:
        raise Conflict("已有一项延期申请待审批，请等审批后再申请。", code="extension_waits")


def _waiting(held: Held) -> SupervisionExtension | None:
    query = sa.select(SupervisionExtension).where(
        SupervisionExtension.supervision_id == held.supervision.id,
        SupervisionExtension.state == "asked",
    )
    return held.act.session.scalars(query.execution_options(populate_existing=True)).first()
