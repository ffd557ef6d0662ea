"""印章管理 and 用印登记 through the API; pictures of seals are never given out."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Literal

from flask import Response, request
from pydantic import BaseModel, Field
from werkzeug.exceptions import BadRequest

from app import clock
from app.clock import SHANGHAI
from app.database import current_session
from app.documents import pictures
from app.handling.equipment import equipment
from app.seals.models import Seal
from app.seals.registry import making, queries, uses
from app.seals.registry.making import Making
from app.seals.registry.uses import Wanted
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor
from app.web.desk import pages

blueprint = group("seals", "印章")

Kinds = Annotated[list[schemas.Key], Field(max_length=20)]
A_YEAR = timedelta(days=365)


class SealChange(BaseModel):
    verb: str
    reason: str
    person: str
    at: Instant


class SealAnswer(BaseModel):
    """``drawn``: by the system; else from an uploaded picture. ``kinds``: empty for all 文种."""

    id: int
    kind: Literal["unit", "department", "signature"]
    wording: str
    diameter: int
    drawn: bool
    department: str
    owner: str
    keeper: str
    deputy: str
    kinds: list[str]
    state: Literal["active", "suspended", "retired"]
    made_at: Instant


class OneSeal(SealAnswer):
    changes: list[SealChange]


class Seals(BaseModel):
    items: list[SealAnswer]


class MakingBody(schemas.Input):
    """``keeper``, ``deputy``, ``owner``: logins.

    ``diameter``: millimetres; left out, what is usual for the rank of the unit.
    """

    kind: schemas.Key
    wording: schemas.Line
    diameter: int | None = None
    keeper: schemas.Line
    deputy: schemas.Line = ""
    owner: schemas.Line = ""
    department: schemas.Line = ""
    kinds: Kinds = Field(default_factory=list)
    reason: schemas.Remark


class SealVerb(BaseModel):
    id: schemas.Number
    verb: Literal["keep", "permit", "suspend", "resume", "retire"]


class VerbBody(schemas.Input):
    """``keeper`` and ``deputy`` belong to ``keep``, ``kinds`` to ``permit``."""

    reason: schemas.Remark
    keeper: schemas.Line = ""
    deputy: schemas.Line = ""
    kinds: Kinds = Field(default_factory=list)


class UsesQuery(schemas.Input):
    """Both days included; without them the last year."""

    since: schemas.Day | None = None
    until: schemas.Day | None = None
    kind: Literal["", "signatory", "seal", "paper", "image"] = ""
    seal_id: int | None = Field(default=None, ge=1, le=2**31)
    q: schemas.Line = ""


class SealUseAnswer(BaseModel):
    """``ended``: why the signature no longer counts; "" while it does."""

    at: Instant
    kind: str
    label: str
    seal: str
    person: str
    title: str
    number: str
    document_id: int
    words: str
    certificate_serial: str
    stamped_at: Instant | None
    ended: str
    content_sha256: str


class SealUses(BaseModel):
    items: list[SealUseAnswer]


@blueprint.get("/seals", operation_id="listSeals", summary="本单位的印章", responses={200: Seals})
def list_seals() -> Response:
    found = queries.seals(current_session(), current_actor())
    return answers.reply(Seals(items=[SealAnswer(**_values(each)) for each in found]))


@blueprint.post(
    "/seals",
    operation_id="makeSeal",
    summary="制发印章（办公室负责人、安全管理员）",
    responses={201: OneSeal},
)
@acting
def make_seal(body: MakingBody) -> Response:
    session, actor = current_session(), current_actor()
    seal = making.make(session, actor, clock.now(session), Making(**body.model_dump()))
    return _one(seal, HTTPStatus.CREATED)


@blueprint.get(
    "/seals/<int:id>", operation_id="getSeal", summary="一枚印章和经过", responses={200: OneSeal}
)
def get_seal(path: schemas.NumberPath) -> Response:
    return _one(making.find(current_session(), current_actor(), path.id))


@blueprint.post(
    "/seals/<int:id>/<verb>",
    operation_id="changeSeal",
    summary="交接保管、调整用印范围、停用、恢复（须另一人）、缴销",
    responses={200: OneSeal},
)
@acting
def change_seal(path: SealVerb, body: VerbBody) -> Response:
    session, actor = current_session(), current_actor()
    given = (session, actor, clock.now(session), path.id)
    if path.verb == "keep":
        seal = making.hand_over(*given, body.keeper, body.deputy, body.reason)
    elif path.verb == "permit":
        seal = making.permit(*given, body.kinds, body.reason)
    else:
        operation = {
            "suspend": making.suspend,
            "resume": making.resume,
            "retire": making.retire,
        }[path.verb]
        seal = operation(*given, body.reason)
    return _one(seal)


@blueprint.post(
    "/seals/<int:id>/pictures",
    operation_id="bringSealPicture",
    summary="上传印模（multipart/form-data，字段 file）；第二人恢复以前不能用印",
    responses={200: OneSeal},
)
def bring_picture(path: schemas.NumberPath) -> Response:
    chosen = pages.uploads()
    if len(chosen) != 1 or request.mimetype != "multipart/form-data":
        raise BadRequest
    taken = pictures.take_in(*chosen[0], equipment().store)
    return _bring(path.id, taken.sha256)


@acting
def _bring(seal_id: int, sha256: str) -> Response:
    session, actor = current_session(), current_actor()
    return _one(making.bring_picture(session, actor, clock.now(session), seal_id, sha256))


@blueprint.get(
    "/seal-uses",
    operation_id="listSealUses",
    summary="用印登记：每一次签发签名、电子印章、纸质用印、图片印章（只读）",
    responses={200: SealUses},
)
def list_uses(query: UsesQuery) -> Response:
    session = current_session()
    today = clock.now(session).astimezone(SHANGHAI).date()
    until = query.until or today
    wanted = Wanted(query.since or until - A_YEAR, until, query.kind, query.seal_id, query.q)
    found = uses.uses(session, current_actor(), wanted)
    return answers.reply(
        SealUses(
            items=[
                SealUseAnswer(
                    **{k: v for k, v in vars(each).items() if k != "serial"},
                    label=each.label,
                    certificate_serial=each.serial,
                )
                for each in found
            ]
        )
    )


def _one(seal: Seal, status: int = HTTPStatus.OK) -> Response:
    session = current_session()
    session.flush()
    found, changes = queries.seal(session, current_actor(), seal.id)
    said = [SealChange(verb=e.verb, reason=e.reason, person=e.person, at=e.at) for e in changes]
    return answers.reply(OneSeal(**_values(found), changes=said), status)


def _values(found: queries.SealLine) -> dict[str, object]:
    values = {name: getattr(found, name) for name in SealAnswer.model_fields}
    return {**values, "keeper": found.keeper_login, "deputy": found.deputy_login}
