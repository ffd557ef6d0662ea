"""统计 through the API: what was handled in a period, and the 通报 drafted from it."""

from datetime import date
from typing import Literal

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.handling.figures import bulletin
from app.handling.figures.accountability import proposals
from app.handling.figures.asking import Wanted
from app.handling.figures.measuring import measure
from app.handling.figures.tables import tables
from app.handling.receipts.delays import delays
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
    """Times are minutes of working time; ``waiting``: past the limit and not handled.

    ``missed``: check-ins; null where a flow or kind was asked for.
    """

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
    missed: int | None


class Late(BaseModel):
    """``done_at``: null while it is not handled; ``delay``: minutes of working time."""

    task_id: int
    case_id: int
    title: str
    number: str | None
    step: str
    person: str
    due_at: schemas.Instant
    done_at: schemas.Instant | None
    delay: int


class Proposal(BaseModel):
    """A department that was late ``most`` times or more, with the proof; people decide (DDL-18)."""

    unit: str
    department: str
    most: int
    items: list[Late]


class Delay(BaseModel):
    """A recipient that signed for an urgent document too late; ``liable``: who answers (TRN-06)."""

    case_id: int
    title: str
    number: str | None
    recipient: str
    due_at: schemas.Instant
    received_at: schemas.Instant | None
    notified_at: schemas.Instant | None
    liable: Literal["sender", "receiver"]
    liable_words: str


class Figures(BaseModel):
    """Departments, people and kinds each sum up to ``total``; ``units``: own and subordinate."""

    units: list[Line]
    departments: list[Line]
    people: list[Line]
    kinds: list[Line]
    total: Line
    accountability: list[Proposal]
    delays: list[Delay]


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
    wanted, units = _wanted(query), rights.units(actor)
    supervises = bool(units)
    measured = measure(current_session(), actor, wanted)
    late = proposals(current_session(), measured, wanted) if supervises else []
    delayed = delays(current_session(), units, wanted.begins, wanted.ends)
    also = {"accountability": late, "delays": delayed}
    values = {**vars(tables(measured, supervises)), **also}
    return answers.reply(Figures.model_validate(values, from_attributes=True))


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
