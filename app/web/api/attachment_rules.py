"""附件规则 through the API: which files one's own unit takes."""

from typing import Annotated

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.documents import admission
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("attachment_rules", "附件规则")


class AttachmentRules(BaseModel):
    """``own``: what the unit chose itself; ``chosen_by``: by whom; ``history``: newest first.

    ``types``: endings of file names; ``megabytes``: of 1,048,576 bytes, the most of one file.
    """

    types: list[str]
    megabytes: int
    chosen_by: dict[str, str]
    own: dict[str, str]
    history: list[schemas.UnitChoice]


class AttachmentRulesBody(schemas.Input):
    """``own``: ``types`` ("docx xlsx jpg") and ``megabytes`` ("20"); others are inherited."""

    own: Annotated[dict[schemas.Key, schemas.Key], Field(max_length=10)]
    reason: schemas.Remark
    source: schemas.Remark


@blueprint.get(
    "/attachment-rules",
    operation_id="getAttachmentRules",
    summary="本单位的附件规则：允许的类型和大小",
    responses={200: AttachmentRules},
)
def get_rules() -> Response:
    return answers.reply(_rules())


@blueprint.post(
    "/attachment-rules",
    operation_id="chooseAttachmentRules",
    summary="选定本单位的附件规则（系统管理员）",
    responses={200: AttachmentRules},
)
@acting
def choose_rules(body: AttachmentRulesBody) -> Response:
    session, actor = current_session(), current_actor()
    at = clock.now(session)
    admission.choose(session, actor.unit_id, body.own, body.reason, actor, at, source=body.source)
    return answers.reply(_rules())


def _rules() -> AttachmentRules:
    session, unit_id = current_session(), current_actor().unit_id
    found = admission.in_force(session, unit_id)
    return AttachmentRules(
        types=list(found.types),
        megabytes=found.megabytes,
        chosen_by=dict(found.chosen_by),
        own=admission.own(session, unit_id),
        history=schemas.choices(admission.history(session, unit_id)),
    )
