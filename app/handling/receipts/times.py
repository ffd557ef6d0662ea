"""What time does to a check: it reminds, and marks what was not asked in time."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines, messages
from app.deadlines import DueRow, Result
from app.documents.models import Document
from app.handling.models import Case
from app.handling.receipts.models import ReceiptCheck
from app.handling.receipts.opening import asked, said
from app.handling.stays.notices import tell
from app.handling.supervision import rights

RULE = audit.signed_by_rule("发文后核查接收情况（DDL-08、DDL-09）")


class ReceiptTimes:
    """Effects of due rows whose subject is a receipt check."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        found = session.scalars(
            sa.select(ReceiptCheck)
            .where(ReceiptCheck.id == due.subject_id)
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if found is None:
            there = sa.select(sa.exists().where(ReceiptCheck.id == due.subject_id))
            return Result.BUSY if session.scalar(there) else Result.NOT_OPEN
        if found.done_at is not None or found.limit_revision != due.deadline_revision:
            return Result.NOT_OPEN
        case = session.get_one(Case, found.case_id)
        if due.kind == "remind":
            _write(session, found, case, due, [found.owner_id], now)
        else:
            _mark(session, found, case, due, now)
        return Result.DONE


def _mark(session: Session, found: ReceiptCheck, case: Case, due: DueRow, now: datetime) -> None:
    """On record, told to its owner and to those who supervise."""
    found.overdue_since = due.due_at
    session.flush()
    audit.record(
        session,
        "receipt_check.overdue",
        RULE,
        at=now,
        subject=("receipt_check", found.id),
        case_id=case.id,
        document_id=case.document_id,
        detail={"due_at": found.due_at.isoformat()},
    )
    above = rights.supervisors(session, case.unit_id)
    told = sorted({found.owner_id, *(each.person_id for each in above)})
    text = f"发文后未在 {said(found.due_at)} 前核查接收情况，请抓紧核查。"
    tell(session, told, "receipt_check", case.id, None, text, now)
    _write(session, found, case, due, [found.owner_id], now)


def _write(
    session: Session,
    found: ReceiptCheck,
    case: Case,
    due: DueRow,
    people: list[int],
    now: datetime,
) -> None:
    document = session.get_one(Document, case.document_id)
    at_once = messages.goes_at_once(
        deadlines.load(session, case.unit_id),
        now,
        due.due_at,
        urgent=document.urgency != "none",
    )
    late = due.kind != "remind"
    message = messages.Message(
        due.effect_key,
        "receipt",
        f"【核查接收{'超时' if late else ''}】{document.title}",
        f"标题：{' '.join(document.title.split())}\n{asked(found, document)}",
        f"/receipt-checks/{found.id}",
    )
    messages.queue(session, message, people, now, hold=not at_once)
