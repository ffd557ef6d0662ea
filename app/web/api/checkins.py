"""登录查收 through the API: what is asked of the caller, what was missed, and by whom."""

from datetime import date

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.checkins import lists
from app.handling.checkins.lists import Month
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("checkins", "登录查收")


class MonthQuery(schemas.Input):
    """``month``: ``2026-11``."""

    month: str = Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")


class Missed(BaseModel):
    """No visit from ``opens_at`` to ``closes_at``; ``rule``: what held then, in words."""

    opens_at: Instant
    closes_at: Instant
    rule: str
    at: Instant


class Own(BaseModel):
    """``rule``: what is asked of the caller now; "" where nothing is."""

    rule: str
    items: list[Missed]


class OfPerson(BaseModel):
    person: str
    department: str
    items: list[Missed]


class OfOthers(BaseModel):
    items: list[OfPerson]


@blueprint.get(
    "/me/missed-checks",
    operation_id="listOwnMissedChecks",
    summary="本人一个月内未按时查收的记录",
    responses={200: Own},
)
def list_own(query: MonthQuery) -> Response:
    session, actor = current_session(), current_actor()
    found = {
        "rule": lists.rule_for(session, actor),
        "items": lists.own(session, actor, _month(query)),
    }
    return answers.reply(Own.model_validate(found, from_attributes=True))


@blueprint.get(
    "/missed-checks",
    operation_id="listMissedChecks",
    summary="各人一个月内未按时查收的记录（督办人员、部门负责人）",
    responses={200: OfOthers},
)
def list_others(query: MonthQuery) -> Response:
    found = lists.of_others(current_session(), current_actor(), _month(query))
    return answers.reply(OfOthers.model_validate({"items": found}, from_attributes=True))


def _month(query: MonthQuery) -> Month:
    return Month(date.fromisoformat(f"{query.month}-01"))
