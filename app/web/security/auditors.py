"""审计员操作复核: what auditors looked at and took away, reviewed and signed."""

from flask import Response, make_response, redirect, request, url_for

from app import clock
from app.database import current_session
from app.errors import DomainError
from app.handling.inspection import reviewing
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.security.blueprint import REFUSED, blueprint, draw


@blueprint.get("/auditors")
def auditors_reviewed() -> Response:
    return _draw()


@blueprint.post("/auditors")
def review_auditors() -> Response:
    try:
        return _sign()
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(error)


@acting
def _sign() -> Response:
    session = current_session()
    reviewing.sign(
        session,
        current_actor(),
        clock.now(session),
        look=_number("look"),
        entry=_number("entry"),
        finding=request.form.get("finding", ""),
    )
    say("已签署复核意见。")
    return make_response(redirect(url_for("security.auditors_reviewed"), 303))


def _number(name: str) -> int:
    """As the page wrote it; anything else was shown to nobody, and is refused as such."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _draw(error: DomainError | None = None) -> Response:
    session, unit_id = current_session(), current_actor().unit_id
    return draw(
        "auditors.html",
        error=error,
        typed=request.form.get("finding", ""),
        open=reviewing.unreviewed(session, unit_id),
        reviews=reviewing.reviews(session, unit_id),
        longest=reviewing.LONGEST,
    )
