"""Single entries of the record, and what a sample of them is shown as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry
from app.documents.models import Document
from app.errors import Conflict, NotFound
from app.handling.inspection import indexing
from app.handling.models import CASE_STATES, Case
from app.handling.views.history import ACTIONS


@dataclass(frozen=True)
class Shown:
    """An entry; ``body`` is the evidence, ``hash`` covers it."""

    seq: int
    at: datetime
    label: str
    actor: str
    authority: str
    case_id: int | None
    hash: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What stands in a row of a sample: a case with its document, or an entry."""

    number: int
    title: str
    about: str
    case_id: int | None
    seq: int | None


def entry(session: Session, seq: int) -> Shown:
    """Raises NotFound; Conflict for what somebody has spoilt."""
    row = session.get(AuditEntry, seq)
    if row is None:
        raise NotFound(f"没有第 {seq} 条记录。")
    body = indexing.read(row)
    if body is None:
        raise Conflict(f"第 {seq} 条记录的内容被破坏，读不出来，请先核验整条记录。")
    return Shown(
        seq=seq,
        at=datetime.fromisoformat(body["at"]),
        label=ACTIONS.get(body["action"], body["action"]),
        actor=body["actor"]["name"],
        authority=body["authority"],
        case_id=body["case"],
        hash=row.hash,
        body=body,
    )


def told(session: Session, of: str, numbers: Sequence[int]) -> list[Told]:
    """The cases (``case``) or entries (``entry``) of these numbers, in their order."""
    found = _cases(session, numbers) if of == "case" else _entries(session, numbers)
    return [found[number] for number in numbers if number in found]


def _cases(session: Session, numbers: Sequence[int]) -> dict[int, Told]:
    query = (
        sa.select(Case.id, Case.state, Document.title, Document.number, Document.kind)
        .join(Document, Document.id == Case.document_id)
        .where(Case.id.in_(numbers))
    )
    return {
        row.id: Told(
            number=row.id,
            title=" ".join(row.title.split()),
            about=f"{row.number or '未编号'}，{row.kind or '其他'}，{CASE_STATES[row.state]}",
            case_id=row.id,
            seq=None,
        )
        for row in session.execute(query)
    }


def _entries(session: Session, numbers: Sequence[int]) -> dict[int, Told]:
    found = {}
    for row in session.scalars(sa.select(AuditEntry).where(AuditEntry.seq.in_(numbers))):
        body = indexing.read(row)
        if body is None:
            found[row.seq] = Told(row.seq, indexing.SPOILT, "", row.case_id, row.seq)
            continue
        label = ACTIONS.get(body["action"], body["action"])
        about = f"{body['actor']['name']}（{body['authority']}）"
        found[row.seq] = Told(row.seq, label, about, body["case"], row.seq)
    return found
