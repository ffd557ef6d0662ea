"""跳转、改派、暂停、恢复: a page each to propose it; another administrator confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from app import organization
from app.database import current_session
from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed, NotFound
from app.handling import administering, impartiality
from app.handling.act import Act
from app.handling.acts import intervening, moving
from app.handling.acts.intervening import Proposal
from app.handling.models import Task
from app.handling.views import trace
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.messages import say
from app.web.process.blueprint import blueprint, draw

REFUSED = (Invalid, Conflict, NotAllowed)
ABOUT_A_STAY = ("move", "reassign")


@dataclass(frozen=True)
class ActPage:
    """One drawing of the form.

    possible  the case is still as the form needs it, and the actor may propose for it
    barred    why he may not
    """

    kind: str
    label: str
    case_id: int
    title: str
    typed: Mapping[str, str]
    possible: bool
    barred: str | None
    stay: trace.Stop | None
    error: DomainError | None
    errors: list[FieldError]


@blueprint.get("/cases/<int:id>/<any(move, reassign, suspend, resume):kind>")
def propose(id: int, kind: str) -> Response:
    return _draw(id, kind, request.args.to_dict())


@blueprint.post("/cases/<int:id>/<any(move, reassign, suspend, resume):kind>")
def send(id: int, kind: str) -> Response:
    typed = request.form.to_dict()
    try:
        return _send(id, kind, typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(id, kind, typed, error)


@acting
def _send(id: int, kind: str, typed: Mapping[str, str]) -> Response:
    form = Proposal(
        kind,
        reason=typed.get("reason", ""),
        clause=typed.get("clause", ""),
        task_id=_number(typed.get("task", "")),
        to=typed.get("to") or None,
    )
    intervening.propose(current_session(), current_actor(), id, form)
    say("已提请，等另一位流程管理员确认后执行。此件暂不变动。")
    return make_response(redirect(url_for("process.case", id=id), 303))


def _draw(
    id: int, kind: str, typed: Mapping[str, str], error: DomainError | None = None
) -> Response:
    act = administering.look(current_session(), current_actor(), id)
    stops = trace.stops(act)
    stay = next((each for each in stops if each.id == _number(typed.get("task", ""))), None)
    if kind in ABOUT_A_STAY and stay is None:
        raise NotFound
    barred = impartiality.why_not(act)
    page = ActPage(
        kind=kind,
        label=intervening.KINDS[kind],
        case_id=id,
        title=act.document.title,
        typed=typed,
        possible=barred is None and _is_possible(act, kind, stay),
        barred=barred,
        stay=stay,
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    status = refusals.status_of(error) if error else 200
    return make_response(draw("propose.html", page=page, **_offered(act, page)), status)


def _is_possible(act: Act, kind: str, stay: trace.Stop | None) -> bool:
    if act.case.state != ("suspended" if kind == "resume" else "running"):
        return False
    return kind not in ABOUT_A_STAY or (stay is not None and stay.open)


def _offered(act: Act, page: ActPage) -> dict[str, Any]:
    """What there is to choose from: steps, or people."""
    if not page.possible or page.stay is None:
        return {}
    if page.kind == "reassign":
        return {"people": organization.people(act.session, act.case.unit_id)}
    act.task = act.session.get_one(Task, page.stay.id)
    return {"targets": moving.targets(act)}


def _number(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else None
