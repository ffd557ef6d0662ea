"""转办 and 征求意见 through the API."""

from typing import Literal

from flask import Response

from app.database import current_session
from app.handling.acts.handing_over import HandOver, hand_over
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("handing_over", "转办和征求意见")


class HandOverBody(schemas.Input):
    """``revision`` of the stay, as it was when its form was drawn; left out: as it is now."""

    to: schemas.Key
    mode: Literal["transfer", "consult"] = "transfer"
    opinion: schemas.Remark = ""
    revision: int | None = None


@blueprint.post(
    "/tasks/<int:id>/hand-over",
    operation_id="handOver",
    summary="转办给同事，或征求同事的意见后收回",
    responses={200: schemas.Acted},
)
@acting
def hand_over_task(path: schemas.NumberPath, body: HandOverBody) -> Response:
    actor = current_actor()
    form = HandOver(to=body.to, opinion=body.opinion, mode=body.mode, revision=body.revision)
    return answers.reply(answers.acted(actor, hand_over(current_session(), actor, path.id, form)))
