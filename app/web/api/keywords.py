"""主题词 of a signed document, and papers that come beside one, through the API."""

from typing import Annotated

from flask import Response
from pydantic import BaseModel, Field

from app.database import current_session
from app.handling import access
from app.handling.acts import indexing
from app.handling.hand_ins import registering
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("keywords", "主题词和纸质送审")


class KeywordsBody(schemas.Input):
    """``keywords``: all that the document shall have."""

    keywords: Annotated[list[schemas.Line], Field(max_length=50)]
    reason: schemas.Remark = ""


class HandInBody(schemas.Input):
    """``case``: 件号 of the electronic document; ``remark``: what was handed in."""

    case: schemas.Line = ""
    remark: schemas.Remark = ""


class HandIn(BaseModel):
    """``version``: of the document when the paper came."""

    id: int
    case_id: int
    version: int
    received_by: str
    received_at: schemas.Instant
    remark: str


@blueprint.post(
    "/documents/<int:id>/keywords",
    operation_id="changeKeywords",
    summary="改动已签发公文的主题词（办公室负责人、档案员）",
    responses={200: schemas.Document},
)
@acting
def change_keywords(path: schemas.NumberPath, body: KeywordsBody) -> Response:
    session, actor = current_session(), current_actor()
    indexing.change(session, actor, path.id, body.keywords, body.reason)
    session.flush()
    document, case = access.document_of(session, actor, path.id)
    return answers.reply(answers.document(document, case.id))


@blueprint.post(
    "/paper-hand-ins",
    operation_id="registerHandIn",
    summary="纸质送审登记：没有同时提交电子公文的不予受理（办公室）",
    responses={201: HandIn},
)
@acting
def register_hand_in(body: HandInBody) -> Response:
    session = current_session()
    found = registering.register(session, current_actor(), body.case, body.remark)
    session.flush()
    values = {name: getattr(found, name) for name in ("id", "case_id", "version", "remark")}
    return answers.reply(
        HandIn(
            received_by=found.received_by_name,
            received_at=found.received_at,
            **values,
        ),
        201,
    )
