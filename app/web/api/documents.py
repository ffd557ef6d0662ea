"""Documents: drafting, registering, the text with its versions, attachments, and the paper."""

import io
from http import HTTPStatus
from typing import BinaryIO, cast

from flask import Response, request, send_file
from werkzeug.exceptions import BadRequest

from app.database import current_session
from app.documents.attachments import Upload
from app.documents.fields import IncomingFields, ScanFields
from app.handling import access
from app.handling.acts import editing, starting
from app.handling.acts.editing import Save
from app.handling.equipment import equipment
from app.handling.views import bundle, paper, word
from app.handling.views.previews import of_attachment
from app.organization.actors import Actor
from app.web import looking
from app.web.acts import acting, first_answer
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor
from app.web.desk.forms import number

blueprint = group("documents", "公文")


@blueprint.post(
    "/documents",
    operation_id="createDocument",
    summary="拟稿：建立发文，流程停在拟稿环节",
    responses={201: schemas.Document},
)
@acting
def create_document(body: schemas.Drafted) -> Response:
    actor = current_actor()
    done = starting.create_document(current_session(), actor, body, body.process)
    return _created(actor, done.case.document_id)


@blueprint.post(
    "/incoming",
    operation_id="registerIncoming",
    summary="收文登记：建立收文，流程停在登记环节",
    responses={201: schemas.Document},
)
@acting
def register_incoming(body: IncomingFields) -> Response:
    actor = current_actor()
    done = starting.register_incoming(current_session(), actor, body)
    return _created(actor, done.case.document_id)


@blueprint.post(
    "/scans",
    operation_id="registerScan",
    summary="扫描件发文：登记已在纸上办完的公文，签发人手工录入，扫描件作为附件上传；仅限收发员",
    responses={201: schemas.Document},
)
@acting
def register_scan(body: ScanFields) -> Response:
    actor = current_actor()
    done = starting.register_scan(current_session(), actor, body)
    return _created(actor, done.case.document_id)


@blueprint.get(
    "/documents/<int:id>",
    operation_id="getDocument",
    summary="公文要素、正文、版本和附件",
    responses={200: schemas.Document},
)
def get_document(path: schemas.NumberPath) -> Response:
    return answers.reply(answers.document(*looking.document(path.id)))


@blueprint.patch(
    "/documents/<int:id>",
    operation_id="reviseDocument",
    summary="修改公文：须正由本人办理，每次保存留一个版本",
    responses={200: schemas.Document},
)
@acting
def revise_document(path: schemas.NumberPath, body: schemas.Revision) -> Response:
    actor = current_actor()
    changes = body.model_dump(exclude_unset=True, exclude={"version"})
    editing.save(current_session(), actor, path.id, Save(changes, version=body.version))
    current_session().flush()
    return answers.reply(_document(actor, path.id))


@blueprint.get(
    "/documents/<int:id>/document.pdf",
    operation_id="getDocumentPdf",
    summary="按 GB/T 9704—2012 排版的公文；签名用印的，是签名用印的文件本身",
    responses={200: None},
)
def get_document_pdf(path: schemas.NumberPath) -> Response:
    printed = paper.issued(current_session(), current_actor(), path.id)
    looking.document(path.id)
    current_session().commit()  # setting a page takes a second; nobody waits for it on a lock
    return send_file(
        io.BytesIO(printed.pdf()), mimetype="application/pdf", download_name=printed.file_name
    )


@blueprint.get(
    "/documents/<int:id>/document.docx",
    operation_id="getDocumentWord",
    summary="公文的 Word 文档；签发前每页标明非正式稿",
    responses={200: None},
)
def get_document_word(path: schemas.NumberPath) -> Response:
    made = word.of_document(current_session(), current_actor(), path.id)
    looking.document(path.id)
    current_session().commit()
    return send_file(
        io.BytesIO(made.docx()),
        mimetype=word.MEDIA_TYPE,
        as_attachment=True,
        download_name=made.file_name,
    )


@blueprint.post(
    "/documents/<int:id>/attachments",
    operation_id="addAttachment",
    summary="添加附件（multipart/form-data，字段 file；replaces 为被替换附件的编号）",
    responses={201: schemas.Document},
)
def add_attachment(path: schemas.NumberPath) -> Response:
    """The file is read and checked before anything is held: that may take half a minute.

    With ``replaces`` it takes the place of an attachment in force, which stays viewable (ATT-03).
    """
    actor = current_actor()
    upload = request.files.get("file")
    if upload is None:
        raise BadRequest
    if (again := first_answer()) is not None:
        return again
    editing.look_editable(current_session(), actor, path.id)
    current_session().rollback()
    file = cast(BinaryIO, upload.stream)
    return _attach(actor, path.id, editing.take_in([(upload.filename or "", file)]))


@acting
def _attach(actor: Actor, document_id: int, uploads: list[Upload]) -> Response:
    typed = request.form.get("replaces")
    replaces = number(typed) if typed else None
    editing.save(
        current_session(), actor, document_id, Save({}, uploads=uploads, replaces=replaces)
    )
    return _created(actor, document_id)


@blueprint.post(
    "/documents/<int:id>/attachments/received",
    operation_id="addReceivedAttachment",
    summary="把来文的原件作为附件：attachment 为收文的附件编号",
    responses={201: schemas.Document},
)
@acting
def add_received(path: schemas.NumberPath, body: schemas.ReceivedBody) -> Response:
    """It stays as it came, and is linked to the record of the received document (ATT-02)."""
    actor = current_actor()
    editing.save(current_session(), actor, path.id, Save({}, received=[body.attachment]))
    return _created(actor, path.id)


@blueprint.get(
    "/documents/<int:id>/attachments/<int:attachment_id>",
    operation_id="getAttachment",
    summary="下载附件，已替换或移除的也可以",
    responses={200: None},
)
def get_attachment(path: schemas.AttachmentPath) -> Response:
    found = of_attachment(current_session(), current_actor(), path.id, path.attachment_id)
    looking.note(found.case_id)
    response = send_file(
        equipment().store.open(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


@blueprint.get(
    "/documents/<int:id>/attachments.zip",
    operation_id="getAttachments",
    summary="下载全部附件（ZIP）",
    responses={200: None},
)
def get_attachments(path: schemas.NumberPath) -> Response:
    found = bundle.of_document(current_session(), current_actor(), path.id)
    looking.note(found.case_id)
    return send_file(
        found.zipped(),
        mimetype="application/zip",
        as_attachment=True,
        download_name=found.file_name,
    )


def _created(actor: Actor, document_id: int) -> Response:
    current_session().flush()
    response = answers.reply(_document(actor, document_id), HTTPStatus.CREATED)
    response.headers["Location"] = f"/api/v1/documents/{document_id}"
    return response


def _document(actor: Actor, document_id: int) -> schemas.Document:
    found, case = access.document_of(current_session(), actor, document_id)
    return answers.document(found, case.id)
