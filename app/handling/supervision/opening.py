"""立项督办: a document, a department, what it has to do, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines, organization
from app.deadlines.workdays import local_date
from app.errors import Conflict, Invalid
from app.handling import remarks
from app.handling.act import Act, hold_case
from app.handling.supervision import ladder, rights
from app.handling.supervision.holding import Held
from app.handling.supervision.models import Supervision
from app.handling.supervision.telling import day, record, tell_department, tell_leaders
from app.organization import Actor
from app.organization.queries import ListedDepartment

SUBJECT = "supervision"
"""Of its due rows."""
FURTHEST = timedelta(days=2 * 366)
SHOWN = 60
"""Characters of a requirement in a notice; the page has all of them."""


@dataclass(frozen=True)
class Order:
    """What a supervisor wants.

    department   key of the department that answers for it (责任单位)
    by           target date; the time ends with its close of business
    requirement  what has to be done; ``reason``: what the supervision rests on
    """

    department: str
    by: date
    requirement: str
    reason: str


def supervise(session: Session, actor: Actor, case_id: int, order: Order) -> Supervision:
    """Open a supervision on any document, under way or finished; its route goes on by itself.

    Raises NotFound, NotAllowed; Invalid naming the field; Conflict for a case that is
    cancelled or stands still, and where this department has one open on the same document.
    """
    act = hold_case(session, actor, case_id)
    signed = rights.ensure_supervises(actor, act.case.unit_id)
    if act.case.state == "cancelled":
        raise Conflict("此件已撤销，不能督办。", code="case_not_running")
    if act.case.state == "suspended":
        raise Conflict("此件暂停中，恢复办理以后再立项督办。", code="case_not_running")
    department = _department(act, order.department)
    requirement = required("requirement", "督办要求", order.requirement)
    reason = required("reason", "立项依据", order.reason)
    due_at = end_of(order.by, act)
    _ensure_none_is_open(act, department)
    found = Supervision(
        case_id=case_id,
        unit_id=act.case.unit_id,
        department_id=department.id,
        requirement=requirement,
        reason=reason,
        opened_by_id=actor.person_id,
        opened_at=act.at,
        first_due_at=due_at,
        due_at=due_at,
    )
    session.add(found)
    session.flush()
    held = Held(act, found, department.name).by(signed)
    open_ladder(held)
    record(held, "supervision.opened", said=requirement, until=due_at, clause=reason)
    text = (
        f"{actor.name}立项督办，请{department.name}于 {day(due_at)} 前办结：{requirement[:SHOWN]}"
    )
    tell_department(held, "supervised", text)
    tell_leaders(held, "supervised", f"{text}（由督办人员或者单位领导办结）")
    return found


def may_supervise(act: Act) -> bool:
    return act.case.state not in ("cancelled", "suspended") and act.case.unit_id in rights.units(
        act.actor
    )


def required(field: str, label: str, text: str) -> str:
    written = remarks.read(field, label, text)
    if not written:
        raise Invalid.at(field, f"请写明{label}，记入流转记录。")
    return written


def end_of(target: date, act: Act, field: str = "by") -> datetime:
    """Close of business of a target date. Raises Invalid for a day off, or one that is over."""
    calendar = deadlines.load(act.session, act.case.unit_id)
    today = local_date(act.at)
    if not today <= target <= today + FURTHEST:
        raise Invalid.at(field, "办理期限应在今天以后、两年以内。")
    if not calendar.is_workday(target):
        raise Invalid.at(
            field, f"{target} 不是工作日，下一个工作日是 {calendar.workday_after(target)}。"
        )
    due_at = calendar.close(target)
    if due_at <= act.at:
        raise Invalid.at(field, "今天已经下班，办理期限请从下一个工作日起选。")
    return due_at


def open_ladder(held: Held) -> None:
    """The rows of a new supervision: its limit, and the first reminder that is still to come."""
    of = held.supervision
    deadlines.open_limits(held.act.session, SUBJECT, [(of.id, of.due_at)])
    open_reminder(held)


def open_reminder(held: Held) -> None:
    act, of = held.act, held.supervision
    rungs = ladder.rungs(of.due_at, deadlines.load(act.session, of.unit_id))
    first = ladder.following(rungs, "remind", act.at)
    if first is not None:
        deadlines.open_limits(
            act.session, SUBJECT, [(of.id, first.at)], kind="remind", revision=of.limit_revision
        )


def _department(act: Act, key: str) -> ListedDepartment:
    found: Sequence[ListedDepartment] = organization.departments(act.session, act.case.unit_id)
    department = next((each for each in found if each.key == key), None)
    if department is None:
        raise Invalid.at("department", "请选择责任部门。")
    if not rights.responsible(act.session, act.case.unit_id, department.id):
        message = f"{department.name}没有负责人，督办无人承办，请先请安全管理员任命。"
        raise Invalid.at("department", message)
    return department


def _ensure_none_is_open(act: Act, department: ListedDepartment) -> None:
    waiting = sa.exists().where(
        Supervision.case_id == act.case.id,
        Supervision.department_id == department.id,
        Supervision.state == "open",
    )
    if act.session.scalar(sa.select(waiting)):
        message = f"{department.name}对此件已有一项在督，请在原督办件上办理。"
        raise Conflict(message, code="already_supervised")
