"""签发用印方式 through the API: how one's own unit signs off and seals."""

from typing import Annotated

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.seals.registry import policies
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("signing_policy", "签发用印方式")


class SigningPolicy(BaseModel):
    """``sign_off``: record or digital; ``seal``: mark, image, digital or none.

    ``picture``, the handwriting of who signs off: none or shown.
    """

    sign_off: str
    seal: str
    picture: str
    chosen_by: dict[str, str]
    own: dict[str, str]
    history: list[schemas.UnitChoice]


class SigningPolicyBody(schemas.Input):
    """``own``: what the unit chooses itself; others are inherited."""

    own: Annotated[dict[schemas.Key, schemas.Key], Field(max_length=10)]
    reason: schemas.Remark
    source: schemas.Remark


@blueprint.get(
    "/signing-policy",
    operation_id="getSigningPolicy",
    summary="本单位的签发用印方式",
    responses={200: SigningPolicy},
)
def get_policy() -> Response:
    return answers.reply(_policy())


@blueprint.post(
    "/signing-policy",
    operation_id="chooseSigningPolicy",
    summary="选定本单位的签发用印方式（系统管理员）",
    responses={200: SigningPolicy},
)
@acting
def choose_policy(body: SigningPolicyBody) -> Response:
    session, actor = current_session(), current_actor()
    at = clock.now(session)
    policies.choose(session, actor.unit_id, body.own, body.reason, actor, at, source=body.source)
    return answers.reply(_policy())


def _policy() -> SigningPolicy:
    session, unit_id = current_session(), current_actor().unit_id
    found = policies.in_force(session, unit_id)
    return SigningPolicy(
        sign_off=found.sign_off,
        seal=found.seal,
        picture=found.picture,
        chosen_by=dict(found.chosen_by),
        own=policies.own(session, unit_id),
        history=schemas.choices(policies.history(session, unit_id)),
    )
