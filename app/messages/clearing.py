"""What went out long ago leaves the outbox; the record keeps what was done about messages."""

from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.messages.channels import in_use
from app.messages.models import Outbox

BATCH = 500
OVER = sa.or_(Outbox.state.in_(("sent", "folded")), Outbox.dropped_at.is_not(None))
"""What waits, is held back or was given up without anybody seeing to it stays, however old."""


def clear(session: Session, now: datetime) -> int:
    """One batch of what is older than the office keeps it; how many rows that were."""
    old = now - timedelta(days=in_use().kept_days)
    ids = (
        sa.select(Outbox.id)
        .where(OVER, Outbox.at < old)
        .order_by(Outbox.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = sa.delete(Outbox).where(Outbox.id.in_(ids))
    found = session.execute(gone.execution_options(synchronize_session=False))
    return cast("sa.CursorResult[Any]", found).rowcount
