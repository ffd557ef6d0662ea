"""我的登录: where one is signed in, and the API tokens that act in one's name."""

import re

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.errors import DomainError, Invalid
from app.organization import accounts, queries, tokens
from app.organization.errors import ProofRefused, TooManyRequests
from app.organization.factors import enrolment
from app.organization.policy import POLICY
from app.web import refusals
from app.web.current import cookie_name, current_actor
from app.web.messages import say
from app.web.signin.blueprint import blueprint, proven

REFUSED = (ProofRefused, TooManyRequests, Invalid)
# The view that makes a token is no ``acting`` one: that would keep the answer with the token in it.


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    return _draw()


@blueprint.post("/account/sessions/end")
def end_other_sessions() -> ResponseReturnValue:
    actor, session = current_actor(), current_session()
    token = request.cookies.get(cookie_name(current_app))
    accounts.end_other_sessions(session, actor, token, clock.now(session))
    session.commit()
    say("其他地方的登录已结束。")
    return redirect(url_for("signin.account"), 303)


@blueprint.post("/account/tokens")
def make_token() -> ResponseReturnValue:
    actor, session = current_actor(), current_session()
    try:
        name, days = request.form.get("name", ""), _days(request.form.get("days", ""))
        proof = proven(actor)
        made = tokens.make_token(session, actor, proof, name, days, clock.now(session))
    except REFUSED as error:
        session.rollback()
        return _draw(error)
    session.commit()
    return _draw(made=made)


@blueprint.post("/account/tokens/<int:id>/end")
def end_token(id: int) -> ResponseReturnValue:
    session = current_session()
    accounts.end_token(session, current_actor(), id, clock.now(session))
    session.commit()
    say("令牌已停用，用它的程序不能再访问。")
    return redirect(url_for("signin.account"), 303)


@blueprint.get("/account/sessions/end", defaults={"id": 0})
@blueprint.get("/account/tokens", defaults={"id": 0})
@blueprint.get("/account/tokens/<int:id>/end")
def back_to_account(id: int) -> ResponseReturnValue:
    """The address of an act, opened from the history of the browser."""
    return redirect(url_for("signin.account"), 303)


def _days(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text.strip()):
        raise Invalid.at("days", f"有效期应为 1 至 {POLICY.token_days} 天。")
    return int(text)


def _draw(error: DomainError | None = None, made: str | None = None) -> ResponseReturnValue:
    actor, session = current_actor(), current_session()
    at = clock.now(session)
    typed = request.form if error else {}
    page = render_template(
        "signin/account.html",
        sessions=queries.open_sessions(session, actor.person_id, at),
        tokens=queries.own_tokens(session, actor.person_id, at),
        standing=enrolment.standing(session, actor.person_id),
        error=error,
        errors=error.errors if isinstance(error, Invalid) else [],
        typed={key: typed.get(key, "") for key in ("name", "days")},
        made=made,
        most_days=POLICY.token_days,
    )
    session.rollback()
    return make_response(page, refusals.status_of(error) if error else 200)
