"""A process in one unit: its own version or the one above, and going back to following."""

from collections.abc import Callable

from flask import Response, make_response, request, url_for

from app import clock, organization
from app.database import current_session
from app.errors import DomainError, Invalid
from app.handling import following
from app.handling.views import definitions, places
from app.web import refusals
from app.web.acts import first_answer
from app.web.current import current_actor
from app.web.desk import act_pages
from app.web.process.blueprint import blueprint, draw
from app.web.process.definitions import Typed, day_of, decided
from app.web.process.trying import tests_of_term
from app.workflow.differing.comparing import LABELS

PLACE = "/definitions/<process_id>/units/<unit>"


@blueprint.get(PLACE, endpoint="place")
def show(process_id: str, unit: str) -> Response:
    return _draw(process_id, unit)


@blueprint.post(f"{PLACE}/following", endpoint="follow")
def follow(process_id: str, unit: str) -> Response:
    def operation() -> str:
        session, form = current_session(), request.form
        following.propose(
            session,
            current_actor(),
            process_id,
            organization.unit_by_key(session, unit).id,
            form.get("reason", ""),
            clock.now(session),
            in_force_from=day_of(form.get("in_force_from", "")),
        )
        return "已提请，等另一位流程管理员同意。同意以前仍用本单位的版本。"

    return _carry_out(operation, process_id, unit, "follow")


@blueprint.post(f"{PLACE}/terms/<int:id>", endpoint="decide_following")
def decide(process_id: str, unit: str, id: int) -> Response:
    if (again := first_answer()) is not None:
        return again
    tests = tests_of_term(id) if request.form.get("agree") == "yes" else None
    return _carry_out(lambda: decided(id, tests), process_id, unit, f"term{id}")


@blueprint.get(f"{PLACE}/following")
@blueprint.get(f"{PLACE}/terms/<int:id>")
def back_to_place(process_id: str, unit: str, id: int = 0) -> Response:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return _draw(process_id, unit)


def _carry_out(operation: Callable[[], str], process_id: str, unit: str, refused: str) -> Response:
    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(process_id, unit, typed, error, refused)

    here = url_for("process.place", process_id=process_id, unit=unit)
    return act_pages.carry_out(operation, here, again)


def _draw(
    process_id: str,
    unit: str,
    typed: Typed | None = None,
    error: DomainError | None = None,
    refused: str = "",
) -> Response:
    session, actor = current_session(), current_actor()
    place = places.one(session, actor, process_id, unit)
    old = definitions.files_of(session, place.own.sha256) if place.own else {}
    new = definitions.files_of(session, place.above.sha256) if place.above else {}
    both = place.own is not None and place.above is not None
    html = draw(
        "place.html",
        process_id=process_id,
        name=definitions.versions(session, actor, process_id)[0].name,
        place=place,
        found=definitions.differences(session, old, new) if both else None,
        lost=definitions.lost_clauses(old, new) if both else {},
        stops=places.stops(session, process_id, place),
        labels=LABELS,
        typed=typed or {},
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
        refused=refused,
    )
    return make_response(html, refusals.status_of(error) if error else 200)
