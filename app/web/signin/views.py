"""Signing in by password, signing out, the change of password. Failures commit: they count."""

from flask import (
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session, reading
from app.errors import Invalid
from app.organization import accounts, passwords
from app.organization.errors import CertificateRefused, SignInRefused
from app.web.current import actor_or_none, cookie_name, current_actor
from app.web.frame import local
from app.web.signin.blueprint import blueprint, with_cookie


@blueprint.get("/sign-in")
def form() -> ResponseReturnValue:
    if actor_or_none() is not None:
        return redirect(url_for("desk.todo"), 303)
    return render_template("signin/sign_in.html", next=local(request.args.get("next")))


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    login, password = request.form.get("login", ""), request.form.get("password", "")
    target = local(request.form.get("next"))
    address = request.remote_addr
    with reading():
        at = clock.now(current_session())
        stored = accounts.usable_hash(current_session(), login, address, at)
        current_session().rollback()
    attempt = passwords.tried(stored, password)
    try:
        at = clock.now(current_session())
        signed_in = accounts.sign_in(current_session(), login, attempt, address, at)
    except (SignInRefused, CertificateRefused) as error:
        current_session().commit()
        page = render_template(
            "signin/sign_in.html", next=target, refusal=error.message, login=login
        )
        return make_response(page, 403)
    current_session().commit()
    session.clear()
    first = target or url_for("desk.todo")
    if signed_in.awaits == "code":
        first = url_for("signin.code", next=target)
    return with_cookie(redirect(first, 303), signed_in)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    token = request.cookies.get(cookie_name(current_app))
    if token is not None:
        accounts.sign_out(current_session(), token, clock.now(current_session()))
        current_session().commit()
    session.clear()
    response = make_response(redirect(url_for("signin.form"), 303))
    response.delete_cookie(cookie_name(current_app))
    return response


@blueprint.route("/password", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    actor = current_actor()
    if request.method == "GET":
        return render_template("signin/password.html", errors=[])
    old, new = request.form.get("old", ""), request.form.get("new", "")
    at = clock.now(current_session())
    try:
        if new != request.form.get("again", ""):
            raise Invalid.at("again", "两次输入的新密码不一致，请重新输入。")
        signed_in = accounts.change_password(current_session(), actor, old, new, at)
    except Invalid as error:
        current_session().commit()
        page = render_template("signin/password.html", errors=error.errors)
        return make_response(page, 422)
    current_session().commit()
    session.clear()
    return with_cookie(redirect(url_for("desk.todo"), 303), signed_in)
