"""The blueprint of 工作日历, and the frame that its pages share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app import clock
from app.clock import SHANGHAI
from app.database import current_session
from app.deadlines import rights, years
from app.deadlines.health import missing_years
from app.errors import DomainError, FieldError, Invalid
from app.handling.stays.recomputing import still_to_do
from app.handling.stays.recomputing_timers import timers_to_do
from app.web import refusals
from app.web.current import current_actor

blueprint = Blueprint("office", __name__, url_prefix="/office")


@blueprint.before_request
def _administrators_only() -> None:
    rights.unit_of(current_actor())


@dataclass(frozen=True)
class Tab:
    """One page of 工作日历; ``count`` of what waits there."""

    label: str
    url: str
    count: int
    current: bool


def draw(template: str, *, error: DomainError | None = None, **shown: Any) -> Response:
    """A page with the tabs above it; everything is read before the transaction ends."""
    session, actor = current_session(), current_actor()
    html_of = {
        "tabs": _tabs(),
        "may_edit": rights.may_edit(actor),
        "recomputing": still_to_do(session) + timers_to_do(session),
        "missing": missing_years(session, clock.now(session)),
        "error": error,
        "errors": list(error.errors) if isinstance(error, Invalid) else [],
        **shown,
    }
    session.commit()
    status = refusals.status_of(error) if error else 200
    return make_response(render_template(f"office/{template}", **html_of), status)


def this_year() -> int:
    return clock.now(current_session()).astimezone(SHANGHAI).year


def year_in(text: str | None) -> int | None:
    """A year that the calendar can show; None for anything else."""
    found = int(text) if text and re.fullmatch("[0-9]{4}", text) else None
    return found if found is not None and years.FIRST <= found <= years.LAST else None


def date_in(typed: Mapping[str, str], field: str, errors: list[FieldError]) -> date:
    """The date of a field; what is wrong with it is added to ``errors``."""
    try:
        found = date.fromisoformat(typed.get(field, "").strip())
    except ValueError:
        found = date.min
    if not years.FIRST <= found.year <= years.LAST:
        errors.append(FieldError(field, "请选择日期，例如 2027-03-03。"))
    return found


def _tabs() -> list[Tab]:
    session, actor = current_session(), current_actor()
    found = [("全年日历", "office.calendar", 0)]
    found.append(("放假通知", "office.notice", years.waiting(session)))
    found.append(("时限规则", "office.policy", 0))
    found.append(("发前检查规则", "office.preflight", 0))
    found.append(("附件规则", "office.attachments", 0))
    found.append(("签发用印方式", "office.signing", 0))
    found.append(("审查清单", "office.checklist", 0))
    if rights.may_edit(actor):
        found += [("单日调整", "office.day", 0), ("作息时间", "office.hours", 0)]
    return [
        Tab(label, url_for(endpoint), count, request.path == url_for(endpoint))
        for label, endpoint, count in found
    ]
