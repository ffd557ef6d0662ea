"""故障: all that cannot go on by itself, each with its cause, to try again or to give up."""

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.acts import repairing
from app.handling.views import faults
from app.organization import roles
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.process.blueprint import blueprint, draw


@blueprint.get("/incidents")
def incidents() -> Response:
    return _draw()


@blueprint.post("/incidents/<string:name>")
def settle(name: str) -> Response:
    reason = request.form.get("reason", "")
    try:
        return _settle(name, request.form.get("do", ""), reason)
    except (Invalid, Conflict, NotAllowed) as error:
        refusals.undo_and_note(error)
        return _draw(name, reason, error)


@acting
def _settle(name: str, verb: str, reason: str) -> Response:
    operation = repairing.dismiss if verb == "dismiss" else repairing.retry
    say(operation(current_session(), current_actor(), name, reason))
    return make_response(redirect(url_for("process.incidents"), 303))


@blueprint.get("/incidents/<string:name>")
def back_to_incidents(name: str) -> ResponseReturnValue:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return redirect(url_for("process.incidents"), 303)


def _draw(refused: str = "", reason: str = "", error: DomainError | None = None) -> Response:
    html = draw(
        "incidents.html",
        rows=faults.faults(current_session(), current_actor()),
        unsent=faults.unsent(current_session(), current_actor()),
        sees_outbox=current_actor().holds(roles.SYSTEM_ADMIN),
        kinds=faults.KINDS,
        refused=refused,
        reason=reason,
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(html, refusals.status_of(error) if error else 200)
