"""Signing in by certificate, where a proxy in front of us has checked the key."""

from flask import current_app, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.errors import NotFound
from app.organization import certificates
from app.organization.errors import CertificateRefused
from app.web import proxies
from app.web.current import actor_or_none
from app.web.frame import local
from app.web.signin.blueprint import blueprint, with_cookie

NONE = "没有收到证书。请插好证书介质，关闭浏览器后重新打开，并在浏览器提示时选择本人的证书。"
FAILED = (
    "证书没有通过核对：已过期、已撤销，或者不是本单位签发的。请改用密码登录，或者联系安全管理员。"
)
FORGED = "证书不是由本单位的入口送来的，不能登录。"


@blueprint.post("/sign-in/certificate")
def sign_in_by_certificate() -> ResponseReturnValue:
    if not current_app.config["SETTINGS"].certificate_secret:
        raise NotFound
    target = local(request.form.get("next"))
    actor, at = actor_or_none(), clock.now(current_session())
    present = actor.person_id if actor else None
    try:
        signed_in = certificates.sign_in_by_certificate(
            current_session(), _presented(), request.remote_addr, at, present=present
        )
    except CertificateRefused as error:
        current_session().commit()
        page = render_template("signin/sign_in.html", next=target, refusal=error.message)
        return make_response(page, 403)
    current_session().commit()
    session.clear()
    return with_cookie(redirect(target or url_for("desk.todo"), 303), signed_in)


@blueprint.get("/sign-in/certificate")
def back_to_sign_in() -> ResponseReturnValue:
    """The address of the act, opened from the history of the browser."""
    return redirect(url_for("signin.form"), 303)


def _presented() -> bytes:
    """The certificate of the request. Raises CertificateRefused, on record when it is forged."""
    address = request.remote_addr
    if proxies.is_forged():
        at = clock.now(current_session())
        raise certificates.refused(current_session(), FORGED, None, address, at)
    der = proxies.presented()
    if der is None:
        raise CertificateRefused(FAILED if proxies.has_failed() else NONE)
    return der
