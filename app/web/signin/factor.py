"""双因素: taking it into use, changing the phone, new recovery codes, giving it up."""

from collections.abc import Callable

from flask import Response, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.errors import Conflict, DomainError, Invalid
from app.organization.errors import ProofRefused, TooManyRequests
from app.organization.factors import enrolment
from app.web import refusals
from app.web.current import current_actor
from app.web.messages import say
from app.web.signin import pictures
from app.web.signin.blueprint import blueprint, proven, with_cookie

REFUSED = (ProofRefused, TooManyRequests, Conflict, Invalid)
# No view here is an ``acting`` one: that would keep the answer, and with it the recovery codes.


@blueprint.get("/account/factor")
def factor() -> ResponseReturnValue:
    return _draw()


@blueprint.post("/account/factor")
def begin_factor() -> ResponseReturnValue:
    """Make the secret whose picture the page shows then."""
    actor = current_actor()

    def operation() -> ResponseReturnValue:
        proof = None if actor.awaits == "enrolment" else proven(actor, enrolling=True)
        enrolment.begin(current_session(), actor, clock.now(current_session()), proof)
        current_session().commit()
        return redirect(url_for("signin.factor"), 303)

    return _tried(operation, "begin")


@blueprint.post("/account/factor/code")
def confirm_factor() -> ResponseReturnValue:
    actor = current_actor()

    def operation() -> ResponseReturnValue:
        at = clock.now(current_session())
        typed = request.form.get("code", "")
        enrolled = enrolment.confirm(current_session(), actor, typed, at)
        current_session().commit()
        form_session.clear()
        page = render_template("signin/recovery.html", codes=enrolled.recovery_codes, first=True)
        return with_cookie(page, enrolled.signed_in)

    return _tried(operation, "confirm")


@blueprint.post("/account/factor/recovery")
def renew_recovery() -> ResponseReturnValue:
    actor = current_actor()

    def operation() -> ResponseReturnValue:
        proof, at = proven(actor), clock.now(current_session())
        made = enrolment.renew_recovery_codes(current_session(), actor, at, proof)
        current_session().commit()
        return render_template("signin/recovery.html", codes=made, first=False)

    return _tried(operation, "recovery")


@blueprint.post("/account/factor/end")
def end_factor() -> ResponseReturnValue:
    actor = current_actor()

    def operation() -> ResponseReturnValue:
        proof, at = proven(actor), clock.now(current_session())
        enrolment.give_up(current_session(), actor, at, proof)
        current_session().commit()
        say("双因素已停用，登录只需密码。")
        return redirect(url_for("signin.account"), 303)

    return _tried(operation, "end")


@blueprint.get("/account/factor/code")
@blueprint.get("/account/factor/recovery")
@blueprint.get("/account/factor/end")
def back_to_factor() -> ResponseReturnValue:
    """The address of an act, opened from the history of the browser."""
    return redirect(url_for("signin.factor"), 303)


def _tried(operation: Callable[[], ResponseReturnValue], form: str) -> Response:
    """Do it, or draw the page again with what was wrong in this form."""
    try:
        return make_response(operation())
    except REFUSED as error:
        current_session().rollback()
        return _draw(error, form)


def _draw(error: DomainError | None = None, form: str = "") -> Response:
    actor, session = current_actor(), current_session()
    at = clock.now(session)
    offer = enrolment.offered(session, actor, at)
    html_of = {
        "standing": enrolment.standing(session, actor.person_id),
        "offer": offer,
        "picture": pictures.qr(offer.address) if offer else None,
        "due": actor.awaits == "enrolment",
        "error": error,
        "errors": error.errors if isinstance(error, Invalid) else [],
        "form": form,
    }
    session.rollback()
    status = refusals.status_of(error) if error else 200
    return make_response(render_template("signin/factor.html", **html_of), status)
