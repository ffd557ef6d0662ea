"""迁移: plans to move cases to the version in force; proposed, confirmed, taken back, undone."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, make_response, redirect, request, url_for

from app import clock
from app.database import current_session
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.migrating import deciding, planning, rehearsing, rows, targets
from app.handling.migrating.planning import MOST, Plan
from app.web import carrying_out, refusals
from app.web.acts import acting
from app.web.consent import yes_or_no
from app.web.current import current_actor
from app.web.messages import say
from app.web.process.blueprint import blueprint, draw
from app.web.process.rehearsals import draw_rehearsal

REFUSED = (Invalid, Conflict, NotAllowed)


@blueprint.get("/migrations/", endpoint="migrations")
def show_plans() -> str:
    return draw("migrations.html", rows=rows.plans(current_session(), current_actor()))


@blueprint.get("/migrations/<int:id>", endpoint="migration")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/rehearsals/<string:sha256>")
def propose_migration(sha256: str) -> Response:
    try:
        return _propose(sha256)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return draw_rehearsal(sha256, error)


@blueprint.post("/migrations/<int:id>/decision")
def decide_migration(id: int) -> Response:
    return _followed(_tried(id, _decide))


@blueprint.post("/migrations/<int:id>/withdrawal")
def withdraw_migration(id: int) -> Response:
    return _tried(id, _withdraw)


@blueprint.post("/migrations/<int:id>/undoing")
def undo_migration(id: int) -> Response:
    return _followed(_tried(id, _undo))


@blueprint.get("/migrations/<int:id>/<any(decision, withdrawal, undoing):act>")
def back_to_migration(id: int, act: str) -> Response:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return make_response(redirect(url_for("process.migration", id=id), 303))


def _tried(id: int, view: Callable[[int], Response]) -> Response:
    try:
        return view(id)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(id, error)


def _followed(answer: Response) -> Response:
    """The cases, once the decision stands."""
    if answer.status_code == HTTPStatus.SEE_OTHER:
        carrying_out.begin()
    return answer


@acting
def _propose(sha256: str) -> Response:
    form = request.form
    plan = Plan(
        sha256,
        _all_movable(sha256) if form.get("which") == "all" else _chosen(),
        form.get("reason", ""),
        form.get("clause", ""),
        form.get("with_limits") == "yes",
    )
    found = planning.propose(current_session(), current_actor(), plan)
    say("已提请迁移，等另一位流程管理员确认后执行。在办件暂不变动。")
    for each in found.left_out:
        say(f"没有列入《{each.title}》：{each.why}")
    return make_response(redirect(url_for("process.migration", id=found.migration.id), 303))


@acting
def _decide(id: int) -> Response:
    agree = yes_or_no(request.form)
    answer = request.form.get("answer", "")
    deciding.decide(current_session(), current_actor(), id, agree=agree, answer=answer)
    say(
        "已确认，逐件迁移，每件的结果见下表，并记入流转记录。"
        if agree
        else "已答复不同意，在办件没有变动。"
    )
    return make_response(redirect(url_for("process.migration", id=id), 303))


@acting
def _withdraw(id: int) -> Response:
    deciding.withdraw(current_session(), current_actor(), id)
    say("已撤回方案，在办件没有变动。")
    return make_response(redirect(url_for("process.migration", id=id), 303))


@acting
def _undo(id: int) -> Response:
    deciding.undo(current_session(), current_actor(), id, request.form.get("reason", ""))
    say("已撤销，逐件恢复迁移后没有办理过的件，每件的结果见下表。")
    return make_response(redirect(url_for("process.migration", id=id), 303))


def _chosen() -> list[int]:
    found = request.form.getlist("cases")
    return [int(each) for each in found if each.isascii() and each.isdigit() and len(each) < 18]


def _all_movable(sha256: str) -> list[int]:
    """As many as a plan takes, the oldest ones first; the rest is for the next plan."""
    session, actor = current_session(), current_actor()
    new = targets.target(session, sha256)
    return list(rehearsing.movable(session, actor, new, clock.now(session), MOST))


def _draw(id: int, error: DomainError | None = None) -> Response:
    html = draw(
        "migration.html",
        plan=rows.plan(current_session(), current_actor(), id),
        typed=request.form,
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(html, refusals.status_of(error) if error else 200)
