"""加签 and 减签 through the API."""

from typing import Any, Literal

from flask import Response
from pydantic import Field, model_validator

from app.database import current_session
from app.handling.acts.adding_signers import add_signers
from app.handling.acts.removing_signers import remove_signer
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("signers", "加签和减签")


class SignersBody(schemas.Input):
    """``position``: before the caller, after him, or at the same time.

    ``revision`` of the stay, as it was when its form was drawn; left out: as it is now.
    """

    logins: list[schemas.Key] = Field(max_length=50)
    position: Literal["before", "after", "parallel"]
    reason: schemas.Remark = ""
    revision: int | None = None


class SignerPath(schemas.NumberPath):
    login: schemas.Key


class ReasonBody(schemas.Input):
    """May be left out altogether."""

    reason: schemas.Remark = ""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_no_reason(cls, value: Any) -> Any:
        return {} if value is None else value


class ReasonQuery(schemas.Input):
    """For programs that send no body with a DELETE."""

    reason: schemas.Remark = ""


@blueprint.post(
    "/tasks/<int:id>/signers",
    operation_id="addSigners",
    summary="在会签环节加签：本人之前、之后或同时",
    responses={200: schemas.Acted},
)
@acting
def add(path: schemas.NumberPath, body: SignersBody) -> Response:
    actor = current_actor()
    done = add_signers(
        current_session(),
        actor,
        path.id,
        body.logins,
        body.position,
        body.reason,
        revision=body.revision,
    )
    return answers.reply(answers.acted(actor, done))


@blueprint.delete(
    "/tasks/<int:id>/signers/<login>",
    operation_id="removeSigner",
    summary="减签：不再请某人会签，id 为该会签任一在办环节",
    responses={200: schemas.Acted},
)
@acting
def remove(path: SignerPath, query: ReasonQuery, body: ReasonBody) -> Response:
    actor = current_actor()
    reason = body.reason or query.reason
    done = remove_signer(current_session(), actor, path.id, path.login, reason)
    return answers.reply(answers.acted(actor, done))
