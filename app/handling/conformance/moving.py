"""A case that moves to another version (迁移) or back: held to each version in its time.

The entry of the move names both versions. Tokens stay at their places, so that every act after it
is judged by the new drawing as strictly as before; of acts before it the old one decides.
"""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry, Entry
from app.errors import NotFound
from app.handling.conformance.kinds import of_entry
from app.handling.conformance.standing import Standing
from app.workflow.definitions import Definition
from app.workflow.errors import NoDefinition

Versions = Callable[[str], Definition]
"""The definition with this sha256. Raises NotFound for one that is not there."""
STARTED, MIGRATED, UNDONE = "case.started", "case.migrated", "case.migration_undone"
Change = tuple[int, int]
"""Number of an entry, and the version that the case runs on from there."""


def change_version(standing: Standing, entry: Entry, versions: Versions) -> None:
    """From this entry on the case runs on another version. Told as the exception that it is."""
    try:
        definition = versions(str(entry.detail["definition_sha256"]))
    except (NotFound, NoDefinition):
        said = "记录所写的新版本不在库中，此后无从核对。"
        standing.found.append(of_entry("record", entry, said))
        return
    was = standing.definition
    standing.found.append(of_entry("migrated", entry, _said(entry, was, definition)))
    _judge_versions(standing, entry, definition)
    _judge_people(standing, entry)
    if not standing.under(definition):
        names = standing.names(standing.steps())
        said = f"第 {definition.version} 版里没有公文所在的位置（{names}），不能迁移到这一版。"
        standing.found.append(of_entry("jump", entry, said))


def _said(entry: Entry, was: Definition, now: Definition) -> str:
    if entry.action == UNDONE:
        return f"迁移被撤销，由第 {was.version} 版恢复到第 {now.version} 版办理。"
    return f"由第 {was.version} 版换到第 {now.version} 版办理。"


def _judge_versions(standing: Standing, entry: Entry, now: Definition) -> None:
    was = standing.definition
    came = entry.detail.get("from_sha256")
    if came not in (None, was.sha256):
        said = f"记录说从另一个版本迁移，此前公文按第 {was.version} 版办理。"
        standing.found.append(of_entry("record", entry, said))
    if now.process_id != was.process_id:
        said = f"“{now.name}”是另一个流程，公文不能换到它上面办理。"
        standing.found.append(of_entry("jump", entry, said))


def _judge_people(standing: Standing, entry: Entry) -> None:
    """One proposes a move, another one confirms it (S12); to undo it one is enough."""
    proposer = (entry.detail.get("proposed_by") or {}).get("login")
    if entry.action != UNDONE and proposer == entry.actor_login:
        said = f"迁移由提请人{entry.actor_name}自己确认，应由另一名流程管理员确认。"
        standing.found.append(of_entry("not_entitled", entry, said))


def version_changes(session: Session, cases: Collection[int]) -> dict[int, list[Change]]:
    """The versions of these cases one after the other, as the record has them."""
    query = (
        sa.select(AuditEntry.case_id, AuditEntry.seq, AuditEntry.body)
        .where(
            AuditEntry.case_id.in_(cases),
            AuditEntry.action.in_((STARTED, MIGRATED, UNDONE)),
            AuditEntry.outcome == "done",
        )
        .order_by(AuditEntry.seq)
    )
    found: dict[int, list[Change]] = {}
    for case_id, seq, body in session.execute(query):
        with suppress(ValueError, LookupError, TypeError):  # spoilt: it says no version
            version = int(json.loads(body)["detail"]["process_version"])
            found.setdefault(case_id or 0, []).append((seq, version))
    return found


def version_at(changes: Sequence[Change], seq: int | None) -> int | None:
    """The version that an entry was written under; None where the record does not tell."""
    known = [version for since, version in changes if seq is not None and since <= seq]
    return known[-1] if known else None
