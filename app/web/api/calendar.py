"""工作日历 through the API: the year, and what a unit enters for itself."""

from datetime import date
from typing import Annotated

from flask import Response
from pydantic import BaseModel, Field

from app import clock, deadlines
from app.database import current_session
from app.deadlines import days, rights, years
from app.deadlines import hours as working_hours
from app.web import recounting
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("calendar", "工作日历")

Year = Annotated[int, Field(ge=years.FIRST, le=years.LAST)]


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
