"""督办看板 and its lists through the API: what waits, what ends today, what is closed."""

from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.supervision import closed
from app.handling.supervision.rows import waiting
from app.handling.supervision.waiting import KINDS, Waiting, Wanted, board
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("supervision_lists", "督办看板和清单")

Lamp = Literal["", "red", "amber", "green"]
Kind = Literal["supervision", "stay", "receipt"]


class Item(BaseModel):
    """A supervision, stay or check of receipt that waits; ``what`` is asked for, or its step."""

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
    paused: bool


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
    receipts: list[Line]
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

    kind: Literal["", "supervision", "stay", "receipt"] = "supervision"
    department: schemas.Key = ""
    lamp: Lamp = ""
    asked: bool = False
    today: bool = False
    q: schemas.Key = ""


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
        for kind in KINDS
    }
    today = len(waiting(session, actor, Wanted(today=True)))
    return answers.reply(
        Board(
            supervisions=lines["supervision"],
            stays=lines["stay"],
            receipts=lines["receipt"],
            due_today=today,
        )
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


def _item(row: Waiting) -> Item:
    lamp = {"lamp": row.lamp.key, "lamp_text": row.lamp.text}
    return Item.model_validate({**vars(row), **lamp, "extension_asked": row.asked})
