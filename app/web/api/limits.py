"""Time limits through the API: what a limit would be, and how it is counted."""

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.deadlines import previewing
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("limits", "时限")


class PreviewQuery(BaseModel):
    """``unit``: key, one's own when left out; ``arrived_at``: ISO 8601 with offset.

    ``profile``: what the unit has in force when left out; civil_code (the day of arrival does not
    count), elapsed (the same clock time), two_limits or three_levels (24, 12, 6 hours);
    ``limit``: as in the diagrams, such as P1D or PT2H; ``stage``: handling or review, which is
    what three_levels means when it is left out.
    """

    unit: schemas.Key = ""
    arrived_at: schemas.Key = ""
    urgency: schemas.Key = "none"
    profile: schemas.Key = ""
    limit: schemas.Key = "P1D"
    stage: schemas.Key = ""


class DeadlinePreview(BaseModel):
    """``steps``: the sum in sentences; ``provisional``: a day in it has no official notice yet."""

    unit: str
    arrived_at: Instant
    due_at: Instant
    steps: list[str]
    rule: str
    calendar_version: str
    provisional: bool


@blueprint.get(
    "/deadlines/preview",
    operation_id="previewDeadline",
    summary="试算时限",
    responses={200: DeadlinePreview},
)
def preview_deadline(query: PreviewQuery) -> Response:
    actor = current_actor()
    unit = query.unit or actor.unit_key
    asked = previewing.Asked(**{**query.model_dump(), "unit": unit})
    found = previewing.preview(current_session(), asked)
    return answers.reply(
        DeadlinePreview(
            unit=unit,
            arrived_at=found.arrived_at,
            due_at=found.due_at,
            steps=list(found.steps),
            rule=found.rule_id,
            calendar_version=found.version,
            provisional=found.provisional,
        )
    )
