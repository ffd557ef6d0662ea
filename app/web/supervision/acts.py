"""立项、反馈、申请延期、审批延期、办结: each on a plain page with only its own fields."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, request, url_for

from app import organization
from app.database import current_session
from app.errors import DomainError, Invalid
from app.handling.supervision import extending, opening, reporting, urging
from app.web import looking
from app.web.consent import yes_or_no
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.supervision.blueprint import blueprint
from app.web.supervision.one import opened

Typed = Mapping[str, Any]


@blueprint.get("/cases/<int:id>/new", endpoint="open")
def show_opening(id: int) -> Response:
    return _draw_opening(id)


@blueprint.post("/cases/<int:id>/new")
def open_one(id: int) -> Response:
    def operation() -> str:
        typed = request.form
        order = opening.Order(
            department=typed.get("department", ""),
            by=_day(typed.get("by", "")),
            requirement=typed.get("requirement", ""),
            reason=typed.get("reason", ""),
        )
        opening.supervise(current_session(), current_actor(), id, order)
        return "已立项督办，责任部门负责人已得到通知，并记入流转记录。"

    to = url_for("desk.case", id=id)
    return act_pages.carry_out(operation, to, lambda typed, error: _draw_opening(id, typed, error))


def _draw_opening(
    id: int, typed: Typed | None = None, error: DomainError | None = None
) -> Response:
    act = looking.case(id)
    departments = organization.departments(act.session, act.case.unit_id)
    possible = opening.may_supervise(act)
    current_session().commit()
    return plain_pages.draw(
        "supervision/open.html",
        act.document.title,
        url_for("desk.case", id=id),
        typed=typed,
        error=error,
        departments=[("", "请选择"), *((each.key, each.name) for each in departments)],
        possible=possible,
    )


def _report(id: int, typed: Typed) -> str:
    reporting.report(current_session(), current_actor(), id, typed.get("text", ""))
    return "已反馈，督办人员能看到。"


def _extend(id: int, typed: Typed) -> str:
    by = _day(typed.get("by", ""))
    extending.ask(current_session(), current_actor(), id, by, typed.get("reason", ""))
    return "已申请延期，审批之前仍按原期限办理。"


def _decide(id: int, typed: Typed) -> str:
    agree, answer = yes_or_no(typed), typed.get("answer", "")
    session, actor, asked = current_session(), current_actor(), act_pages.number("asked")
    extending.decide(session, actor, id, asked, agree=agree, answer=answer)
    return "已同意延期，办理期限和催办已改。" if agree else "已答复不同意，办理期限不变。"


def _urge(id: int, typed: Typed) -> str:
    urging.urge(current_session(), current_actor(), id, typed.get("reason", ""))
    return "已催办，责任部门负责人已得到提醒，并记入流转记录。"


def _close(id: int, typed: Typed) -> str:
    reporting.close(current_session(), current_actor(), id, typed.get("result", ""))
    return "已办结此督办件。"


ACTS: Mapping[str, Callable[[int, Typed], str]] = {
    "report": _report,
    "extend": _extend,
    "decide": _decide,
    "urge": _urge,
    "close": _close,
}


@blueprint.get("/<int:id>/<any(report, extend, decide, urge, close):verb>", endpoint="act")
def show(id: int, verb: str) -> Response:
    return _draw(id, verb)


@blueprint.post("/<int:id>/<any(report, extend, decide, urge, close):verb>")
def act_on(id: int, verb: str) -> Response:
    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(id, verb, typed, error)

    def operation() -> str:
        return ACTS[verb](id, request.form)

    return act_pages.carry_out(operation, url_for("supervision.one", id=id), again)


def _draw(
    id: int, verb: str, typed: Typed | None = None, error: DomainError | None = None
) -> Response:
    sheet = opened(id)
    current_session().commit()
    may = {
        "report": sheet.may_answer,
        "extend": sheet.may_answer,
        "urge": sheet.may_supervise and not sheet.may_answer,
    }
    return plain_pages.draw(
        "supervision/act.html",
        sheet.title,
        url_for("supervision.one", id=id),
        "返回督办件",
        typed=typed,
        error=error,
        verb=verb,
        sheet=sheet,
        possible=sheet.open
        and may.get(verb, sheet.may_judge)
        and (verb != "decide" or sheet.asked is not None)
        and (verb in ("report", "close") or not sheet.paused),
    )


def _day(text: str) -> date:
    """As a date field sends it. Raises Invalid at ``by``."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
    raise Invalid.at("by", "请选择办理期限，写成 2026-12-01 的样子。")
