"""收文登记: what came in, entered by the office (INC-16)."""

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.documents import fields
from app.documents.fields import IncomingFields
from app.handling.acts import starting
from app.handling.acts.done import Done
from app.handling.writing import drafts
from app.web.current import current_actor
from app.web.desk import forms, pages, saving, writing
from app.web.desk.blueprint import blueprint
from app.web.desk.pages import Page


@blueprint.get("/incoming/new")
def register() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_register(actor)
    now = clock.now(current_session()).replace(second=0, microsecond=0)
    empty = {"urgency": "none", "received_at": forms.local(now)}
    kept = writing.kept(actor, drafts.INCOMING, {})
    return pages.incoming(Page(actor, kept.values if kept else empty, kept=kept))


@blueprint.post("/incoming/new")
def register_incoming() -> ResponseReturnValue:
    actor = current_actor()
    starting.ensure_may_register(actor)
    values = forms.incoming(request.form)
    page = Page(actor, values)
    if saving.previewing():
        return pages.incoming(page)

    def operation() -> Done:
        given = fields.read(IncomingFields, values)
        done = starting.register_incoming(current_session(), actor, given)
        drafts.drop(current_session(), actor, drafts.INCOMING)
        return done

    return saving.begin(page, pages.incoming, operation, "来文已登记。核对后请送拟办。")
