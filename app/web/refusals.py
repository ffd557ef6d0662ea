"""Refusals become answers, in one place: the four kinds of error, and what the server stops."""

import errno
import logging
import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app import audit, clock, rules
from app.database import current_session, reading
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling import afterwards
from app.rules import Rule
from app.web.addresses import showable
from app.web.current import KEPT, NotSignedIn, Unfinished, actor_or_none
from app.web.frame import here

log = logging.getLogger("gongwen.web")

STATUS = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    Unfinished: HTTPStatus.FORBIDDEN,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}
SPECIAL = {
    "attachment_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "attachment_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "too_many_signatures": HTTPStatus.TOO_MANY_REQUESTS,
    "signer_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "scanner_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
RECORDED = {
    *("classified_refused", "bad_diagram", "cannot_start"),
    *("attachment_type", "attachment_too_large", "attachment_active"),
    "attachment_infected",
}
"""Codes that leave an entry in the record besides missing rights (S1)."""

SENTENCES = {
    400: ("请求不完整", "请求的格式不对或已过期，请刷新页面后重试。"),
    404: ("没有找到", "没有这个公文或事项，或者您无权查看。"),
    405: ("不能这样操作", "这个地址不支持该操作，请从页面上的按钮进入。"),
    413: ("内容过大", "提交的内容过大，请精简正文或压缩附件后再提交。"),
    415: ("类型不支持", "不支持这种内容类型，接口请用 application/json 提交。"),
    429: ("操作过于频繁", "操作过于频繁，请稍后再试。"),
}
BUSY = {"55P03", "57014", "40001", "40P01"}
"""PostgreSQL: lock not granted in time, statement cancelled, serialization failure, deadlock.

Nothing has happened, and sending again is safe.
"""


FULL_ERRNO = {errno.ENOSPC, errno.EDQUOT}
FULL_STATE = "53100"
"""PostgreSQL: disk full."""


TITLES = {
    "no_preview": "不能预览",
    "signer_unavailable": "签名服务不可用",
    "scanner_unavailable": "病毒扫描不可用",
}

"""Of refusals for which the title of their status says too much."""


def register(app: Flask) -> None:
    app.register_error_handler(DomainError, refuse)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SecurityError, _forged_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(OSError, _files)
    app.register_error_handler(Exception, _fault)


def wants_json() -> bool:
    return request.path.startswith("/api/")


def status_of(error: DomainError) -> int:
    if error.code in SPECIAL:
        return SPECIAL[error.code]
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)


def refuse(error: DomainError) -> ResponseReturnValue:
    """Undo, note the refusal where it matters, and answer with the sentence."""
    undo_and_note(error)
    status = status_of(error)
    if isinstance(error, NotSignedIn) and not wants_json():
        return redirect(url_for("signin.form", next=here()), 303)
    if isinstance(error, Unfinished) and not wants_json():
        return redirect(url_for(error.page), 303)
    fields = error.errors if isinstance(error, Invalid) else []
    title = title_of(status, error.code)
    return answer(status, title, error.message, error.code, fields, rules.carried_out_by(error))


def answer(
    status: int,
    title: str,
    detail: str,
    code: str,
    fields: list[Any] | None = None,
    clauses: Sequence[Rule] = (),
) -> Response:
    """RFC 9457 for programs, a page for people; the same sentence in both."""
    if wants_json():
        problem: dict[str, Any] = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "code": code,
        }
        if fields:
            problem["errors"] = [{"field": each.field, "message": each.message} for each in fields]
        response = jsonify(problem)
        response.status_code = status
        response.content_type = "application/problem+json"
    else:
        said = {"title": title, "detail": detail, "fields": fields or [], "clauses": clauses}
        page = render_template("refusal.html", **said)
        response = make_response(page, status)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        response.headers["Retry-After"] = "5"
    return response


def title_of(status: int, code: str = "") -> str:
    if code in TITLES:
        return TITLES[code]
    return {
        400: "请求不完整",
        401: "尚未登录",
        403: "无权办理",
        404: "没有找到",
        409: "此件有变动",
        413: "附件过大",
        415: "附件类型不符",
        422: "内容需要修改",
        429: "操作过于频繁",
    }.get(status, HTTPStatus(status).phrase)


def undo_and_note(error: DomainError) -> None:
    """Nothing changes; missing rights and hostile input leave one entry, a slip leaves none.

    So does asking for what is hidden (B8): the answer is that of what is absent.
    """
    current_session().rollback()
    if isinstance(error, afterwards.LEAVING):
        _leave(error)
    hidden = isinstance(error, NotFound) and error.hidden
    if not hidden and not isinstance(error, NotAllowed) and error.code not in RECORDED:
        return
    actor = actor_or_none()
    if actor is None:
        return
    with reading(False):
        audit.record(
            current_session(),
            "request.refused",
            actor.signature(),
            at=clock.now(current_session()),
            outcome="refused",
            reason=error.message,
            detail={
                "method": request.method,
                "path": showable(request.path),
                "code": "hidden" if hidden else error.code,
            },
        )
        current_session().commit()


def _leave(error: DomainError) -> None:
    """A fault of the route becomes an incident, whichever door the act came through."""
    session = current_session()
    with reading(False):
        afterwards.leave(session, error, clock.now(session))
        session.commit()


def _csrf(_: CSRFError) -> ResponseReturnValue:
    current_session().rollback()
    return answer(400, "页面已过期", "页面已过期或来源不明，请刷新页面后重新提交。", "csrf")


def _forged_host(_: SecurityError) -> ResponseReturnValue:
    """No page: without a host of ours not even an address can be drawn."""
    return Response("没有这个网站，请检查地址。", 400, mimetype="text/plain")


def _http(error: HTTPException) -> ResponseReturnValue:
    current_session().rollback()
    status = error.code or 500
    if status < 400:
        return error.get_response()
    title, detail = SENTENCES.get(status, (error.name, "请求没有办成，请重试。"))
    return answer(status, title, detail, f"http_{status}")


def _overtaken(_: StaleDataError) -> ResponseReturnValue:
    """Somebody wrote between the reading and the writing of a request that takes no lock."""
    return refuse(Conflict("此件刚由他人办理，您的操作没有生效，请刷新页面后重试。"))


def _database(error: DBAPIError) -> ResponseReturnValue:
    current_session().rollback()
    request.environ.setdefault(KEPT, None)
    busy = getattr(error.orig, "sqlstate", None) in BUSY or "database is locked" in str(error.orig)
    if busy or error.connection_invalidated:
        return answer(503, "系统繁忙", "系统正忙，您的操作没有生效，请稍后重试。", "busy")
    if getattr(error.orig, "sqlstate", None) == FULL_STATE or "disk is full" in str(error.orig):
        return _full(error)
    return _fault(error)


def _files(error: OSError) -> ResponseReturnValue:
    return _full(error) if error.errno in FULL_ERRNO else _fault(error)


def _full(error: Exception) -> ResponseReturnValue:
    """No space is left on a disk; what was asked for did not happen (reliability, R10)."""
    current_session().rollback()
    request.environ.setdefault(KEPT, None)
    log.error("no space left at %s %s", request.method, request.path, exc_info=error)
    detail = "服务器存储空间已满，您的操作没有生效。请联系系统管理员清理空间，之后再试。"
    return answer(507, "存储空间已满", detail, "no_space")


def _fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours: nothing was changed; the number leads the operator to the log."""
    current_session().rollback()
    request.environ.setdefault(KEPT, None)  # the page of a fault asks the database nothing
    number = uuid.uuid4().hex[:8]
    log.error("fault %s at %s %s", number, request.method, request.path, exc_info=error)
    detail = f"系统出错，您的操作没有生效。请重试；仍不行时请把编号 {number} 告诉系统管理员。"
    return answer(500, "系统出错", detail, "fault")
