"""签收, 冻结, 解冻, 撤销, 载体交回, and checking what no route carries: each on a plain page."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request, url_for

from app import clock
from app.database import current_session
from app.errors import DomainError
from app.seals.certificates import applying, causes, holding, one, queries
from app.web.certificates.blueprint import blueprint
from app.web.current import asked_at, current_actor
from app.web.desk import act_pages, plain_pages

Typed = Mapping[str, Any]
VERBS = {
    "accept": "签收证书",
    "suspend": "冻结证书（挂失）",
    "resume": "解冻证书",
    "revoke": "撤销证书",
    "return": "确认载体交回",
}
DECISIONS = {"review": "审核通过", "grant": "同意签发", "refuse": "不予通过"}


@blueprint.get("/<int:id>/<any(accept, suspend, resume, revoke, return):verb>", endpoint="act")
def show(id: int, verb: str) -> Response:
    return _draw(id, verb)


@blueprint.post("/<int:id>/<any(accept, suspend, resume, revoke, return):verb>")
def carry_out(id: int, verb: str) -> Response:
    def operation() -> str:
        return _OPERATIONS[verb](id)

    to = url_for("certificates.one", id=id)
    return act_pages.carry_out(operation, to, lambda typed, error: _draw(id, verb, typed, error))


@blueprint.get("/applications/<int:id>/<any(review, grant, refuse):decision>", endpoint="decide")
def show_decision(id: int, decision: str) -> Response:
    return _draw_decision(id, decision)


@blueprint.post("/applications/<int:id>/<any(review, grant, refuse):decision>")
def settle(id: int, decision: str) -> Response:
    """Of applications that the rules have opened; others are decided on their route."""

    def operation() -> str:
        session, actor = current_session(), current_actor()
        at, opinion = clock.now(session), request.form.get("opinion", "")
        applying.ensure_off_route(session, id)
        if decision == "review":
            applying.review(session, actor, id, at, opinion)
            return "已审核通过，交证书签发员签发。"
        if decision == "grant":
            applying.grant(session, actor, id, at)
            return "已同意签发，证书服务随即办理。"
        applying.refuse(session, actor, id, at, opinion)
        return "未通过的申请和理由留存备查。"

    to = url_for("certificates.listed")
    return act_pages.carry_out(
        operation, to, lambda typed, error: _draw_decision(id, decision, typed, error)
    )


def _accept(id: int) -> str:
    session = current_session()
    holding.accept(session, current_actor(), id, clock.now(session))
    return "已签收，证书可以使用了。"


def _suspend(id: int) -> str:
    session, reason = current_session(), request.form.get("reason", "")
    holding.suspend(session, current_actor(), id, clock.now(session), reason)
    return "证书已冻结，从现在起不能使用。"


def _resume(id: int) -> str:
    session, reason = current_session(), request.form.get("reason", "")
    holding.resume(session, current_actor(), id, clock.now(session), reason)
    return "证书已解冻，可以继续使用。"


def _revoke(id: int) -> str:
    session, reason = current_session(), request.form.get("reason", "")
    cause = request.form.get("cause", "")
    holding.revoke(session, current_actor(), id, clock.now(session), cause, reason)
    return "证书已撤销，不能恢复。请收回载体。"


def _return(id: int) -> str:
    session, note = current_session(), request.form.get("note", "")
    holding.confirm_return(session, current_actor(), id, clock.now(session), note)
    return "已确认载体交回。"


_OPERATIONS: Mapping[str, Callable[[int], str]] = {
    "accept": _accept,
    "suspend": _suspend,
    "resume": _resume,
    "revoke": _revoke,
    "return": _return,
}


def _draw(
    id: int, verb: str, typed: Typed | None = None, error: DomainError | None = None
) -> Response:
    session = current_session()
    page = one.page(session, current_actor(), id, asked_at())
    session.commit()
    return plain_pages.draw(
        "certificates/act.html",
        f"{page.row.holder}的{page.row.role_words}",
        url_for("certificates.one", id=id),
        "返回证书",
        typed=typed,
        error=error,
        verb=verb,
        act_title=VERBS[verb],
        possible=verb in page.verbs,
        certificate=page,
        causes=list(causes.REVOKE.items()),
        agreement=holding.AGREEMENT,
    )


def _draw_decision(
    id: int, decision: str, typed: Typed | None = None, error: DomainError | None = None
) -> Response:
    session = current_session()
    application = queries.application(session, current_actor(), id)
    session.commit()
    wanted = {"review": ("asked",), "grant": ("reviewed",), "refuse": ("asked", "reviewed")}
    return plain_pages.draw(
        "certificates/decide.html",
        f"{application.holder}：{application.words}",
        url_for("certificates.listed"),
        "返回证书管理",
        typed=typed,
        error=error,
        decision=decision,
        act_title=DECISIONS[decision],
        possible=application.state in wanted[decision] and application.case_id is None,
        application=application,
    )
