"""Whose a check is: its owner's, and of whoever stands in for him in this matter (ORG-27)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.documents.models import Document
from app.handling.models import Case
from app.handling.receipts.models import ReceiptCheck
from app.organization.models import Delegation


def his(viewer: Any, viewed_at: Any) -> sa.ColumnElement[bool]:
    """Condition on :class:`ReceiptCheck`. Values may be bound parameters."""
    case, document = aliased(Case), aliased(Document)
    stands_in = sa.exists().where(
        Delegation.principal_id == ReceiptCheck.owner_id,
        Delegation.agent_id == viewer,
        Delegation.since <= viewed_at,
        Delegation.until > viewed_at,
        Delegation.ended_at.is_(None),
        case.id == ReceiptCheck.case_id,
        document.id == case.document_id,
        sa.or_(
            Delegation.scope == "all",
            sa.and_(Delegation.scope == "process", Delegation.scope_value == case.process_id),
            sa.and_(Delegation.scope == "kind", Delegation.scope_value == document.kind),
        ),
    )
    return sa.or_(ReceiptCheck.owner_id == viewer, stands_in.correlate(ReceiptCheck))
