"""Drafts of processes (流程草稿): begun from something, saved, checked, and proposed.

Nothing runs on a draft. It belongs to the process administrators of its unit and of those above,
one of the whole office to those of the topmost unit (rights.py). Nothing here commits.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.clock import SHANGHAI
from app.errors import Conflict, Invalid, NotFound
from app.organization import Actor
from app.organization.models import Person, Unit
from app.workflow import library, losing, played, publishing, rights, staffing, terms
from app.workflow.blank import blank
from app.workflow.bundle import Bundle
from app.workflow.draft_files import Named, as_bytes, as_texts, named, opens
from app.workflow.errors import BadDiagram, Fault, NoDefinition
from app.workflow.forms import is_form
from app.workflow.gathering import gather
from app.workflow.models import DefinitionRow, DraftState, ProcessDraft
from app.workflow.parser import read_graphs
from app.workflow.played import Looked
from app.workflow.reading import ID

PROCESS_ID = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
MAX_REASON = 1000


@dataclass(frozen=True)
class Checked:
    """A draft as it passed every check: its revision, and the digest of all that it is made of."""

    revision: int
    sha256: str


@dataclass(frozen=True)
class Origin:
    """What a draft begins from: exactly one of a version, files, or a new process.

    sha256       a version: shipped, in force, older, or another unit's
    files        name to content, as uploaded
    process_id, name
                 of a new process, which begins with one step
    unit_id      whose process it is to be; None for the whole office
    """

    sha256: str | None = None
    files: Mapping[str, bytes] | None = None
    process_id: str = ""
    name: str = ""
    unit_id: int | None = None


class StaleDraft(Conflict):
    """Somebody saved meanwhile; nothing was written over."""

    code = "stale_draft"

    def __init__(self, name: str, at: datetime) -> None:
        moment = f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"
        super().__init__(
            f"{name}已于 {moment} 保存了这份草稿，您的改动没有保存。请另存您的文件，刷新后再改。"
        )


def start(session: Session, *, origin: Origin, by: Actor, at: datetime) -> ProcessDraft:
    """A new draft. Raises NotAllowed, NoDefinition, or Invalid for what cannot be taken."""
    if origin.unit_id is not None and session.get(Unit, origin.unit_id) is None:
        raise Invalid.at("unit", "没有这个单位，请从列表中选择。")
    rights.ensure_administers(session, by, origin.unit_id)
    files, about = _beginning(session, origin)
    draft = ProcessDraft(
        process_id=about.process_id,
        name=about.name,
        unit_id=origin.unit_id,
        base_sha256=origin.sha256,
        files=files,
        revision=1,
        created_by=by.person_id,
        created_at=at,
        updated_by=by.person_id,
        updated_at=at,
        state=DraftState.OPEN,
    )
    session.add(draft)
    session.flush()
    _record(session, "process_draft.started", draft, by, at)
    return draft


def get(session: Session, draft_id: int, by: Actor) -> ProcessDraft:
    """Raises NotFound for what is not there or another unit's."""
    draft = session.get(ProcessDraft, draft_id)
    if draft is None or not rights.administers(session, by, draft.unit_id):
        raise _not_there(draft)
    return draft


def save(
    session: Session,
    draft_id: int,
    revision: int,
    files: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> ProcessDraft:
    """Replace all files. Raises StaleDraft naming who was first, Invalid for unusable files."""
    draft = _held(session, draft_id, by)
    _ensure_revision(session, draft, revision)
    kept = as_texts(as_bytes(files))
    about = named(kept, Named(draft.process_id, draft.name))
    draft.files, draft.process_id, draft.name = kept, about.process_id, about.name
    draft.revision, draft.updated_by, draft.updated_at = revision + 1, by.person_id, at
    session.flush()
    return draft


def check(
    session: Session,
    draft: ProcessDraft,
    files: Mapping[str, str] | None = None,
    *,
    tries: bool = True,
) -> list[Fault]:
    """Everything to be said about a draft; it can be submitted when all of it is warnings.

    files  looked at instead of those that are saved
    tries  whether a drawing without faults is played at random too (about a second)
    """
    return look(session, draft, files).faults(tries=tries)


def look(session: Session, draft: ProcessDraft, files: Mapping[str, str] | None = None) -> Looked:
    """What :func:`check` needs of the database, so that nobody waits for it while it is played."""
    drawn = as_bytes(draft.files if files is None else files)
    known = organization.role_labels(session).keys()
    found = played.look(session, drawn, known, library.known(), draft.unit_id)
    office = office_faults(session, found.gathered.bundle, draft.process_id, draft.unit_id)
    return replace(found, office=tuple(office))


def office_faults(
    session: Session, bundle: Bundle, process_id: str, unit_id: int | None
) -> list[Fault]:
    """What an office needs besides a drawing that runs: complete steps, people, its rules."""
    return [
        *staffing.complete(bundle),
        *staffing.staffed(session, bundle, process_id, unit_id),
        *losing.faults(bundle, in_force(session, process_id, unit_id)),
    ]


def files_before(session: Session, draft: ProcessDraft) -> dict[str, bytes]:
    """What a draft is compared with: what holds where it is to hold, else what it began from."""
    found = terms.files_in_force(session, draft.process_id, draft.unit_id)
    if found or draft.base_sha256 is None:
        return found
    row = session.get_one(DefinitionRow, draft.base_sha256)
    return as_bytes(json.loads(row.files))


def in_force(session: Session, process_id: str, unit_id: int | None) -> Bundle | None:
    """The drawings of what new cases of a unit begin with now; None where nothing is in force."""
    files = terms.files_in_force(session, process_id, unit_id)
    return Bundle(read_graphs(files)[0]) if files else None


def submit(
    session: Session,
    draft_id: int,
    reason: str,
    in_force_from: date | None,
    by: Actor,
    at: datetime,
    *,
    checked: Checked | None = None,
) -> DefinitionRow:
    """Make it a version and propose it; another process administrator puts it in force.

    in_force_from  None: as soon as it is agreed to
    checked        what passed :func:`check` a moment ago, so that it is not played again while the
                   draft is held
    Raises BadDiagram with every fault, Invalid without a reason or for a day that has passed,
    AlreadyDecided where the same content holds there or is proposed, ChangedMeanwhile where it is
    not what was checked; the draft stays open then.
    """
    draft = _held(session, draft_id, by)
    why = reason.strip()
    if not why or len(why) > MAX_REASON:
        raise Invalid.at("reason", f"请写明修改的理由，不超过 {MAX_REASON} 字。")
    if checked is not None:
        _ensure_revision(session, draft, checked.revision)
    looked = look(session, draft)
    if checked is not None:
        played.ensure_same(looked, checked.sha256)
    found = looked.faults(tries=checked is None)
    if any(not fault.warning for fault in found):
        raise BadDiagram([fault for fault in found if not fault.warning])
    row = publishing.publish(
        session,
        as_bytes(draft.files),
        by.signature(),
        at,
        roles=organization.role_labels(session).keys(),
        forms=library.known(),
        tried=True,
        anew=True,
        unit_id=draft.unit_id,
        reason=why,
        in_force_from=in_force_from,
    )
    _record_submitting(session, draft, row, found, by, at)
    # Who drew it last stays on it: he may submit or agree, not both by another's hand.
    draft.state, draft.sha256, draft.updated_at = DraftState.SUBMITTED, row.sha256, at
    session.flush()
    return row


def discard(session: Session, draft_id: int, by: Actor, at: datetime) -> ProcessDraft:
    """It stays in the table and is offered no more."""
    draft = _held(session, draft_id, by)
    draft.state, draft.updated_by, draft.updated_at = DraftState.DISCARDED, by.person_id, at
    session.flush()
    _record(session, "process_draft.discarded", draft, by, at)
    return draft


def open_drafts(
    session: Session, by: Actor, process_id: str | None = None
) -> Sequence[ProcessDraft]:
    """Drafts that the actor may go on with, the one saved last first."""
    query = sa.select(ProcessDraft).where(ProcessDraft.state == DraftState.OPEN)
    if process_id is not None:
        query = query.where(ProcessDraft.process_id == process_id)
    query = query.order_by(ProcessDraft.updated_at.desc(), ProcessDraft.id.desc())
    reach = rights.reach(session, by)
    return [each for each in session.scalars(query) if reach.over(each.unit_id)]


def _beginning(session: Session, origin: Origin) -> tuple[dict[str, str], Named]:
    if origin.sha256 is not None:
        row = session.get(DefinitionRow, origin.sha256)
        if row is None:
            raise NoDefinition
        kept = as_bytes(json.loads(row.files))
        return as_texts(gather(session, kept).files), Named(row.process_id, row.name)
    if origin.files is not None:
        files = as_texts(origin.files)
        for name, data in origin.files.items():
            if not is_form(name) and not opens(data):
                sentence = f"“{name}”不是可以打开的 BPMN 2.0 流程文件，请用流程设计器重新导出。"
                raise Invalid.at("files", sentence)
        return files, named(files)
    return _blank(origin)


def _blank(origin: Origin) -> tuple[dict[str, str], Named]:
    name = origin.name.strip()
    if not name or len(name) > 60 or not name.isprintable():
        raise Invalid.at("name", "请填写流程名称，不超过 60 字。")
    ident = origin.process_id.strip()
    if not PROCESS_ID.match(ident) or not ID.match(ident) or ident.startswith("mi_"):
        raise Invalid.at(
            "process_id", "流程编号应以小写字母开头，只含小写字母、数字和下划线，不超过 63 个字符。"
        )
    return {f"{ident}.bpmn": blank(ident, name)}, Named(ident, name)


def _held(session: Session, draft_id: int, by: Actor) -> ProcessDraft:
    """The open draft under its lock."""
    query = sa.select(ProcessDraft).where(ProcessDraft.id == draft_id).with_for_update()
    draft = session.scalar(query.execution_options(populate_existing=True))
    if draft is None or not rights.administers(session, by, draft.unit_id):
        raise _not_there(draft)
    if draft.state != DraftState.OPEN:
        words = "已经提交" if draft.state == DraftState.SUBMITTED else "已经放弃"
        raise Conflict(f"这份草稿{words}，不能再改。请从这个版本另建草稿。", code="draft_closed")
    return draft


def _ensure_revision(session: Session, draft: ProcessDraft, revision: int) -> None:
    if draft.revision != revision:
        name = session.scalar(sa.select(Person.name).where(Person.id == draft.updated_by))
        raise StaleDraft(name or "他人", draft.updated_at)


def _not_there(draft: Any) -> NotFound:
    return NotFound("没有这份流程草稿，或者您无权查看。", hidden=draft is not None)


def _record_submitting(
    session: Session,
    draft: ProcessDraft,
    row: DefinitionRow,
    found: Sequence[Fault],
    by: Actor,
    at: datetime,
) -> None:
    """What was warned of and submitted all the same stays on record."""
    detail = {
        "draft": draft.id,
        "sha256": row.sha256,
        "name": draft.name,
        "version": row.version,
        "warnings": [str(fault) for fault in found],
    }
    audit.record(session, "process_draft.submitted", by.signature(), at=at, detail=detail)


def _record(session: Session, action: str, draft: ProcessDraft, by: Actor, at: datetime) -> None:
    detail: dict[str, Any] = {
        "draft": draft.id,
        "process": draft.process_id,
        "name": draft.name,
        "revision": draft.revision,
    }
    if draft.base_sha256:
        detail["base"] = draft.base_sha256
    if draft.unit_id is not None:
        detail["unit"] = draft.unit_id
    audit.record(session, action, by.signature(), at=at, detail=detail)
