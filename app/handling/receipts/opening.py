"""发送以后: the check begins within the act that sends the document, with its limit."""

from datetime import datetime

from app import deadlines
from app.clock import SHANGHAI
from app.deadlines.limits import for_receipt_check
from app.deadlines.policy import ReceiptOwner
from app.documents.models import Document
from app.handling.act import Act
from app.handling.receipts.models import KINDS, ReceiptCheck

SUBJECT = "receipt_check"
"""Of its due rows, and their kind."""

Recipient = tuple[str, str]
"""Kind and name."""


def recipients(document: Document) -> list[Recipient]:
    """Everybody it was sent to, main recipients first, nobody twice."""
    lists = (document.main_recipients, document.copy_recipients)
    named = [
        (kind, name.strip()) for kind, names in zip(KINDS, lists, strict=True) for name in names
    ]
    return [each for each in dict.fromkeys(named) if each[1]]


def begin(act: Act) -> ReceiptCheck | None:
    """Somebody has to ask the recipients (DDL-08, DDL-09); None where there are none.

    What the system itself sends, by a timer, is the drafter's to check.
    """
    if not recipients(act.document):
        return None
    calendar = deadlines.load(act.session, act.case.unit_id)
    limit = for_receipt_check(calendar, act.at, act.document.urgency)
    sender = calendar.policy.receipt_check_owner is ReceiptOwner.DISPATCHER
    found = ReceiptCheck(
        case_id=act.case.id,
        owner_id=(act.actor.person_id if sender else 0) or act.case.kept_by,
        opened_at=act.at,
        due_at=limit.due_at,
        limit_steps=list(limit.steps),
        limit_provisional=limit.provisional,
        calendar_version=limit.version,
    )
    act.session.add(found)
    act.session.flush()
    near = deadlines.amber_from(limit.due_at, act.at, calendar)
    deadlines.open_limits(
        act.session,
        SUBJECT,
        [(found.id, limit)],
        kind=SUBJECT,
        reminders=[(found.id, near)] if near else [],
    )
    return found


def asked(check: ReceiptCheck, document: Document) -> str:
    """What its owner is told."""
    if document.urgency != "none":
        return (
            f"紧急公文，请立即联系收文单位，于 {said(check.due_at)} 前核查接收情况，"
            "并登记通知的方式和号码。"
        )
    return f"请于 {said(check.due_at)} 前核查接收情况。"


def said(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"
