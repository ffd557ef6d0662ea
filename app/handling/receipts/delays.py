"""迟收: who signed for an urgent document too late, and who answers for it (TRN-06)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.documents.models import Document
from app.handling.models import Case
from app.handling.receipts.answering import Received, received_since
from app.handling.receipts.liability import WHO, who_answers
from app.handling.receipts.models import ReceiptCheck
from app.handling.receipts.notifying import notices
from app.handling.receipts.opening import recipients


@dataclass(frozen=True)
class Delay:
    """One recipient of one document; received_at and notified_at None where it never happened."""

    case_id: int
    title: str
    number: str | None
    recipient: str
    due_at: datetime
    received_at: datetime | None
    notified_at: datetime | None
    liable: str

    @property
    def liable_words(self) -> str:
        return WHO[self.liable]


def delays(
    session: Session, unit_ids: Collection[int], begins: datetime, ends: datetime
) -> list[Delay]:
    """Of urgent documents that these units have sent in a period, in the order of sending."""
    now = clock.now(session)
    sent = _sent(session, unit_ids, begins, ends)
    ids = [check.id for check, _ in sent]
    received, notified = received_since(session, ids), _notified(session, ids)
    found = []
    for check, document in sent:
        for recipient in recipients(document):
            key = check.id, recipient
            liable = who_answers(check.due_at, received.get(key), notified.get(key), now)
            if liable:
                found.append(
                    Delay(
                        check.case_id,
                        document.title.replace("\n", ""),
                        document.number,
                        recipient[1],
                        check.due_at,
                        received.get(key),
                        notified.get(key),
                        liable,
                    )
                )
    return found


def _sent(
    session: Session, unit_ids: Collection[int], begins: datetime, ends: datetime
) -> Sequence[tuple[ReceiptCheck, Document]]:
    query = (
        sa.select(ReceiptCheck, Document)
        .join(Case, Case.id == ReceiptCheck.case_id)
        .join(Document, Document.id == Case.document_id)
        .where(
            Case.unit_id.in_(unit_ids),
            Document.urgency != "none",
            ReceiptCheck.opened_at >= begins,
            ReceiptCheck.opened_at < ends,
        )
        .order_by(ReceiptCheck.id)
    )
    return [(check, document) for check, document in session.execute(query)]


def _notified(session: Session, check_ids: Collection[int]) -> Received:
    found: Received = {}
    for each in notices(session, check_ids):
        found.setdefault((each.check_id, (each.kind, each.recipient)), each.at)
    return found
