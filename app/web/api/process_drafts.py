"""流程草稿 through the API: begin, read, save, check, submit and discard (process administrators).

Used by the pages of the modeler too, with the session and ``X-CSRFToken``.
"""

from datetime import date
from typing import Annotated, Any, Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session, reading
from app.handling import administering
from app.organization.models import Person, Unit
from app.web.acts import acting, first_answer
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor
from app.workflow import drafts
from app.workflow.draft_files import as_bytes
from app.workflow.drafts import Checked, Origin
from app.workflow.errors import BadDiagram, Fault
from app.workflow.models import ProcessDraft

blueprint = group("process_drafts", "流程草稿")

CREATED = 201

Text = Annotated[str, Field(max_length=1_100_000)]
Files = Annotated[dict[schemas.Key, Text], Field(max_length=60)]
"""Name to text; ``*.bpmn`` and ``*.form``."""


class DraftOrigin(schemas.Input):
    """One of: ``sha256`` of a version; ``files``; ``process_id`` and ``name`` of a new process.

    ``unit``: key of the unit whose process it is to be; null for the whole office.
    """

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    files: Files | None = None
    process_id: schemas.Key = ""
    name: schemas.Key = ""
    unit: schemas.Key | None = None


class DraftLine(BaseModel):
    id: int
    process_id: str
    name: str
    unit: str | None
    base_sha256: str | None
    revision: int
    updated_by: str
    updated_at: Instant
    state: Literal["open", "submitted", "discarded"]


class Draft(DraftLine):
    """``sha256``: of the version that it became."""

    files: dict[str, str]
    sha256: str | None


class DraftList(BaseModel):
    items: list[DraftLine]
    next: int | None = None


class DraftSaving(schemas.Input):
    """``revision``: the one that was changed; a newer one answers 409, naming who and when."""

    revision: schemas.VersionNumber
    files: Files


class DraftChecking(schemas.Input):
    """``files``: looked at instead of those that are saved."""

    files: Files | None = None


class DraftFault(BaseModel):
    """``element``: "" for the file as a whole; ``warning``: no reason to refuse."""

    file: str
    line: int
    element: str
    message: str
    reason: str
    mend: str
    warning: bool


class DraftChecked(BaseModel):
    """``clean``: it can be submitted as it is."""

    clean: bool
    faults: list[DraftFault]


class DraftSubmission(schemas.Input):
    """``in_force_from``: null for as soon as another administrator agrees."""

    reason: schemas.Remark
    in_force_from: date | None = None


class SubmittedVersion(BaseModel):
    sha256: str
    process_id: str
    name: str
    version: int
    state: str


@blueprint.before_request
def _administrators_only() -> None:
    administering.units(current_actor())


@blueprint.get(
    "/process/drafts",
    operation_id="listProcessDrafts",
    summary="未提交的流程草稿",
    responses={200: DraftList},
)
def list_drafts() -> Response:
    session = current_session()
    found = drafts.open_drafts(session, current_actor())
    return answers.reply(DraftList(items=[DraftLine(**_line(each)) for each in found]))


@blueprint.post(
    "/process/drafts",
    operation_id="createProcessDraft",
    summary="新建流程草稿",
    responses={201: Draft},
)
@acting
def create_draft(body: DraftOrigin) -> Response:
    session = current_session()
    origin = Origin(
        sha256=body.sha256,
        files=None if body.files is None else as_bytes(body.files),
        process_id=body.process_id,
        name=body.name,
        unit_id=administering.unit_of(session, body.unit or ""),
    )
    draft = drafts.start(session, origin=origin, by=current_actor(), at=clock.now(session))
    return answers.reply(draft_of(draft), CREATED)


@blueprint.get(
    "/process/drafts/<int:id>",
    operation_id="getProcessDraft",
    summary="流程草稿及其文件",
    responses={200: Draft},
)
def get_draft(path: schemas.NumberPath) -> Response:
    return answers.reply(draft_of(drafts.get(current_session(), path.id, current_actor())))


@blueprint.put(
    "/process/drafts/<int:id>",
    operation_id="saveProcessDraft",
    summary="保存流程草稿",
    responses={200: Draft},
)
@acting
def save_draft(path: schemas.NumberPath, body: DraftSaving) -> Response:
    session, actor = current_session(), current_actor()
    draft = drafts.save(session, path.id, body.revision, body.files, actor, clock.now(session))
    return answers.reply(draft_of(draft))


@blueprint.post(
    "/process/drafts/<int:id>/check",
    operation_id="checkProcessDraft",
    summary="检查流程草稿",
    responses={200: DraftChecked},
)
def check_draft(path: schemas.NumberPath, body: DraftChecking) -> Response:
    with reading():
        session = current_session()
        draft = drafts.get(session, path.id, current_actor())
        looked = drafts.look(session, draft, body.files)
        session.rollback()
    found = looked.faults()
    clean = not any(fault.warning is False for fault in found)
    return answers.reply(DraftChecked(clean=clean, faults=[_fault(each) for each in found]))


@blueprint.post(
    "/process/drafts/<int:id>/submission",
    operation_id="submitProcessDraft",
    summary="提交流程草稿，等另一位流程管理员启用",
    responses={200: SubmittedVersion},
)
def submit_draft(path: schemas.NumberPath, body: DraftSubmission) -> Response:
    if (again := first_answer()) is not None:
        return again
    return _submit(path.id, body, checked_revision(path.id))


@acting
def _submit(draft_id: int, body: DraftSubmission, checked: Checked) -> Response:
    session, actor = current_session(), current_actor()
    at = clock.now(session)
    row = drafts.submit(
        session, draft_id, body.reason, body.in_force_from, actor, at, checked=checked
    )
    return answers.reply(
        SubmittedVersion(
            sha256=row.sha256,
            process_id=row.process_id,
            name=row.name,
            version=row.version,
            state=row.state,
        )
    )


@blueprint.delete(
    "/process/drafts/<int:id>",
    operation_id="discardProcessDraft",
    summary="放弃流程草稿",
    responses={200: Draft},
)
@acting
def discard_draft(path: schemas.NumberPath) -> Response:
    session = current_session()
    draft = drafts.discard(session, path.id, current_actor(), clock.now(session))
    return answers.reply(draft_of(draft))


def checked_revision(draft_id: int) -> Checked:
    """What has just passed every check, played before the act begins.

    Nobody waits for a database that is kept while a drawing is tried. Raises BadDiagram.
    """
    with reading():
        session = current_session()
        draft = drafts.get(session, draft_id, current_actor())
        revision, looked = draft.revision, drafts.look(session, draft)
        session.rollback()
    found = [fault for fault in looked.faults() if not fault.warning]
    if found:
        raise BadDiagram(found)
    return Checked(revision, looked.sha256)


def _line(draft: ProcessDraft) -> dict[str, Any]:
    session = current_session()
    unit = session.get(Unit, draft.unit_id) if draft.unit_id is not None else None
    person = session.get(Person, draft.updated_by)
    return {
        "id": draft.id,
        "process_id": draft.process_id,
        "name": draft.name,
        "unit": unit.key if unit else None,
        "base_sha256": draft.base_sha256,
        "revision": draft.revision,
        "updated_by": person.name if person else "",
        "updated_at": draft.updated_at,
        "state": draft.state,
    }


def draft_of(draft: ProcessDraft) -> Draft:
    return Draft(**_line(draft), files=draft.files, sha256=draft.sha256)


def _fault(fault: Fault) -> DraftFault:
    return DraftFault(
        file=fault.file,
        line=fault.line,
        element=fault.element,
        message=fault.message,
        reason=fault.reason,
        mend=fault.mend,
        warning=fault.warning,
    )
