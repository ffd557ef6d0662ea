"""导入 Word: what a file says as blocks; a program saves them as the body of a document."""

from typing import BinaryIO, cast

from flask import Response, request
from werkzeug.exceptions import BadRequest

from app import clock
from app.database import current_session
from app.documents.text import plain, stored
from app.handling.acts import illustrating, importing
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("importing", "导入")


@blueprint.post(
    "/documents/text/import",
    operation_id="importText",
    summary="读入 Word 文档（multipart/form-data，字段 file），不保存；须能拟稿",
    responses={200: schemas.ImportedText},
)
def import_text() -> Response:
    return _read(None)


@blueprint.post(
    "/documents/<int:id>/text/import",
    operation_id="importTextOfDocument",
    summary="为修改中的公文读入 Word 文档（multipart/form-data，字段 file），不保存",
    responses={200: schemas.ImportedText},
)
def import_text_of_document(path: schemas.NumberPath) -> Response:
    return _read(path.id)


def _read(document_id: int | None) -> Response:
    """The file is read while nothing is held: that may take half a minute."""
    upload = request.files.get("file")
    if upload is None:
        raise BadRequest
    session = current_session()
    importing.ensure_may_import(session, current_actor(), document_id)
    session.rollback()
    found, taken = importing.read_word(upload.filename or "", cast(BinaryIO, upload.stream))
    illustrating.add_pictures(session, current_actor(), taken, clock.now(session))
    session.commit()
    return answers.reply(
        schemas.ImportedText(
            text=stored(found.blocks),
            body=plain(found.blocks),
            elements=dict(found.elements),
            notes=[schemas.ImportNote(kind=note.kind, text=note.text) for note in found.notes],
        )
    )
