"""外出与委托: where one is, who acts meanwhile, and for whom one acts oneself."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for

from app import clock, organization
from app.clock import SHANGHAI
from app.database import current_session
from app.documents.kinds import KINDS
from app.errors import DomainError, FieldError, Invalid
from app.handling.acts import delegating, going_away
from app.handling.views import queries
from app.messages.channels import in_use
from app.organization import absences, periods, standing
from app.organization.delegations import Wanted
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk.act_pages import REFUSED
from app.web.desk.blueprint import blueprint
from app.web.messages import say

ALL = "all"
ANOTHER_NAME = {"scope": "matter", "scope_value": "matter"}
ANOTHER_NAME_AWAY = {"since": "away_since", "until": "away_until"}
"""What fields of the operations are called on the page, which has two forms."""


@blueprint.get("/standing-in")
def standing_in() -> Response:
    return _draw()


@blueprint.post("/standing-in/absences")
def set_absence() -> Response:
    def operation() -> str:
        since, until = _period("away_since", "away_until", "外出")
        session = current_session()
        going_away.go_away(
            session,
            current_actor(),
            clock.now(session),
            since=since,
            until=until,
            words=request.form.get("words", ""),
            travelling=request.form.get("travelling") == "on",
        )
        return "外出已登记，他人送您公文时会看到。"

    return _submit(operation, ANOTHER_NAME_AWAY)


@blueprint.post("/standing-in/absences/<int:id>/end")
def end_absence(id: int) -> Response:
    def operation() -> str:
        session = current_session()
        absences.end_absence(session, current_actor(), clock.now(session), id)
        return "外出登记已结束。"

    return _submit(operation, {})


@blueprint.post("/standing-in/delegations")
def delegate() -> Response:
    def operation() -> str:
        since, until = _period("since", "until", "委托")
        scope, _, value = request.form.get("matter", ALL).partition(":")
        wanted = Wanted(
            agent=request.form.get("agent", ""),
            since=since,
            until=until,
            scope=scope,
            scope_value=value or None,
            with_inbox=request.form.get("with_inbox") == "on",
            reason=request.form.get("reason", ""),
        )
        given = delegating.delegate(current_session(), current_actor(), wanted)
        name = organization.person_by_login(current_session(), wanted.agent).name
        begins = "即时" if given.since == given.at else f"{periods.moment(given.since)}起"
        return f"已委托{name}代办，{begins}生效，期满自动收回。"

    return _submit(operation, ANOTHER_NAME)


@blueprint.post("/standing-in/delegations/<int:id>/end")
def end_delegation(id: int) -> Response:
    def operation() -> str:
        delegating.end(current_session(), current_actor(), id)
        return "委托已结束，代办人手上的公文已收回。"

    return _submit(operation, {})


@blueprint.get("/standing-in/<path:rest>")
def back_to_standing_in(rest: str) -> Response:
    """The address of an act, opened after signing in again or from the history of the browser."""
    return make_response(redirect(url_for("desk.standing_in"), 303))


def _submit(operation: Callable[[], str], names: Mapping[str, str]) -> Response:
    try:
        return _act(operation)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(error, names)


@acting
def _act(operation: Callable[[], str]) -> Response:
    say(operation())
    return make_response(redirect(url_for("desk.standing_in"), 303))


def _draw(error: DomainError | None = None, names: Mapping[str, str] | None = None) -> Response:
    session, actor = current_session(), current_actor()
    at = clock.now(session)
    found = error.errors if isinstance(error, Invalid) else []
    errors = [FieldError((names or {}).get(each.field, each.field), each.message) for each in found]
    html = render_template(
        "desk/standing_in.html",
        endpoint="desk.standing_in",
        counts=queries.counts(session, actor),
        at=at,
        absences=absences.own(session, actor.person_id, at),
        given=standing.given(session, actor.person_id),
        sms=in_use().open.get("sms") is not None,
        received=standing.received(session, actor.person_id),
        people=[
            each
            for each in organization.people(session, actor.unit_id)
            if each.id != actor.person_id
        ],
        matters=_matters(),
        typed=request.form,
        error=error,
        errors=errors,
        today=at.astimezone(SHANGHAI).date().isoformat(),
    )
    session.commit()
    return make_response(html, refusals.status_of(error) if error else 200)


def _matters() -> list[tuple[str, str]]:
    """What can be delegated, as the choice of the form has it, and in words."""
    processes = delegating.processes(current_session())
    return [
        (ALL, "全部公文"),
        *((f"process:{key}", f"流程：{name}") for key, name in processes),
        *((f"kind:{name}", f"文种：{name}") for name in KINDS),
    ]


def _period(first: str, last: str, what: str) -> tuple[datetime, datetime]:
    """From the first moment of one day to the last one of another, by the office's own clock."""
    days: list[date] = []
    errors = []
    for name, label in ((first, "开始日期"), (last, "结束日期")):
        try:
            days.append(date.fromisoformat(request.form.get(name, "").strip()))
        except ValueError:
            errors.append(FieldError(name, f"请填写{what}的{label}。"))
    if errors:
        raise Invalid(errors[0].message, errors)
    begins, ends = (datetime.combine(day, time.min, SHANGHAI) for day in _sane(days, last))
    return begins, ends + timedelta(days=1)


def _sane(days: list[date], field: str) -> list[date]:
    """Years in which an office thinks; beyond them a calendar has no next day."""
    if any(not 2000 <= day.year <= 2999 for day in days):
        raise Invalid.at(field, "日期不对，请重新填写。")
    return days
