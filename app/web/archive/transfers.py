"""移交清单: all of them, and one with both sides, to be printed, withdrawn or decided."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, make_response, request, url_for

from app.database import current_session
from app.errors import DomainError, FieldError, Invalid
from app.handling.filing import sheets, transferring
from app.handling.filing.models import STATES
from app.web import refusals
from app.web.archive.blueprint import blueprint, draw
from app.web.current import current_actor
from app.web.desk import act_pages

Typed = Mapping[str, Any]
MOST = 200
"""Lists that are shown; older ones are found by the items on them."""


@blueprint.get("/transfers", endpoint="transfers")
def listed() -> str:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    found = sheets.briefs(current_session(), current_actor(), state, MOST)
    return draw("transfers.html", rows=found, state=state, states=STATES, most=MOST)


@blueprint.get("/transfers/<int:id>", endpoint="transfer")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/transfers/<int:id>/<any(withdraw, accept, return):verb>", endpoint="decide")
def decide(id: int, verb: str) -> Response:
    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(id, typed, error)

    to = url_for("archive.transfer", id=id)
    return act_pages.carry_out(lambda: VERBS[verb](id), to, again)


def _withdraw(id: int) -> str:
    transferring.withdraw(current_session(), current_actor(), id)
    return "移交清单已撤回，各件回到待移交。"


def _accept(id: int) -> str:
    returned = _returned()
    made = transferring.accept(current_session(), current_actor(), id, returned)
    if made.state == "returned":
        return "清单上的各件都已退回形成部门。"
    said = f"，退回 {len(returned)} 件" if returned else ""
    return f"已接收{said}，档号已编，自此由档案部门负责。"


def _returned() -> dict[int, str]:
    """Ids of items that were ticked, with their reasons: what is unclear must not be accepted."""
    ticked = request.form.getlist("returned")
    if not all(re.fullmatch("[0-9]{1,18}", each, re.ASCII) for each in ticked):
        raise Invalid("勾选的不是这份清单上的档案件，没有接收任何一件，请重新打开清单再办理。")
    reasons = {f"reason-{each}" for each in ticked}
    alone = [
        FieldError(name, "填写了退回原因，但没有勾选退回；请勾选“退回此件”，或者删去原因。")
        for name, typed in request.form.items()
        if name.startswith("reason-") and typed.strip() and name not in reasons
    ]
    if alone:
        raise Invalid.of(alone)
    return {int(each): request.form.get(f"reason-{each}", "") for each in ticked}


def _return(id: int) -> str:
    reason = request.form.get("reason", "")
    transferring.send_back(current_session(), current_actor(), id, reason)
    return "移交清单已整份退回，形成部门能看到原因。"


VERBS: Mapping[str, Callable[[int], str]] = {
    "withdraw": _withdraw,
    "accept": _accept,
    "return": _return,
}


def _draw(id: int, typed: Typed | None = None, error: DomainError | None = None) -> Response:
    page = draw(
        "transfer.html",
        sheet=sheets.sheet(current_session(), current_actor(), id),
        typed=typed or {},
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(page, refusals.status_of(error) if error else 200)
