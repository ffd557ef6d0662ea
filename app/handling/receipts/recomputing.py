"""After a change of calendar or policy the limits of open checks are counted again (DDL-34).

Like those of stays: what is still to do stands in the database, nobody becomes late by a change
who was in time, and what moved is on record.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines
from app.deadlines import Deadline, WorkCalendar
from app.deadlines.limits import for_receipt_check
from app.documents.models import Document
from app.handling.models import Case
from app.handling.receipts.models import ReceiptCheck
from app.handling.receipts.opening import SUBJECT, said
from app.handling.stays.notices import tell

BATCH = 25
RULE = audit.signed_by_rule("工作日历或时限规则变动后重算时限（DDL-34）")


def recompute_checks(session: Session, now: datetime) -> int:
    """One batch; how many checks it looked at, 0 when nothing is left or others hold the rest."""
    version = deadlines.version(session)
    query = (
        sa.select(ReceiptCheck, Case, Document)
        .join(Case, Case.id == ReceiptCheck.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(ReceiptCheck.done_at.is_(None), ReceiptCheck.calendar_version != version)
        .order_by(ReceiptCheck.id)
        .limit(BATCH)
        .with_for_update(of=ReceiptCheck, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = session.execute(query).all()
    for check, case, document in found:
        calendar = deadlines.load(session, case.unit_id)
        _count_again(session, check, case, document, calendar, now)
    session.flush()
    return len(found)


def _count_again(
    session: Session,
    check: ReceiptCheck,
    case: Case,
    document: Document,
    calendar: WorkCalendar,
    now: datetime,
) -> None:
    check.calendar_version = calendar.version
    limit = for_receipt_check(calendar, check.opened_at, document.urgency)
    late = check.overdue_since is not None or check.due_at <= now
    if limit.due_at == check.due_at or late or limit.due_at <= now:
        return
    before = check.due_at
    check.limit_steps = [*limit.steps, f"时限有变动，原定 {said(before)} 到期，已重新计算。"]
    check.due_at, check.limit_provisional = limit.due_at, limit.provisional
    check.limit_revision += 1
    session.flush()
    _move(session, check, limit, calendar, now)
    text = f"核查接收情况的时限有变动，原定 {said(before)}，现为 {said(check.due_at)}。"
    tell(session, [check.owner_id], "moved", case.id, None, text, now)
    audit.record(
        session,
        "receipt_check.limit_moved",
        RULE,
        at=now,
        subject=(SUBJECT, check.id),
        case_id=case.id,
        document_id=case.document_id,
        reason=text,
        detail={"from": before.isoformat(), "to": check.due_at.isoformat()},
    )


def _move(
    session: Session, check: ReceiptCheck, limit: Deadline, calendar: WorkCalendar, now: datetime
) -> None:
    near = deadlines.amber_from(limit.due_at, check.opened_at, calendar)
    deadlines.move_limit(
        session,
        SUBJECT,
        check.id,
        limit,
        revision=check.limit_revision,
        at=now,
        kind=SUBJECT,
        reminder=near if near and near > now else None,
    )
