"""外出 and 委托代办 through the API: one's own, and for the auditor those of a day."""

from datetime import date, datetime
from typing import Literal

from flask import Response
from pydantic import AwareDatetime, BaseModel

from app import clock
from app.database import current_session
from app.errors import NotAllowed
from app.handling.acts import delegating, going_away
from app.organization import absences, roles, standing
from app.organization.absences import Away
from app.organization.delegations import Wanted
from app.organization.standing import Standing
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("standing_in", "外出和委托代办")


class AbsenceBody(schemas.Input):
    """``until``: the moment of coming back; ``words``: where one is.

    ``travelling``: 出差, to be told by SMS of each new task.
    """

    since: AwareDatetime
    until: AwareDatetime
    words: schemas.Remark
    travelling: bool = False


class DelegationBody(schemas.Input):
    """``scope_value``: id of a process or 文种; ``until``: the first moment without the right."""

    agent: schemas.Key
    since: AwareDatetime
    until: AwareDatetime
    scope: Literal["all", "process", "kind"] = "all"
    scope_value: schemas.Key | None = None
    with_inbox: bool = False
    reason: schemas.Remark


class Absence(BaseModel):
    id: int
    since: schemas.Instant
    until: schemas.Instant
    words: str
    travelling: bool


class Absences(BaseModel):
    items: list[Absence]


class Delegation(BaseModel):
    """``state``: 未开始, 代办中, 已到期 or 已提前结束."""

    id: int
    principal: str
    agent: str
    since: schemas.Instant
    until: schemas.Instant
    scope: Literal["all", "process", "kind"]
    scope_value: str | None
    with_inbox: bool
    reason: str
    state: str


class Delegations(BaseModel):
    """``given``: others act for oneself; ``received``: oneself acts for others."""

    given: list[Delegation]
    received: list[Delegation]


class DelegationList(BaseModel):
    items: list[Delegation]


class DayQuery(BaseModel):
    day: date


@blueprint.get(
    "/me/absences",
    operation_id="listAbsences",
    summary="本人的外出登记",
    responses={200: Absences},
)
def list_absences() -> Response:
    return answers.reply(_own_absences())


@blueprint.post(
    "/me/absences", operation_id="setAbsence", summary="登记外出", responses={201: Absences}
)
@acting
def set_absence(body: AbsenceBody) -> Response:
    session = current_session()
    going_away.go_away(
        session,
        current_actor(),
        clock.now(session),
        since=body.since,
        until=body.until,
        words=body.words,
        travelling=body.travelling,
    )
    return answers.reply(_own_absences(), 201)


@blueprint.delete(
    "/me/absences/<int:id>",
    operation_id="endAbsence",
    summary="结束外出",
    responses={200: Absences},
)
@acting
def end_absence(path: schemas.NumberPath) -> Response:
    session = current_session()
    absences.end_absence(session, current_actor(), clock.now(session), path.id)
    return answers.reply(_own_absences())


@blueprint.get(
    "/me/delegations",
    operation_id="listOwnDelegations",
    summary="本人给出和接受的委托",
    responses={200: Delegations},
)
def list_delegations() -> Response:
    return answers.reply(_own_delegations())


@blueprint.post(
    "/me/delegations",
    operation_id="delegate",
    summary="委托他人代办",
    responses={201: Delegations},
)
@acting
def delegate(body: DelegationBody) -> Response:
    wanted = Wanted(
        agent=body.agent,
        since=body.since,
        until=body.until,
        scope=body.scope,
        scope_value=body.scope_value,
        with_inbox=body.with_inbox,
        reason=body.reason,
    )
    delegating.delegate(current_session(), current_actor(), wanted)
    return answers.reply(_own_delegations(), 201)


@blueprint.delete(
    "/me/delegations/<int:id>",
    operation_id="endDelegation",
    summary="提前结束委托（委托人）",
    responses={200: Delegations},
)
@acting
def end_delegation(path: schemas.NumberPath) -> Response:
    delegating.end(current_session(), current_actor(), path.id)
    return answers.reply(_own_delegations())


@blueprint.get(
    "/delegations",
    operation_id="listDelegations",
    summary="某日有效的委托（安全审计员）",
    responses={200: DelegationList},
)
def list_delegations_of_a_day(query: DayQuery) -> Response:
    actor, session = current_actor(), current_session()
    if not actor.holds(roles.AUDITOR):
        raise NotAllowed("只有安全审计员可以查看全单位的委托，请联系安全审计员。")
    found = standing.on_day(session, actor.unit_id, query.day)
    at = clock.now(session)
    return answers.reply(DelegationList(items=[_delegation(each, at) for each in found]))


def _own_absences() -> Absences:
    session = current_session()
    session.flush()
    found = absences.own(session, current_actor().person_id, clock.now(session))
    return Absences(items=[_absence(each) for each in found])


def _absence(each: Away) -> Absence:
    return Absence.model_validate(each, from_attributes=True)


def _own_delegations() -> Delegations:
    session, person_id = current_session(), current_actor().person_id
    at = clock.now(session)
    return Delegations(
        given=[_delegation(each, at) for each in standing.given(session, person_id)],
        received=[_delegation(each, at) for each in standing.received(session, person_id)],
    )


def _delegation(each: Standing, at: datetime) -> Delegation:
    return Delegation.model_validate(
        {
            "id": each.id,
            "principal": each.principal_login,
            "agent": each.agent_login,
            "since": each.since,
            "until": each.until,
            "scope": each.scope,
            "scope_value": each.scope_value,
            "with_inbox": each.with_inbox,
            "reason": each.reason,
            "state": each.state(at),
        }
    )
