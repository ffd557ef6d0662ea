"""加签 and 减签: a page for who signs, and on the case page the list of a running signing."""

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import organization
from app.database import current_session
from app.handling.act import Act, look_at_task
from app.handling.acts.adding_signers import LABELS, add_signers
from app.handling.acts.removing_signers import remove_signer
from app.handling.views import signers
from app.web import refusals, words
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import act_pages, cases, task_page
from app.web.desk.blueprint import blueprint
from app.web.messages import say

PAGE = "desk/signers.html"
SAID = {
    "before": "已请{}先会签，签完后此件回到您的待办。",
    "after": "已请{}在您之后会签，您提交意见后送达。",
    "parallel": "已请{}与您同时会签。",
}


@blueprint.get("/tasks/<int:id>/signers", endpoint="signers")
def show(id: int) -> Response:
    return act_pages.draw(id, PAGE, _shown)


@blueprint.post("/tasks/<int:id>/signers")
def add(id: int) -> Response:
    logins = [each for each in request.form.getlist("logins") if each]
    position = request.form.get("position", "")

    def operation() -> str:
        session, reason = current_session(), request.form.get("reason", "")
        seen = act_pages.revision()
        add_signers(session, current_actor(), id, logins, position, reason, revision=seen)
        names = [organization.person_by_login(session, each).name for each in logins]
        return SAID[position].format(words.people(names))

    home = url_for("desk.todo") if position == "before" else url_for("desk.task", id=id)
    return act_pages.submit(id, PAGE, _shown, operation, home)


@blueprint.post("/tasks/<int:id>/signers/remove")
def remove_signer_at(id: int) -> Response:
    """From the list of signers, which also stands on the case page: there a refusal is told."""
    login, reason = request.form.get("login", ""), request.form.get("reason", "")
    try:
        return _remove(id, login, reason)
    except act_pages.REFUSED as error:
        refusals.undo_and_note(error)
        case_id = look_at_task(current_session(), current_actor(), id).case.id
        return cases.draw(case_id, removal=cases.Removal(id, login, reason, error))


@acting
def _remove(id: int, login: str, reason: str) -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    case = remove_signer(session, actor, id, login, reason).case
    name = organization.person_by_login(session, login).name
    say(f"已减签，不再请{name}会签。")
    return redirect(url_for("desk.case", id=case.id), 303)


@blueprint.get("/tasks/<int:id>/signers/remove")
def back_to_list(id: int) -> ResponseReturnValue:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return redirect(url_for("desk.task", id=id), 303)


def _shown(act: Act) -> Mapping[str, Any]:
    signing = signers.at_task(act)
    there = {each.login for each in signing.lines} if signing else set()
    people = organization.people(act.session, act.case.unit_id)
    offered = [
        (each.login, f"{each.name}（{each.department}）" if each.department else each.name)
        for each in people
        if each.id != act.actor.person_id and each.login not in there
    ]
    return {
        "offered": offered,
        "signing": signing,
        "removal": None,
        "labels": LABELS,
        "places": task_page.places,
    }
