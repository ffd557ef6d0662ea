"""Everything that the tables hold, to prove that a refusal changed nothing."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents.models import (
    Attachment,
    Document,
    DocumentVersion,
    IssuedNumber,
    NumberBook,
    NumberSeries,
    ReceiptSeries,
)

TABLES = (
    *(Document, DocumentVersion, Attachment),
    *(NumberSeries, NumberBook, ReceiptSeries, IssuedNumber),
)


def snapshot(session: Session) -> dict[str, list[Any]]:
    session.flush()
    rows = {
        model.__tablename__: [
            tuple(row) for row in session.execute(sa.select(model.__table__).order_by("id"))
        ]
        for model in TABLES
    }
    return {**rows, "audit": [repr(entry.body) for entry in session.info.get("audit_pending", [])]}
