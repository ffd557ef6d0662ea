"""拟稿: a new outgoing document, one field per element of the paper."""

from flask import request
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents import fields
from app.documents.fields import OutgoingFields
from app.handling.acts import starting
from app.handling.acts.done import Done
from app.handling.writing import drafts
from app.web.current import current_actor
from app.web.desk import forms, importing, pages, saving, writing
from app.web.desk.blueprint import blueprint
from app.web.desk.pages import Page


@blueprint.get("/documents/new")
def draft() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_draft(actor)
    empty = dict(forms.EMPTY_OUTGOING)
    kept = writing.kept(actor, drafts.NEW, empty)
    return pages.outgoing(Page(actor, {**empty, **(kept.values if kept else {})}, kept=kept))


@blueprint.post("/documents/new")
def create() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_draft(actor)
    typed = forms.drafting(request.form)
    page = Page(actor, typed)
    if saving.previewing():
        return pages.outgoing(page)
    if importing.asked():
        return importing.into_form(page, pages.outgoing)

    def operation() -> Done:
        values = {name: value for name, value in typed.items() if name != "process"}
        given = fields.read(OutgoingFields, forms.elements(values))
        done = starting.create_document(current_session(), actor, given, typed["process"])
        drafts.drop(current_session(), actor, drafts.NEW)
        return done

    return saving.begin(page, pages.outgoing, operation, "草稿已保存。核对后请送出。")
