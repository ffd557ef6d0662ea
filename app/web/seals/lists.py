"""The unit's seals, one of them with what has happened to it, and making another."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock, organization
from app.database import current_session
from app.documents import kinds, pictures, seal_sizes
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling.equipment import equipment
from app.organization import roles
from app.seals.models import SEAL_KINDS
from app.seals.registry import making, outlines, queries
from app.seals.registry.making import Making
from app.seals.registry.rights import ensure_manages, manages
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import forms, pages
from app.web.messages import say
from app.web.seals.blueprint import blueprint

REFUSED = (Invalid, Conflict, NotAllowed)
Typed = Mapping[str, Any]
TEXTS = ("kind", "wording", "diameter", "keeper", "deputy", "owner", "department", "reason")


@blueprint.get("/seals", endpoint="listed")
def show_list() -> str:
    actor = current_actor()
    found = queries.seals(current_session(), actor)
    current_session().commit()
    return render_template("seals/list.html", seals=found, manages=manages(actor))


@blueprint.get("/seals/<int:id>", endpoint="one")
def show(id: int) -> str:
    actor = current_actor()
    seal, changes = queries.seal(current_session(), actor, id)
    verbs = queries.may(actor, seal)
    current_session().commit()
    return render_template(
        "seals/one.html", seal=seal, changes=changes, verbs=verbs, manages=manages(actor)
    )


@blueprint.get("/seals/<int:id>/outline.png")
def outline(id: int) -> Response:
    """What may be looked at of an uploaded picture: its edges, by those who manage seals."""
    ensure_manages(current_actor())
    seal = making.find(current_session(), current_actor(), id)
    digest = seal.picture
    current_session().commit()
    if digest is None:
        raise NotFound("此印章由系统绘制，没有上传的印模。")
    drawn = outlines.outlined(equipment().store.get(digest))
    return send_file(io.BytesIO(drawn), mimetype="image/png")


@blueprint.get("/seals/new")
def new() -> Response:
    ensure_manages(current_actor())
    unit = organization.unit(current_session(), current_actor().unit_id)
    return _draw({"kind": "unit", "wording": unit.name, "diameter": "", "kinds": []})


@blueprint.post("/seals/new")
def make() -> ResponseReturnValue:
    ensure_manages(current_actor())
    texts = {name: request.form.get(name, "") for name in TEXTS}
    typed: Typed = {**texts, "kinds": request.form.getlist("kinds")}
    try:
        chosen = pages.uploads()
        taken = pictures.take_in(*chosen[0], equipment().store) if chosen else None
        return _make(typed, taken.sha256 if taken else None)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(typed, error)


@acting
def _make(typed: Typed, picture: str | None) -> Response:
    session, actor = current_session(), current_actor()
    at = clock.now(session)
    wide = typed["diameter"].strip()
    given = {**typed, "diameter": forms.version(wide) if wide else None}
    seal = making.make(session, actor, at, Making(**given))
    if picture is None:
        say(f"“{seal.wording}”印章已制发，由系统绘制。")
    else:
        making.bring_picture(session, actor, at, seal.id, picture)
        say(f"“{seal.wording}”印章已登记。上传的印模须由另一人核对并恢复以后才能用印。", "warn")
    return make_response(redirect(url_for("seals.one", id=seal.id), 303))


def _draw(typed: Typed, error: DomainError | None = None) -> Response:
    session, unit_id = current_session(), current_actor().unit_id
    people, unit = organization.people(session, unit_id), organization.unit(session, unit_id)
    keepers = organization.people_of_role(session, roles.SEAL_KEEPER, unit_id)
    shown = render_template(
        "seals/make.html",
        typed=typed,
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
        sorts=SEAL_KINDS,
        usual=seal_sizes.usual(unit.name, unit.rank),
        largest=seal_sizes.largest(unit.rank),
        keepers=[(each.login, each.name) for each in keepers],
        people=[(each.login, each.name) for each in people],
        departments=[(e.key, e.name) for e in organization.departments(session, unit_id)],
        kinds=list(kinds.KINDS),
    )
    session.commit()
    return make_response(shown, refusals.status_of(error) if error else 200)
