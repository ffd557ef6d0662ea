"""检查包 as a page: asked for with year and seed, made by the scheduler, taken away when done."""

from typing import Any

from flask import Response, make_response, redirect, request, send_file, url_for

from app import clock
from app.database import current_session
from app.errors import Conflict, DomainError, Invalid
from app.handling.equipment import equipment
from app.handling.inspection import ordering, packing, sampling
from app.handling.inspection.models import PACK_STATES
from app.organization.queries import units
from app.web import refusals
from app.web.acts import acting
from app.web.audit.blueprint import blueprint, draw
from app.web.current import asked_at, current_actor
from app.web.messages import say

FIELDS = ("year", "seed", "count", "unit")


@blueprint.get("/packs", endpoint="packs")
def show() -> Response:
    return _draw()


@blueprint.post("/packs", endpoint="ask_pack")
def ask() -> Response:
    try:
        return _ask()
    except (Conflict, Invalid) as error:
        refusals.undo_and_note(error)
        return _draw(error)


@blueprint.get("/packs/<int:id>/pack.zip", endpoint="pack")
def take(id: int) -> Response:
    order = ordering.made(current_session(), id)
    assert order.sha256 is not None  # noqa: S101  (it is made)
    name = f"检查包-{order.year}-{order.id}.zip"
    content = equipment().store.open(order.sha256)
    return send_file(content, "application/zip", as_attachment=True, download_name=name)


@acting
def _ask() -> Response:
    session, form = current_session(), request.form
    known = [each.key for each in units(session)]
    year, seed, count, unit = (form.get(each, "") for each in FIELDS)
    ordering.ask(
        session, current_actor(), clock.now(session), packing.read(year, seed, count, unit, known)
    )
    say("检查包已申请，时限程序制作好后在此下载，通常不到一分钟。")
    return make_response(redirect(url_for("audit.packs"), 303))


def _draw(error: DomainError | None = None) -> Response:
    session = current_session()
    form: dict[str, Any] = {"year": str(asked_at().year), "count": "20", **request.form.to_dict()}
    return draw(
        "packs.html",
        error=error,
        form=form,
        orders=ordering.orders(session),
        states=PACK_STATES,
        units=[(each.key, each.name) for each in units(session)],
        most=packing.MOST,
        algorithm=sampling.ALGORITHM,
    )
