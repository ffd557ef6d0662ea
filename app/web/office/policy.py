"""时限规则: what is in force for one's own unit and from where, and what it chooses instead."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, request, url_for

from app import clock, organization
from app.database import current_session, reading
from app.deadlines import changes, policies, rights
from app.deadlines.changes import Change
from app.deadlines.policy_keys import KEYS
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.views.forecast import forecast
from app.web import recounting, refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.office.blueprint import blueprint, draw

REFUSED = (Invalid, Conflict, NotAllowed)
Typed = Mapping[str, str]


@blueprint.get("/policy")
def policy() -> Response:
    return _draw()


@blueprint.post("/policy")
def send_policy() -> Response:
    typed = request.form.to_dict()
    try:
        if typed.get("do") != "enter" or typed.get("seen") != _told(typed):
            with reading():
                return _draw(typed, change=_change_of(typed))
        answer = _choose(typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(typed, error=error)
    recounting.begin()
    return answer


@acting
def _choose(typed: Typed) -> Response:
    session, actor = current_session(), current_actor()
    policies.choose(
        session,
        rights.unit_of(actor),
        _texts(typed),
        typed.get("reason", ""),
        actor,
        clock.now(session),
        source=typed.get("source", ""),
    )
    say("时限规则已改，记入审计记录；在办时限随之重新计算。")
    return make_response(redirect(url_for("office.policy"), 303))


def _change_of(typed: Typed) -> Change:
    actor = current_actor()
    unit_id = rights.unit_of(actor)
    rights.editing(actor, unit_id)
    given = (typed.get("reason", ""), typed.get("source", ""))
    return changes.of_policy(unit_id, _texts(typed), *given)


def _texts(typed: Typed) -> dict[str, str]:
    return {name: typed.get(name, "") for name in KEYS}


def _told(typed: Typed) -> str:
    """What decides on the effect of a change, in one line."""
    return "|".join(" ".join(text.split()) for text in _texts(typed).values())


def _draw(
    typed: Typed | None = None, change: Change | None = None, error: DomainError | None = None
) -> Response:
    session, unit_id = current_session(), rights.unit_of(current_actor())
    own = policies.own(session, unit_id)
    shown = own if typed is None else typed
    return draw(
        "policy.html",
        error=error,
        typed=shown,
        told=_told(shown),
        change=change,
        unit=organization.unit(session, unit_id).name,
        values=policies.in_force(session, unit_id),
        inherited=policies.inherited(session, unit_id),
        differences=policies.differences(session, change) if change else (),
        moved=forecast(session, change, clock.now(session)) if change else None,
        choices=policies.history(session, unit_id),
    )
