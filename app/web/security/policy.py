"""双因素规则: whom one's own unit asks for a second factor."""

from flask import Response, make_response, redirect, request, url_for

from app import clock, organization
from app.database import current_session
from app.errors import DomainError
from app.organization import certificates
from app.organization.factors import policies
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.security.blueprint import REFUSED, blueprint, draw


@blueprint.get("/policy")
def policy() -> Response:
    return _draw()


@blueprint.post("/policy")
def send_policy() -> Response:
    try:
        return _choose()
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(error)


@acting
def _choose() -> Response:
    session, actor, typed = current_session(), current_actor(), request.form
    policies.choose(
        session,
        actor.unit_id,
        typed.get("whom", ""),
        typed.getlist("roles"),
        typed.get("reason", ""),
        actor,
        clock.now(session),
        source=typed.get("source", ""),
        way=typed.get("way", policies.CODE),
    )
    say("双因素规则已改，记入审计记录，从下一次登录起生效。")
    return make_response(redirect(url_for("security.policy"), 303))


def _draw(error: DomainError | None = None) -> Response:
    session, unit_id = current_session(), current_actor().unit_id
    own = policies.own(session, unit_id)
    typed = request.form
    return draw(
        "policy.html",
        error=error,
        unit=organization.unit(session, unit_id).name,
        now=policies.in_force(session, unit_id),
        above=policies.in_force(session, unit_id, inherited=True),
        whom=typed.get("whom", "") if error else own.get("whom", policies.OFF),
        chosen=typed.getlist("roles") if error else own.get("roles", "").split(),
        typed={key: typed.get(key, "") if error else "" for key in ("reason", "source")},
        way=typed.get("way", "") if error else own.get("way", policies.CODE),
        choices_of_whom=policies.WHOM,
        ways=policies.WAYS,
        certificates=certificates.are_taken(),
        labels=organization.role_labels(session),
        choices=policies.history(session, unit_id),
    )
