"""What is done with versions and terms goes on record, and what a term puts in force in words."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.workflow.models import DefinitionRow, ProcessTerm


def record(
    session: Session,
    action: str,
    row: DefinitionRow,
    by: audit.Signature,
    at: datetime,
    term: ProcessTerm | None = None,
) -> None:
    detail: dict[str, object] = {
        "sha256": row.sha256,
        "process": row.process_id,
        "name": row.name,
        "version": row.version,
    }
    if term is not None and term.unit_id is not None:
        detail["unit"] = term.unit_id
    if term is not None and term.in_force_from is not None:
        detail["in_force_from"] = term.in_force_from.isoformat()
    if term is not None and term.follows:
        action = action.replace("definition.", "definition.following_")
    reason = (term.answer or term.reason or None) if term is not None else None
    audit.record(session, action, by, at=at, detail=detail, reason=reason)


def named(row: DefinitionRow, follows: bool) -> str:
    """What a term puts in force, in words."""
    return "跟随上级" if follows else f"第 {row.version} 版"
