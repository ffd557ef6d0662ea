"""图片 in a text: uploaded from the editor, shown wherever the text is."""

import re
from dataclasses import asdict
from typing import BinaryIO, cast

from flask import Response, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.documents import pictures
from app.errors import DomainError, Invalid, NotFound
from app.handling.acts import illustrating
from app.handling.equipment import equipment
from app.handling.views.pictures import picture, usable
from app.web import refusals
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import number

INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.post("/pictures")
def upload_picture() -> ResponseReturnValue:
    """The script asks for JSON; rights are checked before the file is opened, and again after."""
    session, actor = current_session(), current_actor()
    sent, document_id = request.files.get("file"), number(request.form.get("document", ""))
    try:
        illustrating.ensure_may_upload(session, actor, document_id)
        session.rollback()
        if sent is None:
            raise Invalid.at("file", "请先选择图片。")
        taken = pictures.take_in(
            sent.filename or "", cast(BinaryIO, sent.stream), equipment().store
        )
        illustrating.add_picture(session, actor, taken, document_id, clock.now(session))
        session.commit()
    except DomainError as error:
        refusals.undo_and_note(error)
        return jsonify(message=error.message), refusals.status_of(error)
    return jsonify(sha256=taken.sha256, width=taken.width, height=taken.height)


@blueprint.get("/pictures")
def gallery() -> Response:
    """图库: what the person may put into a text without uploading it."""
    found = usable(current_session(), current_actor())
    return jsonify(pictures=[asdict(each) for each in found])


@blueprint.post("/pictures/<string(length=64):sha256>")
def use_picture(sha256: str) -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    try:
        document_id = number(request.form.get("document", ""))
        taken = illustrating.use_again(session, actor, sha256, document_id, clock.now(session))
        session.commit()
    except DomainError as error:
        refusals.undo_and_note(error)
        return jsonify(message=error.message), refusals.status_of(error)
    return jsonify(sha256=taken.sha256, width=taken.width, height=taken.height)


@blueprint.get("/pictures/<string(length=64):sha256>", endpoint="picture")
def show_picture(sha256: str) -> Response:
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise NotFound
    found = picture(current_session(), current_actor(), sha256)
    response = send_file(equipment().store.open(found.sha256), mimetype=found.media_type)
    response.headers["Content-Security-Policy"] = INERT
    return response
