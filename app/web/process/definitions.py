"""流程: which versions hold where, what differs between them, and putting one in force by two."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, make_response, request, url_for

from app import clock
from app.database import current_session
from app.errors import DomainError, Invalid
from app.handling import administering, routes
from app.handling.views import definitions, deliveries, places
from app.handling.views.definitions import VersionLine
from app.handling.whatif.saved import Run
from app.web import refusals
from app.web.acts import first_answer
from app.web.consent import yes_or_no
from app.web.current import current_actor
from app.web.desk import act_pages
from app.web.process.blueprint import blueprint, draw
from app.web.process.trying import tests_of_term
from app.workflow.differing.comparing import LABELS

Typed = Mapping[str, Any]


@blueprint.get("/definitions", endpoint="definitions")
def show_all() -> str:
    session, actor = current_session(), current_actor()
    return draw(
        "definitions.html",
        rows=definitions.processes(session, actor),
        drafts=definitions.draft_lines(session, actor),
    )


@blueprint.get("/definitions/<process_id>", endpoint="definition")
def show_process(process_id: str) -> str:
    session, actor = current_session(), current_actor()
    found = definitions.versions(session, actor, process_id)
    return draw(
        "definition.html",
        process_id=process_id,
        versions=found,
        update=deliveries.update(session, found),
        labels=LABELS,
        places=places.of_process(session, actor, process_id),
        drafts=definitions.draft_lines(session, actor, process_id),
    )


@blueprint.get("/versions/<sha256>", endpoint="version")
def show_version(sha256: str) -> Response:
    return _draw(sha256)


@blueprint.post("/versions/<sha256>/terms", endpoint="propose_version")
def propose(sha256: str) -> Response:
    def operation() -> str:
        session, form = current_session(), request.form
        routes.propose(
            session,
            current_actor(),
            sha256,
            form.get("reason", ""),
            clock.now(session),
            unit_id=administering.unit_of(session, form.get("unit", "")),
            in_force_from=day_of(form.get("in_force_from", "")),
        )
        return "已提请，等另一位流程管理员启用。"

    return _carry_out(operation, sha256, "propose")


@blueprint.post("/versions/<sha256>/terms/<int:id>", endpoint="decide_term")
def decide(sha256: str, id: int) -> Response:
    if (again := first_answer()) is not None:
        return again
    tests = tests_of_term(id) if request.form.get("agree") == "yes" else None

    return _carry_out(lambda: decided(id, tests), sha256, f"term{id}")


def decided(term_id: int, tests: Run | None) -> str:
    """Agree to what was proposed, or not, as the form says; what became of it, in a sentence."""
    session, agree = current_session(), yes_or_no(request.form)
    term = routes.decide(
        session,
        current_actor(),
        term_id,
        clock.now(session),
        agree=agree,
        answer=request.form.get("answer", ""),
        tests=tests,
    )
    if not agree:
        return "已退回，没有启用。"
    if term.state == "scheduled":
        return f"已同意，{term.in_force_from} 起启用。"
    if term.follows:
        return "已改为跟随上级：新件用上级的版本，在办的件不受影响。"
    return "已启用：新件用这一版，在办的件不受影响。"


@blueprint.get("/versions/<sha256>/terms")
@blueprint.get("/versions/<sha256>/terms/<int:id>")
def back_to_version(sha256: str, id: int = 0) -> Response:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return _draw(sha256)


def _carry_out(operation: Any, sha256: str, refused: str) -> Response:
    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(sha256, typed, error, refused)

    return act_pages.carry_out(operation, url_for("process.version", sha256=sha256), again)


def _draw(
    sha256: str, typed: Typed | None = None, error: DomainError | None = None, refused: str = ""
) -> Response:
    """``refused``: which of the forms on the page it was."""
    session, actor = current_session(), current_actor()
    here = definitions.version(session, actor, sha256)
    ident = definitions.process_of(session, sha256)
    others = [each for each in definitions.versions(session, actor, ident) if each.sha256 != sha256]
    against = _against(others, here)
    new = definitions.files_of(session, sha256)
    old = definitions.files_of(session, against.sha256) if against else {}
    html = draw(
        "version.html",
        process_id=ident,
        this=here,
        others=others,
        against=against,
        found=definitions.differences(session, old, new) if against else None,
        lost=definitions.lost_clauses(old, new) if against else {},
        clauses=definitions.clauses(new),
        labels=LABELS,
        names=definitions.labels(new),
        units=administering.unit_choices(current_session(), current_actor()),
        typed=typed or {},
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
        refused=refused,
    )
    return make_response(html, refusals.status_of(error) if error else 200)


def _against(others: list[VersionLine], here: VersionLine) -> VersionLine | None:
    """The version that was asked for, else the one in force, else the one before."""
    wanted = request.args.get("against", "")
    in_force = (each for each in others if each.state == "in_force")
    before = (each for each in others if each.version < here.version)
    asked = (each for each in others if each.sha256 == wanted)
    return next(asked, None) or next(in_force, None) or next(before, None)


def day_of(text: str) -> date | None:
    """A day as a date field sends it; None for none. Raises Invalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid.at("in_force_from", "启用日期应写成 2026-12-01 这样的形式。") from None
