"""拟稿: a new outgoing document, one field per element of the paper."""

from flask import request
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents import fields
from app.documents.fields import OutgoingFields
from app.handling.acts import starting
from app.handling.acts.done import Done
from app.web.current import current_actor
from app.web.desk import forms, importing, pages, saving
from app.web.desk.blueprint import blueprint
from app.web.desk.pages import Page


@blueprint.get("/documents/new")
def draft() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_draft(actor)
    return pages.outgoing(Page(actor, dict(forms.EMPTY_OUTGOING)))


@blueprint.post("/documents/new")
def create() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_draft(actor)
    signers = request.form.getlist("countersigners")
    values = {**forms.outgoing(request.form), "countersigners": signers}
    process = request.form.get("process", "outgoing")
    page = Page(actor, {**values, "process": process})
    if saving.previewing():
        return pages.outgoing(page)
    if importing.asked():
        return importing.into_form(page, pages.outgoing)

    def operation() -> Done:
        given = fields.read(OutgoingFields, forms.elements(values))
        return starting.create_document(current_session(), actor, given, process)

    return saving.begin(page, pages.outgoing, operation, "草稿已保存。核对后请送出。")
