"""待确认: what was proposed, to confirm, to refuse or to take back; and what was decided."""

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.acts import deciding
from app.handling.views import proposals as views
from app.web import refusals
from app.web.acts import acting
from app.web.consent import yes_or_no
from app.web.current import current_actor
from app.web.messages import say
from app.web.process.blueprint import blueprint, draw


@blueprint.get("/proposals")
def proposals() -> Response:
    return _draw()


@blueprint.post("/proposals/<int:id>")
def decide(id: int) -> Response:
    answer = request.form.get("answer", "")
    try:
        return _decide(id, yes_or_no(request.form), answer)
    except (Invalid, Conflict, NotAllowed) as error:
        refusals.undo_and_note(error)
        return _draw(id, answer, error)


@blueprint.post("/proposals/<int:id>/withdrawal")
def withdraw(id: int) -> Response:
    try:
        return _withdraw(id)
    except (Conflict, NotAllowed) as error:
        refusals.undo_and_note(error)
        return _draw(id, error=error)


@acting
def _withdraw(id: int) -> Response:
    found = deciding.withdraw(current_session(), current_actor(), id)
    say("已撤回提请，此件没有变动。")
    return make_response(redirect(url_for("process.case", id=found.case_id), 303))


@acting
def _decide(id: int, agree: bool, answer: str) -> Response:
    session, actor = current_session(), current_actor()
    found = deciding.decide(session, actor, id, agree=agree, answer=answer)
    say("已执行，并记入流转记录。" if agree else "已答复不同意，此件没有变动。")
    return make_response(redirect(url_for("process.case", id=found.case_id), 303))


@blueprint.get("/proposals/<int:id>/withdrawal")
@blueprint.get("/proposals/<int:id>")
def back_to_proposals(id: int) -> ResponseReturnValue:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return redirect(url_for("process.proposals"), 303)


def _draw(refused: int = 0, answer: str = "", error: DomainError | None = None) -> Response:
    found = views.proposals(current_session(), current_actor())
    html = draw(
        "proposals.html",
        waiting=[each for each in found if each.state == "proposed"],
        decided=[each for each in found if each.state != "proposed"],
        refused=refused,
        answer=answer,
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(html, refusals.status_of(error) if error else 200)
