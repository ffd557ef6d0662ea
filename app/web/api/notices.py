"""放假通知 through the API: its lines, what they would move, and a second person who confirms."""

from datetime import date
from typing import Literal

from flask import Response
from pydantic import BaseModel

from app import clock, deadlines
from app.database import current_session, reading
from app.deadlines import notice_text, notices, rights, years
from app.deadlines.models import CalendarYear
from app.deadlines.years import Difference
from app.errors import NotFound
from app.handling.views import forecast
from app.web import recounting
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.calendar import Entered, Year, YearPath
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("notices", "放假通知")

CREATED = 201


class NoticeBody(schemas.Input):
    """``lines``: as they stand in the notice, one festival to a line."""

    year: Year
    source: schemas.Remark
    lines: schemas.Remark


class ChangedDay(BaseModel):
    day: date
    worked: bool
    works: bool


class MovedLimit(BaseModel):
    """``no_longer_overdue``: it is overdue now and would not be."""

    case_id: int
    unit: str
    step_name: str
    due_at: Instant
    would_be_due_at: Instant
    no_longer_overdue: bool


class NoticePreview(BaseModel):
    """What the notice would change; ``limits`` names the first of those that would move."""

    days: list[ChangedDay]
    left_out: list[str]
    looked_at: int
    earlier: int
    later: int
    limits: list[MovedLimit]


class DaysOff(BaseModel):
    name: str
    first: date
    last: date


class NoticeState(BaseModel):
    """The notice as it was entered; ``seen`` is sent back by who confirms just this content."""

    year: int
    state: Literal["proposed", "official"]
    source: str
    days_off: list[DaysOff]
    make_up: list[date]
    seen: str


class Confirmation(schemas.Input):
    """``seen``: of the notice as it was read; another one meanwhile is not confirmed."""

    seen: schemas.Key


@blueprint.post(
    "/calendar/notices/preview",
    operation_id="previewNotice",
    summary="预览放假通知（系统管理员）",
    responses={200: NoticePreview},
)
def preview_notice(body: NoticeBody) -> Response:
    actor = current_actor()
    rights.editing(actor, None)
    found = notice_text.read(body.year, body.lines)
    with reading():
        session = current_session()
        change = notices.of_notice(session, body.year, found.periods, found.make_up, body.source)
        differences = years.differences(session, rights.unit_of(actor), change)
        moved = forecast.forecast(session, change, clock.now(session))
        session.rollback()
    return answers.reply(_shown(differences, moved, found.left_out))


def _shown(
    differences: list[Difference], moved: forecast.Forecast, left_out: list[str]
) -> NoticePreview:
    return NoticePreview(
        days=[
            ChangedDay(
                day=each.after.date, worked=each.before.is_workday, works=each.after.is_workday
            )
            for each in differences
        ],
        left_out=left_out,
        looked_at=moved.looked_at,
        earlier=moved.earlier,
        later=moved.later,
        limits=moved_limits(moved),
    )


def moved_limits(moved: forecast.Forecast) -> list[MovedLimit]:
    return [
        MovedLimit(
            case_id=each.case_id,
            unit=each.unit,
            step_name=each.step_name,
            due_at=each.before,
            would_be_due_at=each.after,
            no_longer_overdue=each.lifted,
        )
        for each in moved.moved
    ]


@blueprint.post(
    "/calendar/notices",
    operation_id="proposeNotice",
    summary="提交放假通知，待另一人确认（系统管理员）",
    responses={201: NoticeState},
)
@acting
def propose_notice(body: NoticeBody) -> Response:
    found, session = notice_text.read(body.year, body.lines), current_session()
    row = notices.propose_year(
        session,
        body.year,
        found.periods,
        found.make_up,
        body.source,
        current_actor(),
        clock.now(session),
    )
    return answers.reply(_state(row), CREATED)


@blueprint.get(
    "/calendar/notices/<int:year>",
    operation_id="getNotice",
    summary="录入的放假通知（系统管理员和安全管理员）",
    responses={200: NoticeState},
)
def get_notice(path: YearPath) -> Response:
    rights.unit_of(current_actor())
    row = current_session().get(CalendarYear, path.year)
    if row is None:
        raise NotFound
    return answers.reply(_state(row))


def _state(row: CalendarYear) -> NoticeState:
    return NoticeState.model_validate(
        {
            "year": row.year,
            "state": row.state,
            "source": row.source,
            "days_off": [vars(each) for each in notices.periods_of(row)],
            "make_up": notices.make_up_of(row),
            "seen": notices.fingerprint(row),
        }
    )


@blueprint.post(
    "/calendar/notices/<int:year>/confirmation",
    operation_id="confirmNotice",
    summary="确认放假通知（另一位系统管理员或者安全管理员）",
    responses={200: Entered},
)
def confirm_notice(path: YearPath, body: Confirmation) -> Response:
    answer = _confirm(path.year, body.seen)
    recounting.begin()
    return answer


@acting
def _confirm(year: int, seen: str) -> Response:
    session = current_session()
    notices.confirm_year(session, year, current_actor(), clock.now(session), seen=seen)
    return answers.reply(Entered(calendar_version=deadlines.version(session)))
