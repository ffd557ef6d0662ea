"""Reading the record. An entry is shown from its body, which is what the hash covers."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, AuditHead


@dataclass(frozen=True)
class Entry:
    """One act as it was recorded."""

    seq: int
    at: datetime
    action: str
    actor_id: int | None
    actor_login: str
    actor_name: str
    principal: str | None
    authority: str
    step: str | None
    outcome: str
    reason: str | None
    subject: tuple[str, int] | None
    detail: dict[str, Any]
    hash: str


def entries(session: Session) -> int:
    """How many entries the record has, as its head says."""
    return session.scalar(sa.select(AuditHead.seq)) or 0


def case_entries(session: Session, case_id: int, document_id: int | None = None) -> list[Entry]:
    """Every act of a case, and of its document when given, oldest first."""
    concerns = AuditEntry.case_id == case_id
    if document_id is not None:
        concerns = sa.or_(concerns, AuditEntry.document_id == document_id)
    rows = session.execute(
        sa.select(AuditEntry.body, AuditEntry.hash).where(concerns).order_by(AuditEntry.seq)
    )
    return _entries((row.body, row.hash) for row in rows)


def refused(session: Session, since: int) -> list[Entry]:
    """Requests that were refused, from one entry on, oldest first."""
    rows = session.execute(
        sa.select(AuditEntry.body, AuditEntry.hash)
        .where(AuditEntry.seq >= since, AuditEntry.action == "request.refused")
        .order_by(AuditEntry.seq)
    )
    return _entries((row.body, row.hash) for row in rows)


def entries_of_cases(session: Session, cases: Collection[int]) -> dict[int, list[Entry]]:
    """What was done at each of these cases, oldest first; refusals are left out."""
    query = (
        sa.select(AuditEntry.case_id, AuditEntry.body, AuditEntry.hash)
        .where(AuditEntry.case_id.in_(cases), AuditEntry.outcome == "done")
        .order_by(AuditEntry.case_id, AuditEntry.seq)
    )
    found: dict[int, list[Entry]] = {}
    for case_id, rows in groupby(session.execute(query), key=lambda row: row.case_id):
        found[case_id] = _entries((row.body, row.hash) for row in rows)
    return found


def _entries(rows: Iterable[tuple[str, str]]) -> list[Entry]:
    found = []
    for text, digest in rows:
        body = json.loads(text)
        subject = body["subject"]
        found.append(
            Entry(
                seq=body["seq"],
                at=datetime.fromisoformat(body["at"]),
                action=body["action"],
                actor_id=body["actor"]["id"],
                actor_login=body["actor"]["login"],
                actor_name=body["actor"]["name"],
                principal=body["principal"],
                authority=body["authority"],
                step=body["step"],
                outcome=body["outcome"],
                reason=body["reason"],
                subject=(subject[0], subject[1]) if subject else None,
                detail=body["detail"],
                hash=digest,
            )
        )
    return found
