"""What time does to a supervision: it reminds, it marks what is late, and who is told climbs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines, organization
from app.deadlines import DueRow, Result
from app.handling.models import Case
from app.handling.stays.notices import tell
from app.handling.supervision import ladder, rights
from app.handling.supervision.ladder import Rung
from app.handling.supervision.models import Supervision
from app.handling.supervision.telling import day
from app.organization import Candidate, Department, Scope, role_labels

RULE = audit.signed_by_rule("督办催办阶梯（DDL-21）")


class SupervisionTimes:
    """Effects of due rows whose subject is a supervision."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        found = session.scalars(
            sa.select(Supervision)
            .where(Supervision.id == due.subject_id)
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if found is None:
            there = sa.select(sa.exists().where(Supervision.id == due.subject_id))
            return Result.BUSY if session.scalar(there) else Result.NOT_OPEN
        if found.state != "open" or found.limit_revision != due.deadline_revision:
            return Result.NOT_OPEN
        if found.paused_at is not None:
            return Result.NOT_OPEN  # the sweep held this row while the case was suspended
        rungs = ladder.rungs(found.due_at, deadlines.load(session, found.unit_id))
        _EFFECTS[due.kind](session, found, due, rungs, now)
        return Result.DONE


def _remind(
    session: Session, found: Supervision, due: DueRow, rungs: list[Rung], now: datetime
) -> None:
    """Only the department is told; what a standstill has made untrue is not said any more."""
    passed = [each for each in rungs if each.kind == "remind" and each.at <= now]
    if passed and now < found.due_at:
        rung = passed[-1]
        left = f"还有 {-rung.days} 个工作日" if rung.days else "就在今天"
        text = f"督办期限 {day(found.due_at)}，{left}，请抓紧办理并反馈。"
        _press(session, found, "supervision.reminded", [], text, now)
    coming = ladder.following(rungs, "remind", now)
    if coming is not None:
        deadlines.open_next(session, due, coming.at)


def _mark(
    session: Session, found: Supervision, due: DueRow, rungs: list[Rung], now: datetime
) -> None:
    found.overdue_since = due.due_at
    text = f"督办件已超过办理期限 {day(found.due_at)}，请立即办理并反馈。"
    above = rights.supervisors(session, found.unit_id)
    _press(session, found, "supervision.overdue", above, text, now)
    coming = ladder.following(rungs, "escalate", due.due_at)
    if coming is not None:
        deadlines.open_next(session, due, coming.at, "escalate")


def _escalate(
    session: Session, found: Supervision, due: DueRow, rungs: list[Rung], now: datetime
) -> None:
    """Who is above the department hears of it, and later who is above him."""
    steps = [each for each in rungs if each.kind == "escalate"]
    rung = steps[min(due.occurrence, len(steps)) - 1]
    scope = Scope(found.unit_id, found.department_id)
    above = organization.candidates(session, [rung.role], scope).people
    department = session.get_one(Department, found.department_id).name
    text = f"{department}的督办件已超期 {rung.days} 个工作日，请督促办理。"
    label = role_labels(session).get(rung.role, rung.role)
    supervisors = rights.supervisors(session, found.unit_id)
    _press(session, found, "supervision.escalated", [*above, *supervisors], text, now, whom=label)
    if due.occurrence < len(steps):
        deadlines.open_next(session, due, steps[due.occurrence].at)


def _press(
    session: Session,
    found: Supervision,
    action: str,
    above: Iterable[Candidate],
    text: str,
    now: datetime,
    **more: Any,
) -> None:
    """On record, signed by the rule; told to the department and to those above."""
    case = session.get_one(Case, found.case_id)
    audit.record(
        session,
        action,
        RULE,
        at=now,
        subject=("supervision", found.id),
        case_id=case.id,
        document_id=case.document_id,
        reason=text,
        detail={"supervision": found.id, "due_at": found.due_at.isoformat(), **more},
    )
    people = [*rights.responsible(session, found.unit_id, found.department_id), *above]
    told = sorted({each.person_id for each in people})
    tell(session, told, "supervision_due", case.id, None, text, now)


_EFFECTS = {"remind": _remind, "overdue": _mark, "escalate": _escalate}
