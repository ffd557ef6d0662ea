"""时限规则 through the API: what is in force for one's own unit, and what it chooses."""

from typing import Annotated

from flask import Response
from pydantic import BaseModel, Field

from app import clock, deadlines
from app.database import current_session, reading
from app.deadlines import changes, policies, rights
from app.handling.views import forecast
from app.web import recounting
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.calendar import Entered
from app.web.api.notices import MovedLimit, moved_limits
from app.web.current import current_actor

blueprint = group("policies", "时限规则")


class PolicyValue(BaseModel):
    """``chosen_by``: name of the unit that chose it, "" for the shipped default."""

    key: str
    label: str
    value: str
    words: str
    chosen_by: str


class UnitPolicy(BaseModel):
    """``own``: what the unit chose itself; ``history``: newest first."""

    values: list[PolicyValue]
    own: dict[str, str]
    calendar_version: str
    history: list[schemas.UnitChoice]


class PolicyBody(schemas.Input):
    """``own``: all that one's own unit chooses, by key; what is left out it inherits."""

    own: Annotated[dict[schemas.Key, schemas.Key], Field(max_length=50)]
    reason: schemas.Remark
    source: schemas.Remark


class PolicyDifference(BaseModel):
    label: str
    before: str
    after: str


class PolicyPreview(BaseModel):
    """What a choice would change; ``limits`` names the first of those that would move."""

    values: list[PolicyDifference]
    looked_at: int
    earlier: int
    later: int
    limits: list[MovedLimit]


@blueprint.get(
    "/policies", operation_id="getPolicy", summary="本单位的时限规则", responses={200: UnitPolicy}
)
def get_policy() -> Response:
    session, unit_id = current_session(), current_actor().unit_id
    return answers.reply(
        UnitPolicy(
            values=[
                PolicyValue(
                    key=each.key.name,
                    label=each.key.label,
                    value=each.text,
                    words=each.words,
                    chosen_by=each.chosen_by,
                )
                for each in policies.in_force(session, unit_id)
            ],
            own=policies.own(session, unit_id),
            calendar_version=deadlines.version(session),
            history=schemas.choices(policies.history(session, unit_id)),
        )
    )


@blueprint.post(
    "/policies/preview",
    operation_id="previewPolicy",
    summary="预览时限规则的改动（系统管理员）",
    responses={200: PolicyPreview},
)
def preview_policy(body: PolicyBody) -> Response:
    actor = current_actor()
    unit_id = rights.unit_of(actor)
    rights.editing(actor, unit_id)
    change = changes.of_policy(unit_id, body.own, body.reason, body.source)
    with reading():
        session = current_session()
        values = policies.differences(session, change)
        moved = forecast.forecast(session, change, clock.now(session))
        session.rollback()
    return answers.reply(
        PolicyPreview(
            values=[PolicyDifference(**vars(each)) for each in values],
            looked_at=moved.looked_at,
            earlier=moved.earlier,
            later=moved.later,
            limits=moved_limits(moved),
        )
    )


@blueprint.post(
    "/policies",
    operation_id="choosePolicy",
    summary="选定本单位的时限规则（系统管理员）",
    responses={200: Entered},
)
def choose_policy(body: PolicyBody) -> Response:
    answer = _choose(body)
    recounting.begin()
    return answer


@acting
def _choose(body: PolicyBody) -> Response:
    session, actor = current_session(), current_actor()
    unit_id, at = rights.unit_of(actor), clock.now(session)
    policies.choose(session, unit_id, body.own, body.reason, actor, at, source=body.source)
    return answers.reply(Entered(calendar_version=deadlines.version(session)))
