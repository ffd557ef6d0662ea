"""统计 through the API: what was handled in a period, and the 通报 drafted from it."""

from datetime import date
from typing import Literal

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.handling.figures import bulletin
from app.handling.figures.measuring import Wanted, measure
from app.handling.figures.tables import tables
from app.handling.supervision import rights
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("figures", "办理统计和通报")

CREATED = 201


class Period(schemas.Input):
    """Both days included, a year at most; ``kind``: 文种 such as 通知, "" for all."""

    since: date
    until: date
    flow: Literal["", "incoming", "outgoing"] = ""
    kind: schemas.Key = ""


class Line(BaseModel):
    """Times are minutes of working time; ``waiting``: past the limit and not handled."""

    label: str
    of: str
    items: int
    on_time: int
    late: int
    waiting: int | None
    minutes: int
    average: int
    longest: int
    delay: int
    average_delay: int
    longest_delay: int


class Figures(BaseModel):
    """Departments, people and kinds each sum up to ``total``; ``units``: own and subordinate."""

    units: list[Line]
    departments: list[Line]
    people: list[Line]
    kinds: list[Line]
    total: Line


class Drafted(BaseModel):
    document_id: int
    case_id: int


@blueprint.get(
    "/figures",
    operation_id="getFigures",
    summary="一段时间的办理统计",
    responses={200: Figures},
)
def show(query: Period) -> Response:
    actor = current_actor()
    measured = measure(current_session(), actor, _wanted(query))
    found = tables(measured, bool(rights.units(actor)))
    return answers.reply(Figures.model_validate(found, from_attributes=True))


@blueprint.post(
    "/figures/bulletin",
    operation_id="draftBulletin",
    summary="按统计拟一份通报，作为发文草稿",
    responses={CREATED: Drafted},
)
@acting
def draft(body: Period) -> Response:
    done = bulletin.draft(current_session(), current_actor(), _wanted(body))
    current_session().flush()
    drafted = Drafted(document_id=done.case.document_id, case_id=done.case.id)
    return answers.reply(drafted, CREATED)


def _wanted(given: Period) -> Wanted:
    return Wanted(given.since, given.until, given.flow, given.kind)
