"""发文登记 through the API: series, books, and what the registry does with numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.documents.models import IssuedNumber, NumberSeries
from app.documents.numbering import exporting, ledger, series
from app.documents.numbering.choosing import listed
from app.documents.numbering.register import STATES
from app.documents.numbering.series import Plan
from app.handling.views import numbers
from app.organization import roles
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import asked_at, current_actor

blueprint = group("numbers", "发文登记")

CREATED = 201


class Series(BaseModel):
    """``role``: who gives its numbers; None for whoever the route puts at the registration."""

    code: str
    name: str
    form: Literal["number", "order", "issue", "issue_of_year"]
    kinds: list[str]
    role: str | None
    ended_at: Instant | None


class SeriesList(BaseModel):
    items: list[Series]


class SeriesBody(schemas.Input):
    name: schemas.Remark
    kinds: list[schemas.Key] = Field(max_length=50)
    role: schemas.Key = ""


class NewSeries(SeriesBody):
    code: schemas.Key
    form: schemas.Key = "number"


class CodePath(BaseModel):
    code: schemas.Key


class BookQuery(schemas.Input):
    """``series``: its code, "" for the first; ``year``: 0 where the numbers run on."""

    series: schemas.Key = ""
    year: int | None = Field(default=None, ge=0, le=9999)


class NumberLine(BaseModel):
    """A number; ``state`` expired: its reservation ran out, it is free again.

    ``keywords``, ``copies`` and ``proofreader`` of its document are texts, "" without any.
    """

    id: int
    number: int
    text: str
    state: Literal["used", "reserved", "expired", "void", "skipped"]
    state_label: str
    document_id: int | None
    title: str
    kind: str
    keywords: str
    copies: str
    proofreader: str
    by: str
    at: Instant
    words: str
    until: date | None


class Book(BaseModel):
    """The register of a series in a year: every number once; ``counts`` by state."""

    series: str
    title: str
    year: int
    next: str
    counts: dict[str, int]
    items: list[NumberLine]


class ReserveBody(schemas.Input):
    """The next ``count`` numbers, kept back up to the end of the day ``until``."""

    series: schemas.Key
    count: int = 1
    purpose: schemas.Remark
    until: date


class SkipBody(schemas.Input):
    """The next ``count`` numbers."""

    series: schemas.Key
    count: int = 1
    reason: schemas.Remark


class ReasonBody(schemas.Input):
    reason: schemas.Remark


class Numbers(BaseModel):
    items: list[str]


@blueprint.get(
    "/numbers/series",
    operation_id="listNumberSeries",
    summary="本单位的发文字号序列",
    responses={200: SeriesList},
)
def list_series() -> Response:
    """Those whose books the person may see; all of them for who sets them up."""
    actor = current_actor()
    if actor.holds(roles.PROCESS_ADMIN, unit_id=actor.unit_id):
        found = listed(current_session(), actor.unit_id)
    else:
        found = numbers.shelf(current_session(), actor, "", asked_at()).series
    return answers.reply(SeriesList(items=[_series(each) for each in found]))


@blueprint.post(
    "/numbers/series",
    operation_id="defineNumberSeries",
    summary="设置新序列（流程管理员）",
    responses={CREATED: Series},
)
@acting
def define(body: NewSeries) -> Response:
    session = current_session()
    made = series.define(session, current_actor(), clock.now(session), Plan(**body.model_dump()))
    return answers.reply(_series(made), CREATED)


@blueprint.put(
    "/numbers/series/<code>",
    operation_id="changeNumberSeries",
    summary="改动序列的名称、适用文种和编号的角色",
    responses={200: Series},
)
@acting
def change(path: CodePath, body: SeriesBody) -> Response:
    session = current_session()
    plan = Plan(**body.model_dump())
    made = series.change(session, current_actor(), clock.now(session), path.code, plan)
    return answers.reply(_series(made))


@blueprint.post(
    "/numbers/series/<code>/end",
    operation_id="endNumberSeries",
    summary="停用序列",
    responses={200: Series},
)
@acting
def end(path: CodePath) -> Response:
    session = current_session()
    return answers.reply(
        _series(series.end(session, current_actor(), clock.now(session), path.code))
    )


@blueprint.get(
    "/numbers",
    operation_id="getNumberBook",
    summary="发文字号登记簿：一个序列一年的全部文号",
    responses={200: Book},
)
def book(query: BookQuery) -> Response:
    _, found = numbers.book(
        current_session(), current_actor(), query.series, query.year, asked_at()
    )
    return answers.reply(
        Book(
            series=found.code,
            title=exporting.title(found),
            year=found.year,
            next=found.next_text,
            counts=dict(found.counts),
            items=[
                NumberLine.model_validate(
                    {**vars(each), "state_label": STATES[each.state]},
                )
                for each in found.lines
            ],
        )
    )


@blueprint.post(
    "/numbers/reserve",
    operation_id="reserveNumbers",
    summary="预留以下若干个号",
    responses={CREATED: Numbers},
)
@acting
def reserve(body: ReserveBody) -> Response:
    session = current_session()
    given = body.model_dump(exclude={"series"})
    lines = ledger.reserve(session, body.series, current_actor(), clock.now(session), **given)
    return answers.reply(_texts(lines), CREATED)


@blueprint.post(
    "/numbers/skip",
    operation_id="skipNumbers",
    summary="跳过以下若干个号",
    responses={CREATED: Numbers},
)
@acting
def skip(body: SkipBody) -> Response:
    session = current_session()
    given = body.model_dump(exclude={"series"})
    lines = ledger.skip(session, body.series, current_actor(), clock.now(session), **given)
    return answers.reply(_texts(lines), CREATED)


@blueprint.post(
    "/numbers/<int:id>/release",
    operation_id="releaseNumber",
    summary="解除一个号的预留",
    responses={200: Numbers},
)
@acting
def release(path: schemas.NumberPath) -> Response:
    session = current_session()
    line = ledger.release(session, path.id, current_actor(), clock.now(session))
    return answers.reply(_texts([line]))


@blueprint.post(
    "/numbers/<int:id>/skip",
    operation_id="skipReservedNumber",
    summary="跳过一个预留的号",
    responses={200: Numbers},
)
@acting
def skip_reserved(path: schemas.NumberPath, body: ReasonBody) -> Response:
    session = current_session()
    line = ledger.skip_reserved(session, path.id, current_actor(), clock.now(session), body.reason)
    return answers.reply(_texts([line]))


@blueprint.post(
    "/numbers/<int:id>/void",
    operation_id="voidNumber",
    summary="作废一个号：已用印和已发出的不能作废",
    responses={200: Numbers},
)
@acting
def void(path: schemas.NumberPath, body: ReasonBody) -> Response:
    session = current_session()
    line = ledger.void_line(session, path.id, current_actor(), clock.now(session), body.reason)
    return answers.reply(_texts([line]))


def _series(found: NumberSeries) -> Series:
    return Series(
        code=found.code,
        name=found.name,
        form=found.form,
        kinds=found.kinds,
        role=found.role_key,
        ended_at=found.ended_at,
    )


def _texts(lines: Sequence[IssuedNumber]) -> Numbers:
    return Numbers(items=[each.text for each in lines])
