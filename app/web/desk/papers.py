"""Files for the browser: a document as PDF and as Word, and what is attached to it."""

import io

from flask import Response, jsonify, send_file

from app.database import current_session
from app.handling.equipment import equipment
from app.handling.views import bundle, paper, process_sheet_print, word
from app.handling.views.previews import of_attachment
from app.web import looking
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint

PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
"""The viewer inside the browser draws our own file with its own styles; nothing in it can run."""


@blueprint.get("/documents/<int:id>/document.pdf", endpoint="paper")
def show_paper(id: int) -> Response:
    printed = paper.issued(current_session(), current_actor(), id)
    looking.document(id)
    current_session().commit()  # setting a page takes a second; nobody waits for it on a lock
    response = send_file(
        io.BytesIO(printed.pdf()), mimetype="application/pdf", download_name=printed.file_name
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


@blueprint.get("/documents/<int:id>/typesetting")
def typesetting(id: int) -> Response:
    """How far the page is that is being set of this document; "" when none is."""
    said = paper.progress_of(current_session(), current_actor(), id)
    return jsonify(words=said)


@blueprint.get("/cases/<int:id>/process-sheet.pdf", endpoint="process_sheet")
def show_process_sheet(id: int) -> Response:
    printed = process_sheet_print.of_case(current_session(), current_actor(), id)
    looking.note(id)
    current_session().commit()
    response = send_file(
        io.BytesIO(printed.pdf()), mimetype="application/pdf", download_name=printed.file_name
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


@blueprint.get("/documents/<int:id>/document.docx", endpoint="word")
def word_file(id: int) -> Response:
    made = word.of_document(current_session(), current_actor(), id)
    looking.document(id)
    current_session().commit()
    response = send_file(
        io.BytesIO(made.docx()),
        mimetype=word.MEDIA_TYPE,
        as_attachment=True,
        download_name=made.file_name,
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


@blueprint.get("/documents/<int:id>/attachments/<int:attachment_id>")
def attachment(id: int, attachment_id: int) -> Response:
    """Always to be saved, never shown: what others wrote does not run under our address."""
    found = of_attachment(current_session(), current_actor(), id, attachment_id)
    looking.note(found.case_id)
    response = send_file(
        equipment().store.open(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


@blueprint.get("/documents/<int:id>/attachments.zip")
def all_attachments(id: int) -> Response:
    found = bundle.of_document(current_session(), current_actor(), id)
    looking.note(found.case_id)
    return send_file(
        found.zipped(),
        mimetype="application/zip",
        as_attachment=True,
        download_name=found.file_name,
    )
