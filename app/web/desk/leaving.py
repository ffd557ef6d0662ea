"""岗位交接 as pages: the list with its form, and one hand-over with all that moves."""

from collections.abc import Callable

from flask import Response, make_response, redirect, render_template, request, url_for

from app import organization
from app.database import current_session
from app.errors import DomainError, Invalid, NotFound
from app.handling.acts import inventory, leaving
from app.handling.views import handovers, queries
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk.act_pages import REFUSED
from app.web.desk.blueprint import blueprint
from app.web.messages import say


@blueprint.get("/handovers", endpoint="handovers")
def show_list() -> Response:
    return _draw_list()


@blueprint.post("/handovers", endpoint="prepare_handover")
def prepare() -> Response:
    def operation() -> str:
        form = request.form
        made = leaving.prepare(
            current_session(),
            current_actor(),
            form.get("person", ""),
            form.get("successor", ""),
            form.get("reason", ""),
        )
        return url_for("desk.handover", id=made.id)

    try:
        return _act(operation, "岗位交接已提交，待领导监交签字。签字以前账号照常使用。")
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw_list(error)


@blueprint.get("/handovers/<int:id>", endpoint="handover")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/handovers/<int:id>/<any(confirm, drop):decision>", endpoint="decide_handover")
def decide(id: int, decision: str) -> Response:
    decided = {"confirm": leaving.confirm, "drop": leaving.drop}[decision]
    said = {"confirm": "已签字，交接全部办完，账号已停用。", "drop": "岗位交接已撤销。"}[decision]

    def operation() -> str:
        decided(current_session(), current_actor(), id)
        return url_for("desk.handover", id=id)

    try:
        return _act(operation, said)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(id, error)


@blueprint.get("/handovers/<int:id>/<any(confirm, drop):decision>", endpoint="back_to_handover")
def back(id: int, decision: str) -> Response:
    """The address of an act, opened after signing in again or from the history of the browser."""
    return make_response(redirect(url_for("desk.handover", id=id), 303))


@acting
def _act(operation: Callable[[], str], said: str) -> Response:
    target = operation()
    say(said)
    return make_response(redirect(target, 303))


def _draw_list(error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    people = organization.people(session, actor.unit_id)
    others = [each for each in people if each.id != actor.person_id]
    html = render_template(
        "desk/handovers.html",
        endpoint="desk.handovers",
        counts=queries.counts(session, actor),
        found=handovers.listed(session, actor),
        leavers=others if inventory.administers(actor) else None,
        people=people if inventory.administers(actor) else others,
        typed=request.form,
        error=error,
        errors=error.errors if isinstance(error, Invalid) else [],
    )
    session.commit()
    return make_response(html, refusals.status_of(error) if error else 200)


def _draw(id: int, error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    found = handovers.one(session, actor, id)
    if found is None:
        raise NotFound
    waiting = found.state == "prepared"
    html = render_template(
        "desk/handover.html",
        endpoint="desk.handovers",
        counts=queries.counts(session, actor),
        handover=found,
        words_of_items=[each.words for each in inventory.items(session, found.person_id)]
        if waiting
        else found.moved,
        may_confirm=waiting
        and inventory.supervises(actor)
        and actor.login not in (found.person_login, found.successor_login),
        may_drop=waiting and (inventory.administers(actor) or actor.person_id == found.person_id),
        error=error,
    )
    session.commit()
    return make_response(html, refusals.status_of(error) if error else 200)
