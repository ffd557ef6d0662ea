"""Who is asking: the person behind the session cookie or the bearer token of this request."""

from datetime import datetime

from flask import Flask, current_app, request

from app import clock
from app.database import current_session, reading
from app.errors import DomainError
from app.organization import accounts
from app.organization.actors import Actor

KEPT, ASKED_AT = "gongwen.actor", "gongwen.asked_at"
PASSIVE = {"desk.waiting", "desk.renew_lock"}
"""What a page asks by itself: nobody is at work because of it, and the session may end idle."""


class NotSignedIn(DomainError):
    """No session, or one that has ended (401); a page sends to the sign-in form instead."""

    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__("请先登录。登录已过期的，重新登录后可继续，草稿已保存。")


class Unfinished(DomainError):
    """Something is still to be done before anything else opens (403).

    page  endpoint of the one page for it, where pages are sent; ``open_to`` can be asked for
    """

    page: str
    open_to: frozenset[str]


class CodeDue(Unfinished):
    """The password was right; the code of the second factor is still missing."""

    code = "code_due"
    page = "signin.code"
    open_to = frozenset({"signin.code", "signin.enter_code", "signin.sign_out"})

    def __init__(self) -> None:
        super().__init__("请先输入验证码，完成登录。")


class MustChangePassword(Unfinished):
    """An initial password opens the change page and nothing else."""

    code = "must_change_password"
    page = "signin.change"
    open_to = frozenset({"signin.change", "signin.sign_out"})

    def __init__(self) -> None:
        super().__init__("初始密码须先修改，修改后才能继续。")


class FactorDue(Unfinished):
    """The unit asks for a second factor, and the person has none yet."""

    code = "factor_due"
    page = "signin.factor"
    open_to = frozenset(
        {"signin.factor", "signin.begin_factor", "signin.confirm_factor", "signin.sign_out"}
    )

    def __init__(self) -> None:
        super().__init__("本单位要求使用双因素，请先在网页登录并启用，之后才能继续。")


def cookie_name(app: Flask) -> str:
    """The prefix ties the cookie to this host and to TLS; only the demonstration goes without."""
    return "gongwen_session" if app.config["DEMO"] else "__Host-session"


def bearer() -> str | None:
    """The personal token of the request; never taken from the address."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def actor_or_none() -> Actor | None:
    """The signed-in person, found once per request."""
    kept = request.environ
    if KEPT not in kept:
        kept[KEPT] = _find()
    found: Actor | None = kept[KEPT]
    return found


def current_actor() -> Actor:
    """Raises NotSignedIn, or Unfinished until password and second factor are as they must be."""
    actor = actor_or_none()
    if actor is None:
        raise NotSignedIn
    due = still_due(actor)
    if due is not None and request.endpoint not in due.open_to:
        raise due
    return actor


def still_due(actor: Actor) -> Unfinished | None:
    """What this person has to do before anything else; the code before all."""
    if actor.awaits == "code":
        return CodeDue()
    if actor.must_change:
        return MustChangePassword()
    return FactorDue() if actor.awaits == "enrolment" else None


def asked_at() -> datetime:
    """When the person of this request was looked up: near enough where no lock is waited for."""
    current_actor()
    at: datetime = request.environ[ASKED_AT]
    return at


def _find() -> Actor | None:
    """Look the secret up; that it was used is committed at once, whatever the request does."""
    token, cookie = bearer(), request.cookies.get(cookie_name(current_app))
    if token is None and cookie is None:
        return None
    session, address = current_session(), request.remote_addr
    with reading():
        at = clock.now(session)
        request.environ[ASKED_AT] = at
        if token is not None:
            found = accounts.proven_by_token(session, token, at, address)
        else:
            found = accounts.proven_by_session(session, cookie or "", at, address)
        session.commit()
    if found is not None and found.note is not None and request.endpoint not in PASSIVE:
        with reading(False):
            session.execute(found.note)
            session.commit()
    return found.actor if found is not None else None
