"""审查清单 through the API: what the reviewers of one's own unit check (DRF-22)."""

from typing import Annotated, Literal

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.documents import review
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("checklists", "审查清单")


class Checklist(BaseModel):
    """``must``: nothing is approved while an item is left unticked; ``history``: newest first.

    ``own``: what the unit chose itself; ``chosen_by``: by whom each key was chosen.
    """

    items: list[schemas.ChecklistItem]
    must: bool
    chosen_by: dict[str, str]
    own: dict[str, str]
    history: list[schemas.UnitChoice]


class OwnChecklist(schemas.Input):
    """``checks``: one to a line, its clause behind ｜. What is left out is inherited."""

    checks: schemas.Remark = ""
    must: Literal["", "yes", "no"] = ""


class ChecklistBody(schemas.Input):
    own: OwnChecklist
    reason: Annotated[str, Field(max_length=1000)]
    source: Annotated[str, Field(max_length=1000)]


@blueprint.get(
    "/review-checklist",
    operation_id="getReviewChecklist",
    summary="本单位的审查清单",
    responses={200: Checklist},
)
def get_checklist() -> Response:
    return answers.reply(_checklist())


@blueprint.post(
    "/review-checklist",
    operation_id="chooseReviewChecklist",
    summary="选定本单位的审查清单（系统管理员）",
    responses={200: Checklist},
)
@acting
def choose_checklist(body: ChecklistBody) -> Response:
    session, actor = current_session(), current_actor()
    at, texts = clock.now(session), body.own.model_dump()
    review.choose(session, actor.unit_id, texts, body.reason, actor, at, source=body.source)
    return answers.reply(_checklist())


def _checklist() -> Checklist:
    session, unit_id = current_session(), current_actor().unit_id
    found = review.in_force(session, unit_id)
    return Checklist(
        items=[schemas.ChecklistItem(text=each.text, clause=each.clause) for each in found.items],
        must=found.must,
        chosen_by=dict(found.chosen_by),
        own=review.own(session, unit_id),
        history=schemas.choices(review.history(session, unit_id)),
    )
