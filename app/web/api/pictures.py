"""Pictures of texts: uploaded first, then named by their hash in a block of the body."""

from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Response, request, send_file
from werkzeug.exceptions import BadRequest

from app import clock
from app.database import current_session
from app.documents import pictures
from app.documents.pictures import Taken
from app.handling.acts import illustrating
from app.handling.equipment import equipment
from app.handling.views.pictures import picture
from app.web.acts import acting, first_answer
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor
from app.web.desk.forms import number
from app.web.desk.pictures import INERT

blueprint = group("pictures", "正文图片")


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
    shown = schemas.Picture(
        sha256=taken.sha256,
        media_type=taken.media_type,
        width=taken.width,
        height=taken.height,
        size=taken.size,
    )
    return answers.reply(shown, HTTPStatus.CREATED)


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
