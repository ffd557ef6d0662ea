"""预览: an attachment on a page, without saving it.

What others wrote does not run under our address: a PDF is read anew and shown by the browser's own
viewer under the policy of the paper, pictures are drawn anew, texts are escaped.
"""

import io

from flask import Response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents.previews import Preview
from app.errors import NotFound
from app.handling.views.previews import File, of_attachment
from app.web import looking
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import number
from app.web.desk.papers import PDF_POLICY
from app.web.desk.pictures import INERT


@blueprint.get("/documents/<int:id>/attachments/<int:attachment_id>/preview")
def preview(id: int, attachment_id: int) -> ResponseReturnValue:
    file = _file(id, attachment_id)
    if file.form == "pdf":
        return answer(file, file.look())
    page = number(request.args.get("page", "1")) or 1
    shown = file.look(0)
    if shown.form == "picture" and page > shown.pages:
        raise NotFound("没有这一页。")
    return render_template(
        "desk/preview.html",
        file=file,
        shown=shown,
        page=page,
        document_id=id,
        attachment_id=attachment_id,
        back=url_for("desk.case", id=file.case_id, tab="files"),
    )


@blueprint.get("/documents/<int:id>/attachments/<int:attachment_id>/pages/<int:page>")
def preview_page(id: int, attachment_id: int, page: int) -> Response:
    """A page of a scan, or a picture, as the page of the preview shows it."""
    file = _file(id, attachment_id)
    if file.form != "picture" or page < 1:
        raise NotFound("没有这一页。")
    return answer(file, file.look(page))


def answer(file: File, shown: Preview) -> Response:
    """A PDF or a picture, to be shown by the browser itself.

    Not ``sandbox`` for a PDF: with it browsers do not start their viewer at all.
    """
    response = send_file(
        io.BytesIO(shown.content), mimetype=shown.media_type, download_name=file.name
    )
    response.headers["Content-Security-Policy"] = PDF_POLICY if shown.form == "pdf" else INERT
    return response


def _file(document_id: int, attachment_id: int) -> File:
    """Nothing is held of the database while the file is read, which may take half a minute."""
    file = of_attachment(current_session(), current_actor(), document_id, attachment_id)
    looking.note(file.case_id)
    return file
