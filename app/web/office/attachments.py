"""附件规则: which files one's own unit takes, and what it chooses instead."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, request, url_for

from app import clock, organization
from app.database import current_session
from app.deadlines import rights
from app.documents import admission
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.office.blueprint import blueprint, draw

REFUSED = (Invalid, Conflict, NotAllowed)
Typed = Mapping[str, str]


@blueprint.get("/attachments")
def attachments() -> Response:
    return _draw()


@blueprint.post("/attachments")
def send_attachments() -> Response:
    typed = request.form.to_dict()
    try:
        return _choose(typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(typed, error)


@acting
def _choose(typed: Typed) -> Response:
    session, actor = current_session(), current_actor()
    admission.choose(
        session,
        rights.unit_of(actor),
        {key: typed.get(key, "") for key in admission.LABELS},
        typed.get("reason", ""),
        actor,
        clock.now(session),
        source=typed.get("source", ""),
    )
    say("附件规则已改，记入审计记录，即时生效。")
    return make_response(redirect(url_for("office.attachments"), 303))


def _draw(typed: Typed | None = None, error: DomainError | None = None) -> Response:
    session, unit_id = current_session(), rights.unit_of(current_actor())
    shown = admission.own(session, unit_id) if typed is None else typed
    return draw(
        "attachments.html",
        error=error,
        typed=shown,
        unit=organization.unit(session, unit_id).name,
        now=admission.in_force(session, unit_id),
        inherited=admission.in_force(session, unit_id, inherited=True),
        offered=admission.TYPES,
        labels=admission.LABELS,
        choices=admission.history(session, unit_id),
    )
