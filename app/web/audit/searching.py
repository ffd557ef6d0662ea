"""检索 and 抽样 as pages: over the whole record, by what stands in the address."""

import json
import re
from dataclasses import fields
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from app import clock
from app.database import current_session, reading
from app.documents import kinds
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.handling.inspection import (
    deviations,
    entries,
    indexing,
    sampling,
    saving,
    searching,
)
from app.handling.inspection.searching import Wanted
from app.handling.views.history import ACTIONS
from app.organization.queries import units
from app.web import refusals
from app.web.acts import acting
from app.web.audit.blueprint import blueprint, draw
from app.web.current import current_actor
from app.web.messages import say

SHOWN = 50
MOST_BEFORE = 2000
"""Entries that a search waits for; what is beyond is the scheduler's, and the page says so."""
REFUSED = (Conflict, Invalid, NotFound)


@blueprint.get("/search", endpoint="search")
def show() -> Response:
    return _draw(request.args)


@blueprint.post("/searches", endpoint="save_search")
def save() -> Response:
    return _act(_save)


@blueprint.post("/searches/<int:id>/drop", endpoint="drop_search")
def drop(id: int) -> Response:
    return _act(lambda: _drop(id))


@blueprint.post("/samples", endpoint="draw_sample")
def sample() -> Response:
    return _act(_sample)


@blueprint.get("/samples/<int:seq>", endpoint="sample")
def sampled(seq: int) -> Response:
    catch_up()
    session = current_session()
    found = sampling.sample(session, seq)
    return draw(
        "sample.html",
        sample=found,
        again=sampling.drawn_again(session, found),
        rows=entries.told(session, found.of, found.drawn),
        algorithm=sampling.ALGORITHM,
        search=url_for("audit.search", **found.asked),
    )


@blueprint.get("/entries/<int:seq>", endpoint="entry")
def entry(seq: int) -> Response:
    found = entries.entry(current_session(), seq)
    return draw(
        "entry.html", entry=found, body=json.dumps(found.body, ensure_ascii=False, indent=1)
    )


def catch_up() -> None:
    """A search finds what has just happened: what the directory lacks is read first."""
    session = current_session()
    lacking = indexing.behind(session)
    session.rollback()
    for _ in range(min(lacking, MOST_BEFORE) // indexing.MOST + 1 if lacking else 0):
        with reading(False):
            indexing.catch_up(session)
            session.commit()


def _act(view: Any) -> Response:
    try:
        found: Response = view()
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(request.form, error)
    return found


@acting
def _save() -> Response:
    session, wanted = current_session(), searching.read(request.form)
    name = request.form.get("name", "")
    saving.save(session, current_actor(), clock.now(session), name, wanted)
    say("检索已保存。")
    return make_response(redirect(url_for("audit.search", **wanted.as_asked()), 303))


@acting
def _drop(id: int) -> Response:
    saving.drop(current_session(), current_actor(), id)
    say("保存的检索已删除。")
    return make_response(redirect(url_for("audit.search"), 303))


def _sample() -> Response:
    catch_up()
    return _drawn()


@acting
def _drawn() -> Response:
    session = current_session()
    sampling.take(
        session,
        current_actor(),
        clock.now(session),
        searching.read(request.form),
        of=request.form.get("of", ""),
        seed=request.form.get("seed", ""),
        count=request.form.get("count", ""),
    )
    say("样本已抽取并记入审计记录，见“已抽的样本”。")
    return make_response(redirect(url_for("audit.search", **_asked(request.form)), 303))


def _asked(given: Any) -> dict[str, Any]:
    names = [each.name for each in fields(Wanted)]
    return {name: given[name] for name in names if given.get(name)}


def _draw(given: Any, error: DomainError | None = None) -> Response:
    session = current_session()
    shown: dict[str, Any] = {"rows": [], "total": None, "older": None}
    try:
        wanted = searching.read(given)
    except Invalid as wrong:
        error, wanted = error or wrong, Wanted()
    else:
        if wanted != Wanted() or request.args.get("all"):
            catch_up()
            shown = _found(wanted)
    return draw(
        "search.html",
        error=error,
        asked=_asked(given),
        form=given,
        lacking=indexing.behind(session),
        saved=saving.saved(session, current_actor()),
        samples=sampling.samples(session),
        units=[(each.key, each.name) for each in units(session)],
        kinds=[(each, each) for each in kinds.KINDS],
        actions=ACTIONS,
        deviations=deviations.DEVIATIONS.values(),
        algorithm=sampling.ALGORITHM,
        **shown,
    )


def _found(wanted: Wanted) -> dict[str, Any]:
    session = current_session()
    before = request.args.get("before", "")
    number = int(before) if re.fullmatch("[1-9][0-9]{0,17}", before) else None
    rows = searching.search(session, wanted, SHOWN + 1, number)
    older = None
    if len(rows) > SHOWN:
        rows = rows[:SHOWN]
        older = url_for("audit.search", **wanted.as_asked(), before=rows[-1].seq)
    return {"rows": rows, "total": searching.count(session, wanted), "older": older}
