"""Pictures of texts: uploaded first, then named by their hash in a block of the body."""

from dataclasses import asdict
from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Response, request, send_file
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest

from app import clock
from app.database import current_session
from app.documents import pictures
from app.documents.pictures import Taken
from app.handling.acts import illustrating
from app.handling.equipment import equipment
from app.handling.views.pictures import picture, usable
from app.web.acts import acting, first_answer
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor
from app.web.desk.forms import number
from app.web.desk.pictures import INERT

blueprint = group("pictures", "正文图片")


class UsablePicture(BaseModel):
    """``title``: of a document that has it; width and height in pixels."""

    sha256: str
    width: int
    height: int
    title: str


class PictureList(BaseModel):
    """The newest 24."""

    items: list[UsablePicture]


class UseBody(schemas.Input):
    """``document``: the one that is being changed; left out for a new one."""

    document: schemas.Number | None = None


@blueprint.post(
    "/pictures",
    operation_id="addPicture",
    summary="上传正文图片（multipart/form-data，字段 file；改已有公文时另给 document）",
    responses={201: schemas.Picture},
)
def add_picture() -> Response:
    """The file is read and checked before anything is held: that may take half a minute."""
    sent, document_id = request.files.get("file"), number(request.form.get("document", ""))
    actor = current_actor()
    if sent is None:
        raise BadRequest
    if (again := first_answer()) is not None:
        return again
    illustrating.ensure_may_upload(current_session(), actor, document_id)
    current_session().rollback()
    stream = cast(BinaryIO, sent.stream)
    return _add(pictures.take_in(sent.filename or "", stream, equipment().store), document_id)


@acting
def _add(taken: Taken, document_id: int) -> Response:
    session = current_session()
    illustrating.add_picture(session, current_actor(), taken, document_id, clock.now(session))
    return _created(taken)


def _created(taken: Taken) -> Response:
    shown = schemas.Picture(
        sha256=taken.sha256,
        media_type=taken.media_type,
        width=taken.width,
        height=taken.height,
        size=taken.size,
    )
    return answers.reply(shown, HTTPStatus.CREATED)


@blueprint.get(
    "/pictures",
    operation_id="listPictures",
    summary="可以用进正文的图片：本人上传的，和本单位公文里本人可以查看的",
    responses={200: PictureList},
)
def list_pictures() -> Response:
    found = usable(current_session(), current_actor())
    return answers.reply(PictureList(items=[UsablePicture(**asdict(each)) for each in found]))


@blueprint.post(
    "/pictures/<string:sha256>/use",
    operation_id="usePicture",
    summary="把可以查看的公文里的图片用进自己的正文",
    responses={201: schemas.Picture},
)
@acting
def use_picture(path: schemas.PicturePath, body: UseBody) -> Response:
    session = current_session()
    at = clock.now(session)
    taken = illustrating.use_again(session, current_actor(), path.sha256, body.document, at)
    return _created(taken)


@blueprint.get(
    "/pictures/<string:sha256>",
    operation_id="getPicture",
    summary="取正文图片：本人上传的，或者在本人可以查看的公文里的",
    responses={200: None},
)
def get_picture(path: schemas.PicturePath) -> Response:
    found = picture(current_session(), current_actor(), path.sha256)
    response = send_file(equipment().store.open(found.sha256), mimetype=found.media_type)
    response.headers["Content-Security-Policy"] = INERT
    return response
