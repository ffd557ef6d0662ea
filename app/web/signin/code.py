"""The second page of signing in: the code of the authenticator."""

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.organization import accounts
from app.organization.errors import CodeRefused
from app.organization.factors import codes
from app.web.current import actor_or_none, cookie_name
from app.web.frame import local
from app.web.messages import say
from app.web.signin.blueprint import blueprint, with_cookie

FEW = 3
"""So few recovery codes left are worth a word."""


@blueprint.get("/sign-in/code")
def code() -> ResponseReturnValue:
    actor = actor_or_none()
    if actor is None or actor.awaits != "code":
        return redirect(url_for("signin.form"), 303)
    return render_template("signin/code.html", next=local(request.args.get("next")))


@blueprint.post("/sign-in/code")
def enter_code() -> ResponseReturnValue:
    token = request.cookies.get(cookie_name(current_app), "")
    target = local(request.form.get("next"))
    at = clock.now(current_session())
    typed = request.form.get("code", "")
    try:
        signed_in = accounts.enter_code(current_session(), token, typed, request.remote_addr, at)
    except CodeRefused as error:
        current_session().commit()
        page = "signin/sign_in.html" if error.over else "signin/code.html"
        return make_response(render_template(page, next=target, refusal=error.message), 403)
    left = codes.left(current_session(), signed_in.person_id)
    current_session().commit()
    session.clear()
    if left <= FEW:
        say(f"恢复码只剩 {left} 个，请在“我的登录”里更新。", "warn")
    return with_cookie(redirect(target or url_for("desk.todo"), 303), signed_in)
