"""工作日历 through the API: the year, its notice by two people, days and hours of a unit."""

from datetime import date
from typing import Annotated, Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock, deadlines
from app.database import current_session, reading
from app.deadlines import days, notice_text, notices, rights, years
from app.deadlines import hours as working_hours
from app.handling.views.forecast import forecast
from app.web import recounting
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("calendar", "工作日历")

Year = Annotated[int, Field(ge=years.FIRST, le=years.LAST)]
CREATED = 201


class YearPath(BaseModel):
    year: Year


class CalendarDay(BaseModel):
    """A day that is not an ordinary one of its weekday."""

    day: date
    works: bool
    name: str
    source: str


class CalendarYear(BaseModel):
    """The calendar of one's own unit; ``provisional``: the notice of the year is not known."""

    year: int
    provisional: bool
    working_days: int
    hours: str
    calendar_version: str
    special_days: list[CalendarDay]


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


class NoticeState(BaseModel):
    year: int
    state: Literal["proposed", "official"]
    source: str


class DayBody(schemas.Input):
    """A day of one's own unit; ``hours`` of that day where they differ from the usual ones."""

    day: date
    works: bool
    reason: schemas.Remark
    source: schemas.Remark
    hours: schemas.Key = ""


class HoursBody(schemas.Input):
    """Working hours of one's own unit from a day on, such as ``08:30-12:00 14:00-18:00``."""

    since: date
    hours: schemas.Key
    source: schemas.Remark


class Entered(BaseModel):
    calendar_version: str


@blueprint.get(
    "/calendar/<int:year>",
    operation_id="getCalendarYear",
    summary="全年日历",
    responses={200: CalendarYear},
)
def get_year(path: YearPath) -> Response:
    actor = current_actor()
    found = deadlines.load(current_session(), actor.unit_id)
    every = years.days_of(found, path.year)
    return answers.reply(
        CalendarYear(
            year=path.year,
            provisional=any(each.provisional for each in every),
            working_days=sum(each.is_workday for each in every),
            hours=working_hours.write(found.usual_hours(date(path.year, 12, 31))),
            calendar_version=found.version,
            special_days=[
                CalendarDay(
                    day=each.date, works=each.is_workday, name=each.name, source=each.source
                )
                for each in every
                if each.name or each.is_workday != (each.date.weekday() < 5)
            ],
        )
    )


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
        moved = forecast(session, change, clock.now(session))
        session.rollback()
    return answers.reply(
        NoticePreview(
            days=[
                ChangedDay(
                    day=each.after.date,
                    worked=each.before.is_workday,
                    works=each.after.is_workday,
                )
                for each in differences
            ],
            left_out=found.left_out,
            looked_at=moved.looked_at,
            earlier=moved.earlier,
            later=moved.later,
            limits=[
                MovedLimit(
                    case_id=each.case_id,
                    unit=each.unit,
                    step_name=each.step_name,
                    due_at=each.before,
                    would_be_due_at=each.after,
                    no_longer_overdue=each.lifted,
                )
                for each in moved.moved
            ],
        )
    )


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
    state = NoticeState(year=row.year, state="proposed", source=row.source)
    return answers.reply(state, CREATED)


@blueprint.post(
    "/calendar/notices/<int:year>/confirmation",
    operation_id="confirmNotice",
    summary="确认放假通知（另一位系统管理员或者安全管理员）",
    responses={200: Entered},
)
def confirm_notice(path: YearPath) -> Response:
    answer = _confirm(path.year)
    recounting.begin()
    return answer


@acting
def _confirm(year: int) -> Response:
    session = current_session()
    notices.confirm_year(session, year, current_actor(), clock.now(session))
    return answers.reply(Entered(calendar_version=deadlines.version(session)))


@blueprint.post(
    "/calendar/days",
    operation_id="enterDay",
    summary="本单位的单日调整（系统管理员）",
    responses={200: Entered},
)
def enter_day(body: DayBody) -> Response:
    answer = _enter_day(body)
    recounting.begin()
    return answer


@acting
def _enter_day(body: DayBody) -> Response:
    session, actor = current_session(), current_actor()
    days.enter_day(
        session,
        rights.unit_of(actor),
        body.day,
        body.works,
        body.reason,
        actor,
        clock.now(session),
        hours=body.hours or None,
        source=body.source,
    )
    return answers.reply(Entered(calendar_version=deadlines.version(session)))


@blueprint.post(
    "/calendar/hours",
    operation_id="setHours",
    summary="本单位的作息时间（系统管理员）",
    responses={200: Entered},
)
def set_hours(body: HoursBody) -> Response:
    answer = _set_hours(body)
    recounting.begin()
    return answer


@acting
def _set_hours(body: HoursBody) -> Response:
    session, actor = current_session(), current_actor()
    unit_id, at = rights.unit_of(actor), clock.now(session)
    days.set_hours(session, unit_id, body.since, body.hours, actor, at, source=body.source)
    return answers.reply(Entered(calendar_version=deadlines.version(session)))
