"""The list of the unit's templates, one of them with its versions, and the form for both."""

import io
from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock, organization
from app.database import current_session
from app.documents import kinds, letterheads, seal_sizes
from app.documents.letterheads.fields import DIAMETERS, FORMATS
from app.documents.letterheads.operations import ensure_dispatcher, may_make
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.handling.views.paper import Paper
from app.handling.views.specimen import specimen
from app.web import ids, refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk.papers import PDF_POLICY
from app.web.messages import say

blueprint = Blueprint("letterheads", __name__, url_prefix="/letterheads")
blueprint.url_value_preprocessor(ids.refuse_impossible)

REFUSED = (Invalid, Conflict)
Typed = Mapping[str, Any]


@blueprint.get("/", endpoint="listed")
def show_list() -> str:
    actor = current_actor()
    designs = letterheads.of_unit(current_session(), actor.unit_id)
    unit = organization.unit(current_session(), actor.unit_id)
    current_session().commit()
    return render_template(
        "letterheads/list.html", designs=designs, unit=unit, may_make=may_make(actor)
    )


@blueprint.get("/new")
def new() -> Response:
    ensure_dispatcher(current_actor())
    unit = organization.unit(current_session(), current_actor().unit_id)
    return _draw(
        {
            "format": "文件",
            "words": unit.letterhead,
            "signature": unit.name,
            "printed_by": unit.name,
            "seal_diameter": seal_sizes.usual(unit.name, unit.rank),
            "kinds": [],
        }
    )


@blueprint.post("/new")
def make() -> ResponseReturnValue:
    typed = _typed()
    try:
        if request.form.get("do") == "preview":
            return _specimen(typed)
        return _make(typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(typed, error=error)


@acting
def _make(typed: Typed) -> Response:
    session = current_session()
    made = letterheads.create(session, current_actor(), clock.now(session), letterheads.read(typed))
    say(f"红头模板“{made.name}”已建立，本单位人员拟稿时可以选用。")
    return make_response(redirect(url_for("letterheads.one", id=made.id), 303))


@blueprint.get("/<int:id>", endpoint="one")
def show(id: int) -> Response:
    newest = _versions(id)[0]
    typed = {name: getattr(newest, name) for name in letterheads.LetterheadFields.model_fields}
    return _draw(typed, id=id)


@blueprint.get("/<int:id>/specimen.pdf")
def specimen_of(id: int) -> Response:
    newest = _versions(id)[0]
    names = letterheads.LetterheadFields.model_fields
    return _specimen({name: getattr(newest, name) for name in names} | {"kinds": [*newest.kinds]})


@blueprint.post("/<int:id>")
def change(id: int) -> ResponseReturnValue:
    typed, verb = _typed(), request.form.get("do", "save")
    try:
        if verb == "preview":
            return _specimen(typed)
        return _offer(id, verb) if verb in ("withdraw", "restore") else _revise(id, typed)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(typed, id=id, error=error)


@acting
def _revise(id: int, typed: Typed) -> Response:
    session = current_session()
    seen = request.form.get("version", "")
    saved = letterheads.revise(
        session,
        id,
        current_actor(),
        clock.now(session),
        letterheads.read(typed),
        int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0,
    )
    say(f"红头模板现为第 {saved.number} 版；已经签发的公文仍用签发时的版本。")
    return make_response(redirect(url_for("letterheads.one", id=id), 303))


@acting
def _offer(id: int, verb: str) -> Response:
    session = current_session()
    act = letterheads.withdraw if verb == "withdraw" else letterheads.restore
    act(session, id, current_actor(), clock.now(session))
    say("红头模板已停用，拟稿时不再提供。" if verb == "withdraw" else "红头模板已恢复使用。")
    return make_response(redirect(url_for("letterheads.one", id=id), 303))


def _versions(id: int) -> tuple[letterheads.Design, ...]:
    found = letterheads.versions(current_session(), current_actor().unit_id, id)
    if not found:
        raise NotFound
    return found


def _typed() -> dict[str, Any]:
    names = ("name", "description", "format", "words", "signature", "printed_by", "seal_diameter")
    return {
        **{name: request.form.get(name, "") for name in names},
        "kinds": request.form.getlist("kinds"),
    }


def _specimen(typed: Typed) -> Response:
    """The PDF of what was typed, saved or not; nothing is held while it is set."""
    sheet = specimen(letterheads.read(typed))
    current_session().commit()
    pdf = Paper(sheet, "红头模板样张.pdf").pdf()
    response = send_file(io.BytesIO(pdf), mimetype="application/pdf", download_name="样张.pdf")
    response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


def _draw(typed: Typed, *, id: int | None = None, error: DomainError | None = None) -> Response:
    history = _versions(id) if id is not None else ()
    shown = render_template(
        "letterheads/one.html",
        typed=typed,
        history=history,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
        error=error,
        formats=FORMATS,
        diameters=DIAMETERS,
        kinds=list(kinds.KINDS),
        may_make=may_make(current_actor()),
    )
    current_session().commit()
    return make_response(shown, refusals.status_of(error) if error else 200)
