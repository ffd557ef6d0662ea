"""流程管理 through the API: cases under way, and what two administrators do to one of them."""

from typing import Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.errors import NotFound
from app.handling.acts import deciding, intervening
from app.handling.acts.intervening import Proposal
from app.handling.views import narrowing, proposals, running
from app.handling.views.proposals import ProposalRow
from app.handling.views.running import CaseRow, Waiting
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("interventions", "流程管理：在办、跳转、改派、暂停、恢复")

CREATED = 201


class CasesQuery(BaseModel):
    """``cursor``: as the page before gave it; ``days``: working days waited at a step, at least."""

    q: schemas.Key = ""
    process: schemas.Key = ""
    step: schemas.Key = ""
    only: Literal["", "blocked", "incident", "suspended", "proposed"] = ""
    days: int = Field(default=0, ge=0, le=250)
    unit: schemas.Key = ""
    cursor: int = Field(default=0, ge=0, le=2**31)
    limit: int = Field(default=50, ge=1, le=200)


class WaitingStay(BaseModel):
    """An open stay; ``waiting_working_minutes`` since it arrived."""

    task_id: int
    step: str
    step_name: str
    people: list[str]
    arrived_at: Instant
    waiting_working_minutes: int
    lamp: str
    lamp_text: str
    limit: list[str]
    limit_provisional: bool
    blocked: str | None
    incident: bool


class CaseUnderWay(BaseModel):
    """Where a case stands; ``steps_done``: names, in their order. Nothing of the document."""

    id: int
    unit: str
    unit_name: str
    process: str
    process_name: str
    process_version: int
    state: Literal["running", "suspended"]
    title: str
    number: str | None
    started_at: Instant
    waiting: list[WaitingStay]
    steps_done: list[str]
    proposed: bool


class CaseList(BaseModel):
    items: list[CaseUnderWay]
    next: int | None


class Intervention(BaseModel):
    """``state``: proposed, done, refused, withdrawn, or stale when the case has moved on since."""

    id: int
    case_id: int
    kind: Literal["move", "reassign", "suspend", "resume"]
    words: str
    step: str | None
    to: str | None
    reason: str
    clause: str
    closes: list[str]
    state: Literal["proposed", "done", "refused", "withdrawn", "stale"]
    proposed_by: str
    proposed_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    answer: str | None


class InterventionList(BaseModel):
    items: list[Intervention]
    next: None = None


class ProposalBody(schemas.Input):
    """``to``: target step of a move, login of a reassignment; both name the open stay."""

    kind: Literal["move", "reassign", "suspend", "resume"]
    task_id: schemas.Number | None = None
    to: schemas.Key | None = None
    reason: schemas.Remark
    clause: schemas.Remark


class DecisionBody(schemas.Input):
    agree: bool
    answer: schemas.Remark = ""


@blueprint.get(
    "/cases",
    operation_id="listCases",
    summary="在办（流程管理员）",
    responses={200: CaseList},
)
def list_cases(query: CasesQuery) -> Response:
    wanted = narrowing.Wanted(**query.model_dump(exclude={"cursor", "limit"}))
    session, actor = current_session(), current_actor()
    rows = running.cases(session, actor, wanted, query.limit + 1, query.cursor)
    following = query.cursor + query.limit if len(rows) > query.limit else None
    items = [_case(row) for row in rows[: query.limit]]
    return answers.reply(CaseList(items=items, next=following))


@blueprint.post(
    "/cases/<int:id>/interventions",
    operation_id="proposeIntervention",
    summary="提请跳转、改派、暂停或恢复（流程管理员）",
    responses={CREATED: Intervention},
)
@acting
def propose(path: schemas.NumberPath, body: ProposalBody) -> Response:
    form = Proposal(body.kind, body.reason, body.clause, body.task_id, body.to)
    found = intervening.propose(current_session(), current_actor(), path.id, form)
    return answers.reply(_shown(found.id), CREATED)


@blueprint.post(
    "/interventions/<int:id>/decision",
    operation_id="decideIntervention",
    summary="确认或者不同意另一位流程管理员的提请",
    responses={200: Intervention},
)
@acting
def decide(path: schemas.NumberPath, body: DecisionBody) -> Response:
    session, actor = current_session(), current_actor()
    deciding.decide(session, actor, path.id, agree=body.agree, answer=body.answer)
    return answers.reply(_shown(path.id))


@blueprint.post(
    "/interventions/<int:id>/withdrawal",
    operation_id="withdrawIntervention",
    summary="撤回自己的提请",
    responses={200: Intervention},
)
@acting
def withdraw(path: schemas.NumberPath) -> Response:
    deciding.withdraw(current_session(), current_actor(), path.id)
    return answers.reply(_shown(path.id))


@blueprint.get(
    "/interventions",
    operation_id="listInterventions",
    summary="待确认的和近来的提请（流程管理员）",
    responses={200: InterventionList},
)
def list_interventions() -> Response:
    found = proposals.proposals(current_session(), current_actor())
    return answers.reply(InterventionList(items=[_intervention(row) for row in found]))


def _shown(proposal_id: int) -> Intervention:
    current_session().flush()
    found = proposals.proposal(current_session(), current_actor(), proposal_id)
    if found is None:
        raise NotFound
    return _intervention(found)


def _intervention(row: ProposalRow) -> Intervention:
    return Intervention.model_validate(row, from_attributes=True)


def _case(row: CaseRow) -> CaseUnderWay:
    return CaseUnderWay(
        id=row.id,
        unit=row.unit,
        unit_name=row.unit_name,
        process=row.process,
        process_name=row.process_name,
        process_version=row.process_version,
        state="suspended" if row.state == "suspended" else "running",
        title=row.title,
        number=row.number,
        started_at=row.started_at,
        waiting=[_waiting(each) for each in row.waiting],
        steps_done=list(row.done),
        proposed=row.proposed,
    )


def _waiting(stay: Waiting) -> WaitingStay:
    return WaitingStay(
        task_id=stay.task_id,
        step=stay.step,
        step_name=stay.step_name,
        people=[login for login, _ in stay.people],
        arrived_at=stay.arrived_at,
        waiting_working_minutes=stay.minutes,
        lamp=stay.lamp.key,
        lamp_text=stay.lamp.text,
        limit=list(stay.lamp.steps),
        limit_provisional=stay.lamp.provisional,
        blocked=stay.blocked,
        incident=stay.faulty,
    )
