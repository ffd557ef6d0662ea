"""The blueprint of 登录, and the cookie that its views set."""

from flask import Blueprint, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.organization import proofs
from app.organization.actors import Actor
from app.organization.errors import ProofRefused
from app.organization.proofs import Proof
from app.organization.sessions import SignedIn
from app.web import ids
from app.web.current import asked_at, cookie_name

blueprint = Blueprint("signin", __name__)
blueprint.url_value_preprocessor(ids.refuse_impossible)


def with_cookie(response: ResponseReturnValue, signed_in: SignedIn) -> Response:
    answer = make_response(response)
    answer.set_cookie(
        cookie_name(current_app),
        signed_in.token,
        httponly=True,
        secure=not current_app.config["DEMO"],
        samesite="Lax",
        path="/",
    )
    return answer


def proven(actor: Actor, *, enrolling: bool = False) -> Proof:
    """The password, and the code where one is in use, of the form in hand.

    enrolling  for a first factor, see :func:`proofs.prove`
    Raises ProofRefused after committing that it failed.
    """
    session, given = current_session(), request.form
    try:
        return proofs.prove(
            session,
            actor.person_id,
            given.get("password", ""),
            given.get("code", ""),
            asked_at(),
            address=actor.address,
            enrolling=enrolling,
        )
    except ProofRefused:
        session.commit()
        raise
