"""告警: what happened to accounts, and what the security administrator found out."""

from flask import Response, make_response, redirect, request, url_for

from app import clock
from app.database import current_session
from app.errors import DomainError
from app.organization import alarms
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.security.blueprint import REFUSED, blueprint, draw


@blueprint.get("/")
def alarms_listed() -> Response:
    return _draw()


@blueprint.post("/alarms/<int:id>")
def settle_alarm(id: int) -> Response:
    try:
        return _settle(id)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(error, id)


@blueprint.get("/alarms/<int:id>")
def back_to_alarms(id: int) -> Response:
    """The address of the act, opened from the history of the browser."""
    return make_response(redirect(url_for("security.alarms_listed"), 303))


@acting
def _settle(id: int) -> Response:
    session = current_session()
    finding = request.form.get("finding", "")
    alarms.settle(session, current_actor(), id, finding, clock.now(session))
    say("处理情况已记下。")
    return make_response(redirect(url_for("security.alarms_listed"), 303))


def _draw(error: DomainError | None = None, of: int = 0) -> Response:
    return draw(
        "alarms.html",
        error=error,
        of=of,
        typed=request.form.get("finding", ""),
        kinds=alarms.KINDS,
        alarms=alarms.listed(current_session(), current_actor().unit_id),
    )
