"""红头模板 through the API: those of one's own unit, made by its dispatcher (DRF-06)."""

from dataclasses import asdict
from typing import Annotated

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.documents import letterheads
from app.documents.letterheads import Design
from app.documents.letterheads.fields import Format
from app.errors import NotFound
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("letterheads", "红头模板")

CREATED = 201


class LetterheadBody(schemas.Input):
    """``words``: the 发文机关标志; ``seal_diameter`` in mm; no kinds: those without their own."""

    name: str
    description: str
    format: Format
    words: str
    signature: str
    printed_by: str
    kinds: Annotated[list[str], Field(default_factory=list)]
    seal_diameter: int = 42


class Revised(LetterheadBody):
    """``version``: the one that was changed; a newer one answers 409."""

    version: int


class Letterhead(BaseModel):
    id: int
    name: str
    version: int
    description: str
    format: Format
    words: str
    signature: str
    printed_by: str
    kinds: list[str]
    seal_diameter: int
    author: str
    at: Instant
    offered: bool


class Letterheads(BaseModel):
    items: list[Letterhead]


@blueprint.get(
    "/letterheads",
    operation_id="listLetterheads",
    summary="本单位的红头模板",
    responses={200: Letterheads},
)
def list_letterheads() -> Response:
    designs = letterheads.of_unit(current_session(), current_actor().unit_id)
    return answers.reply(Letterheads(items=[_answer(each) for each in designs]))


@blueprint.post(
    "/letterheads",
    operation_id="createLetterhead",
    summary="新建红头模板（收发员）",
    responses={CREATED: Letterhead},
)
@acting
def create_letterhead(body: LetterheadBody) -> Response:
    session = current_session()
    given = letterheads.read(body.model_dump())
    made = letterheads.create(session, current_actor(), clock.now(session), given)
    return answers.reply(_newest(made.id), CREATED)


@blueprint.put(
    "/letterheads/<int:id>",
    operation_id="reviseLetterhead",
    summary="修改红头模板（收发员）",
    responses={200: Letterhead},
)
@acting
def revise_letterhead(path: schemas.NumberPath, body: Revised) -> Response:
    session = current_session()
    given = letterheads.read(body.model_dump(exclude={"version"}))
    at = clock.now(session)
    letterheads.revise(session, path.id, current_actor(), at, given, body.version)
    return answers.reply(_newest(path.id))


@blueprint.post(
    "/letterheads/<int:id>/withdraw",
    operation_id="withdrawLetterhead",
    summary="停用红头模板（收发员）",
    responses={200: Letterhead},
)
@acting
def withdraw_letterhead(path: schemas.NumberPath) -> Response:
    session = current_session()
    letterheads.withdraw(session, path.id, current_actor(), clock.now(session))
    return answers.reply(_newest(path.id))


@blueprint.post(
    "/letterheads/<int:id>/restore",
    operation_id="restoreLetterhead",
    summary="恢复使用红头模板（收发员）",
    responses={200: Letterhead},
)
@acting
def restore_letterhead(path: schemas.NumberPath) -> Response:
    session = current_session()
    letterheads.restore(session, path.id, current_actor(), clock.now(session))
    return answers.reply(_newest(path.id))


def _newest(id: int) -> Letterhead:
    found = letterheads.versions(current_session(), current_actor().unit_id, id)
    if not found:
        raise NotFound
    return _answer(found[0])


def _answer(design: Design) -> Letterhead:
    return Letterhead.model_validate({**asdict(design), "version": design.number})
