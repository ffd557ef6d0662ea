"""我的提醒: where one wants to be reached outside the application, and what was sent there."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from app import clock
from app.database import current_session
from app.errors import DomainError, Invalid
from app.handling.views import queries
from app.messages import contacts
from app.messages import queries as outbox
from app.messages.channels import in_use
from app.messages.models import Contact
from app.web import refusals
from app.web.current import current_actor
from app.web.desk import act_pages
from app.web.desk.blueprint import blueprint

SHOWN = 20
"""Of one's own messages, the newest."""


@blueprint.get("/reminders", endpoint="reminders")
def show() -> Response:
    return _draw()


@blueprint.post("/reminders")
def keep_reminders() -> Response:
    def operation() -> str:
        session = current_session()
        contacts.keep(
            session,
            current_actor(),
            clock.now(session),
            email=request.form.get("email", ""),
            phone=request.form.get("phone", ""),
            by_mail=request.form.get("by_mail") == "on",
            by_sms=request.form.get("by_sms") == "on",
        )
        return "提醒方式已保存。"

    return act_pages.carry_out(operation, url_for("desk.reminders"), _draw)


def _draw(typed: Mapping[str, Any] | None = None, error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    known = contacts.contact_of(session, actor.person_id)
    html = render_template(
        "desk/reminders.html",
        endpoint="desk.reminders",
        counts=queries.counts(session, actor),
        typed=typed if typed is not None else _as_typed(known),
        open=in_use().open,
        domains=in_use().domains,
        unreachable=not in_use().may_reach("mail", known.email or ""),
        messages_sent=outbox.own(session, actor.person_id, SHOWN),
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    session.commit()
    return make_response(html, refusals.status_of(error) if error else 200)


def _as_typed(known: Contact) -> dict[str, Any]:
    return {
        "email": known.email,
        "phone": known.phone,
        "by_mail": known.by_mail,
        "by_sms": known.by_sms,
    }
