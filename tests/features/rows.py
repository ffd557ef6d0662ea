"""Everything that is kept, to see that a refusal has changed none of it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import Base

NOT_OF_THE_MATTER = {
    *("audit_entry", "audit_head", "api_token", "request_key", "picture", "page_proof"),
    "access_entry",
}
"""Tables that a refused request may touch: the record, a token, what pages have shown.

And what has been looked at since, to see what became of it."""


def all_rows(session: Session) -> dict[str, Any]:
    """Every row of every other table, and how many acts the histories of documents have."""
    found: dict[str, Any] = {
        table.name: sorted(map(repr, session.execute(sa.select(table))))
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_OF_THE_MATTER
    }
    query = "SELECT count(*) FROM audit_entry WHERE coalesce(case_id, document_id) > 0"
    return {**found, "history": session.scalar(sa.text(query))}
