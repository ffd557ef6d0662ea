"""督办 through the API: opened, reported on, put off by consent, closed."""

from datetime import date
from typing import Literal

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.handling.act import look_at_case
from app.handling.supervision import extending, opening, reporting, urging
from app.handling.supervision.sheet import Sheet, briefs, sheet
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("supervision", "督办")

CREATED = 201


class OrderBody(schemas.Input):
    """``department``: its key; ``by``: the target date, a working day."""

    department: schemas.Key
    by: date
    requirement: schemas.Remark
    reason: schemas.Remark


class ReportBody(schemas.Input):
    text: schemas.Remark


class ExtensionBody(schemas.Input):
    by: date
    reason: schemas.Remark


class ConsentBody(schemas.Input):
    """``extension``: the id of the request that is answered."""

    extension: schemas.Number
    agree: bool
    answer: schemas.Remark = ""


class UrgeBody(schemas.Input):
    reason: schemas.Remark


class CloseBody(schemas.Input):
    result: schemas.Remark


class Report(BaseModel):
    person: str
    at: Instant
    text: str


class Urge(BaseModel):
    person: str
    at: Instant
    reason: str


class Extension(BaseModel):
    """``state``: asked, granted, refused, or lapsed when the supervision was closed before."""

    id: int
    old_due_at: Instant
    due_at: Instant
    reason: str
    state: Literal["asked", "granted", "refused", "lapsed"]
    asked_by: str
    asked_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    answer: str | None


class Rung(BaseModel):
    """A step of the ladder; ``done_at``: when it took effect, null while it is to come."""

    at: Instant
    words: str
    told: str
    done_at: Instant | None


class Supervision(BaseModel):
    """``people``: who leads the department now; ``lamp`` of a closed one: as it was closed.

    ``paused_at``: since when it stands still with its case.
    """

    id: int
    case_id: int
    title: str
    number: str | None
    department: str
    people: list[str]
    requirement: str
    reason: str
    state: Literal["open", "closed"]
    opened_by: str
    opened_at: Instant
    first_due_at: Instant
    due_at: Instant
    paused_at: Instant | None
    lamp: str
    lamp_text: str
    closed_by: str | None
    closed_at: Instant | None
    result: str | None
    reports: list[Report]
    urges: list[Urge]
    extensions: list[Extension]
    ladder: list[Rung]


class OfCase(BaseModel):
    items: list[Supervision]


@blueprint.post(
    "/cases/<int:id>/supervisions",
    operation_id="openSupervision",
    summary="立项督办",
    responses={CREATED: Supervision},
)
@acting
def open_one(path: schemas.NumberPath, body: OrderBody) -> Response:
    order = opening.Order(body.department, body.by, body.requirement, body.reason)
    found = opening.supervise(current_session(), current_actor(), path.id, order)
    return answers.reply(_shown(found.id), CREATED)


@blueprint.get(
    "/cases/<int:id>/supervisions",
    operation_id="listCaseSupervisions",
    summary="一件公文的督办",
    responses={200: OfCase},
)
def list_of_case(path: schemas.NumberPath) -> Response:
    act = look_at_case(current_session(), current_actor(), path.id)
    items = [_shown(each.id) for each in briefs(act)]
    return answers.reply(OfCase(items=items))


@blueprint.post(
    "/supervisions/<int:id>/reports",
    operation_id="reportSupervision",
    summary="反馈督办件的办理情况（责任部门负责人）",
    responses={CREATED: Supervision},
)
@acting
def report(path: schemas.NumberPath, body: ReportBody) -> Response:
    reporting.report(current_session(), current_actor(), path.id, body.text)
    return answers.reply(_shown(path.id), CREATED)


@blueprint.post(
    "/supervisions/<int:id>/extensions",
    operation_id="askExtension",
    summary="申请督办延期（责任部门负责人）",
    responses={CREATED: Supervision},
)
@acting
def ask(path: schemas.NumberPath, body: ExtensionBody) -> Response:
    extending.ask(current_session(), current_actor(), path.id, body.by, body.reason)
    return answers.reply(_shown(path.id), CREATED)


@blueprint.post(
    "/supervisions/<int:id>/extensions/decision",
    operation_id="decideExtension",
    summary="同意或者不同意待审批的延期",
    responses={200: Supervision},
)
@acting
def decide(path: schemas.NumberPath, body: ConsentBody) -> Response:
    session, actor = current_session(), current_actor()
    extending.decide(session, actor, path.id, body.extension, agree=body.agree, answer=body.answer)
    return answers.reply(_shown(path.id))


@blueprint.post(
    "/supervisions/<int:id>/urges",
    operation_id="urgeSupervision",
    summary="催办督办件（办公室负责人、督办人员）",
    responses={CREATED: Supervision},
)
@acting
def urge(path: schemas.NumberPath, body: UrgeBody) -> Response:
    urging.urge(current_session(), current_actor(), path.id, body.reason)
    return answers.reply(_shown(path.id), CREATED)


@blueprint.post(
    "/supervisions/<int:id>/close",
    operation_id="closeSupervision",
    summary="办结督办件",
    responses={200: Supervision},
)
@acting
def close(path: schemas.NumberPath, body: CloseBody) -> Response:
    reporting.close(current_session(), current_actor(), path.id, body.result)
    return answers.reply(_shown(path.id))


@blueprint.get(
    "/supervisions/<int:id>",
    operation_id="getSupervision",
    summary="一件督办件",
    responses={200: Supervision},
)
def get_one(path: schemas.NumberPath) -> Response:
    return answers.reply(_shown(path.id))


def _shown(supervision_id: int) -> Supervision:
    current_session().flush()
    return _supervision(sheet(current_session(), current_actor(), supervision_id))


def _supervision(found: Sheet) -> Supervision:
    values = {**vars(found), "lamp": found.lamp.key, "lamp_text": found.lamp.text}
    return Supervision.model_validate(values, from_attributes=True)
