"""扫描件发文: a paper finished outside the system, entered by the dispatcher (OUT-17)."""

from flask import request
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents import fields
from app.documents.fields import ScanFields
from app.errors import Invalid
from app.handling.acts import starting
from app.handling.acts.done import Done
from app.web.current import current_actor
from app.web.desk import forms, pages, saving
from app.web.desk.blueprint import blueprint
from app.web.desk.pages import Page


@blueprint.get("/scans/new")
def scan() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_scan(actor)
    return pages.scanned(Page(actor, dict(forms.EMPTY_SCAN)))


@blueprint.post("/scans/new")
def register_scan() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_scan(actor)
    values = forms.scanned(request.form)

    def operation() -> Done:
        given = fields.read(ScanFields, values)
        if not pages.uploads():
            raise Invalid.at("file", "请选择扫描件（PDF、TIFF 或者 JPEG）。（OUT-17）")
        return starting.register_scan(current_session(), actor, given)

    sentence = "扫描件已登记，签发人为手工录入。请对照纸质件核对后送出。"
    return saving.begin(Page(actor, values), pages.scanned, operation, sentence)
