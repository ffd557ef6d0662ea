"""故障 through the API: what cannot go on by itself, tried again or given up."""

from typing import Annotated, Literal

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling.acts import repairing
from app.handling.views import faults
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("incidents", "故障")


class IncidentPath(BaseModel):
    """Kind and number, such as ``fault-3``, ``stay-12`` or ``due-7``."""

    id: Annotated[str, Field(max_length=40)]


class Incident(BaseModel):
    """``kind``: an act that failed, a stay without people, or a limit that took no effect."""

    id: str
    kind: Literal["fault", "stay", "due"]
    case_id: int
    task_id: int | None
    title: str
    number: str | None
    process_name: str
    step_name: str
    cause: str
    detail: str
    since: Instant
    tries: int | None


class Unsent(BaseModel):
    """Reminders by ``channel`` that were given up; the system administrator sends them again."""

    channel: str
    count: int
    people: list[str]
    since: Instant


class IncidentList(BaseModel):
    items: list[Incident]
    unsent: list[Unsent]
    next: None = None


class SettleBody(schemas.Input):
    """What was found to be the cause, and what was done about it."""

    reason: schemas.Remark


class Settled(BaseModel):
    message: str


@blueprint.get(
    "/incidents",
    operation_id="listIncidents",
    summary="故障（流程管理员）",
    responses={200: IncidentList},
)
def list_incidents() -> Response:
    rows = faults.faults(current_session(), current_actor())
    items = [Incident.model_validate(row, from_attributes=True) for row in rows]
    unsent = [
        Unsent.model_validate(each, from_attributes=True)
        for each in faults.unsent(current_session(), current_actor())
    ]
    return answers.reply(IncidentList(items=items, unsent=unsent))


@blueprint.post(
    "/incidents/<string:id>/retry",
    operation_id="retryIncident",
    summary="重试（流程管理员）",
    responses={200: Settled},
)
@acting
def retry(path: IncidentPath, body: SettleBody) -> Response:
    said = repairing.retry(current_session(), current_actor(), path.id, body.reason)
    return answers.reply(Settled(message=said))


@blueprint.post(
    "/incidents/<string:id>/dismissal",
    operation_id="dismissIncident",
    summary="放弃（流程管理员）",
    responses={200: Settled},
)
@acting
def dismiss(path: IncidentPath, body: SettleBody) -> Response:
    said = repairing.dismiss(current_session(), current_actor(), path.id, body.reason)
    return answers.reply(Settled(message=said))
