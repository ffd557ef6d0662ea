"""催办 through the API."""

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.handling.acts.urging import urge
from app.handling.views.urges import urges
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("urging", "催办")


class UrgeBody(schemas.Input):
    reason: schemas.Remark = ""


class Urging(BaseModel):
    person: str
    at: schemas.Instant
    reason: str


class Urges(BaseModel):
    """All that this stay was urged, the latest first."""

    items: list[Urging]


@blueprint.post(
    "/tasks/<int:id>/urge",
    operation_id="urge",
    summary="催办一个在办环节",
    responses={200: Urges},
)
@acting
def urge_task(path: schemas.NumberPath, body: UrgeBody) -> Response:
    urge(current_session(), current_actor(), path.id, body.reason)
    current_session().flush()
    found = urges(current_session(), [path.id])[path.id]
    items = [Urging(person=each.person, at=each.at, reason=each.reason) for each in found]
    return answers.reply(Urges(items=items))
