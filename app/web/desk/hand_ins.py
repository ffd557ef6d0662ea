"""纸质送审: the office takes in a paper that came beside its electronic document (DRF-19)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.hand_ins import registering
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import plain_pages
from app.web.desk.act_pages import REFUSED
from app.web.desk.blueprint import blueprint
from app.web.messages import say


@blueprint.get("/hand-ins/new", endpoint="hand_in")
def show() -> Response:
    registering.ensure_takes_in(current_actor())
    return _draw()


@blueprint.post("/hand-ins/new")
def register_hand_in() -> Response:
    typed = request.form.to_dict()
    try:
        return _register(typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        registering.ensure_takes_in(current_actor())
        return _draw(typed, error)


@acting
def _register(typed: Mapping[str, Any]) -> Response:
    number, remark = typed.get(registering.FIELD, ""), typed.get("remark", "")
    paper = registering.register(current_session(), current_actor(), number, remark)
    say("纸质件已登记，此件按电子流程办理。")
    return make_response(redirect(url_for("desk.case", id=paper.case_id, tab="sheet"), 303))


def _draw(typed: Mapping[str, Any] | None = None, error: DomainError | None = None) -> Response:
    return plain_pages.draw(
        "desk/hand_in.html", "", url_for("desk.todo"), "返回我的公文", typed=typed, error=error
    )
