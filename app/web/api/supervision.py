"""督办 through the API: opened, reported on, put off by consent, closed; board and lists."""

from datetime import date
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.act import look_at_case
from app.handling.supervision import closed, extending, opening, reporting
from app.handling.supervision.rows import waiting
from app.handling.supervision.sheet import Sheet, briefs, sheet
from app.handling.supervision.waiting import Waiting, Wanted, board
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("supervision", "督办")

CREATED = 201
Lamp = Literal["", "red", "amber", "green"]
Kind = Literal["supervision", "stay"]


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


class CloseBody(schemas.Input):
    result: schemas.Remark


class Report(BaseModel):
    person: str
    at: Instant
    text: str


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
    """``people``: who leads the department now; ``lamp`` of a closed one: as it was closed."""

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
    lamp: str
    lamp_text: str
    closed_by: str | None
    closed_at: Instant | None
    result: str | None
    reports: list[Report]
    extensions: list[Extension]
    ladder: list[Rung]


class OfCase(BaseModel):
    items: list[Supervision]


class Item(BaseModel):
    """A supervision or a stay that waits; ``what``: the requirement, or the name of the step."""

    kind: Kind
    id: int
    case_id: int
    department: str
    title: str
    number: str | None
    what: str
    people: list[str]
    since: Instant
    due_at: Instant
    lamp: str
    lamp_text: str
    extension_asked: bool


class Items(BaseModel):
    items: list[Item]
    next: int | None


class Line(BaseModel):
    """``key`` narrows the list to this department; ``longest`` overdue in working time, or ""."""

    department: str
    key: str
    total: int
    red: int
    amber: int
    green: int
    longest: str


class Board(BaseModel):
    """``due_today``: in time yet, and late by tonight if nobody ends it."""

    supervisions: list[Line]
    stays: list[Line]
    due_today: int


class ClosedItem(BaseModel):
    id: int
    title: str
    department: str
    requirement: str
    result: str
    due_at: Instant
    closed_at: Instant
    late: bool


class ClosedItems(BaseModel):
    items: list[ClosedItem]
    next: int | None


class Page(BaseModel):
    """``cursor``: as the page before gave it."""

    cursor: int = Field(default=0, ge=0, le=2**31)
    limit: int = Field(default=50, ge=1, le=200)


class ItemsQuery(Page):
    """``department``: a key of the board; ``today``: what ends today; ``asked``: 延期待审批."""

    kind: Literal["", "supervision", "stay"] = "supervision"
    department: schemas.Key = ""
    lamp: Lamp = ""
    asked: bool = False
    today: bool = False
    q: schemas.Key = ""


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


@blueprint.get(
    "/supervisions",
    operation_id="listSupervisions",
    summary="在督的督办件和有时限的在办环节",
    responses={200: Items},
)
def list_items(query: ItemsQuery) -> Response:
    wanted = Wanted(
        query.kind, query.department, query.lamp, query.asked, query.today, query.q.strip()
    )
    found = waiting(current_session(), current_actor(), wanted)
    end = query.cursor + query.limit
    items = [_item(row) for row in found[query.cursor : end]]
    return answers.reply(Items(items=items, next=end if len(found) > end else None))


@blueprint.get(
    "/supervisions/board",
    operation_id="supervisionBoard",
    summary="督办看板：按责任部门的件数和最长超时",
    responses={200: Board},
)
def show_board() -> Response:
    session, actor = current_session(), current_actor()
    rows = waiting(session, actor, Wanted())
    lines = {
        kind: [
            Line.model_validate(each, from_attributes=True)
            for each in board(row for row in rows if row.kind == kind)
        ]
        for kind in ("supervision", "stay")
    }
    today = len(waiting(session, actor, Wanted(today=True)))
    return answers.reply(
        Board(supervisions=lines["supervision"], stays=lines["stay"], due_today=today)
    )


@blueprint.get(
    "/supervisions/closed",
    operation_id="listClosedSupervisions",
    summary="已办结的督办件",
    responses={200: ClosedItems},
)
def list_closed(query: Page) -> Response:
    found = closed.closed(current_session(), current_actor(), query.limit + 1, query.cursor)
    items = [ClosedItem.model_validate(row, from_attributes=True) for row in found[: query.limit]]
    following = query.cursor + query.limit if len(found) > query.limit else None
    return answers.reply(ClosedItems(items=items, next=following))


def _shown(supervision_id: int) -> Supervision:
    current_session().flush()
    return _supervision(sheet(current_session(), current_actor(), supervision_id))


def _supervision(found: Sheet) -> Supervision:
    values = {**vars(found), "lamp": found.lamp.key, "lamp_text": found.lamp.text}
    return Supervision.model_validate(values, from_attributes=True)


def _item(row: Waiting) -> Item:
    lamp = {"lamp": row.lamp.key, "lamp_text": row.lamp.text}
    return Item.model_validate({**vars(row), **lamp, "extension_asked": row.asked})
