"""Looking at an attachment without saving it, as the page of the desk does."""

from flask import Response

from app.database import current_session
from app.handling.views.previews import of_attachment
from app.web import looking
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor
from app.web.desk.previews import answer

blueprint = group("previews", "附件预览")


@blueprint.get(
    "/documents/<int:id>/attachments/<int:attachment_id>/preview",
    operation_id="previewAttachment",
    summary="预览附件：PDF 原样，图片和扫描件逐页（page），文字类为 JSON",
    responses={200: schemas.PreviewedText},
)
def preview_attachment(path: schemas.AttachmentPath, query: schemas.PreviewQuery) -> Response:
    """Those replaced or taken off, too; 409 for a type that can only be saved."""
    file = of_attachment(current_session(), current_actor(), path.id, path.attachment_id)
    looking.note(file.case_id)
    shown = file.look(query.page)
    if shown.form == "text":
        return answers.reply(schemas.PreviewedText(items=list(shown.items), cut=shown.cut))
    return answer(file, shown)
