"""文号序列: which series of numbers the unit has, set up, changed and ended."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, make_response, request, url_for

from app import clock
from app.database import current_session
from app.documents import kinds
from app.documents.models import NumberSeries
from app.documents.numbering import series
from app.documents.numbering.choosing import listed
from app.documents.numbering.forms import FORMS
from app.documents.numbering.series import Plan
from app.errors import DomainError, NotFound
from app.organization import role_labels
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.process.blueprint import blueprint, draw

Typed = Mapping[str, Any]
HERE = "process.series"


@blueprint.get("/series", endpoint="series")
def show() -> Response:
    found = listed(current_session(), current_actor().unit_id)
    running = [each for each in found if each.ended_at is None]
    html = draw(
        "series.html", found=found, forms=FORMS, offices=_offices(), single=len(running) < 2
    )
    return make_response(html)


@blueprint.get("/series/new", endpoint="new_series")
def show_new() -> Response:
    return _draw({"kinds": [], "form": "number"}, "设置新序列")


@blueprint.post("/series/new")
def define() -> Response:
    def operation() -> str:
        session = current_session()
        made = series.define(session, current_actor(), clock.now(session), _plan())
        return f"已设置序列“{made.name}”，登记编号时可以选用。"

    return _carry_out(operation, "设置新序列")


@blueprint.get("/series/edit", endpoint="edit_series")
def show_edit() -> Response:
    found = _found()
    typed = {"name": found.name, "kinds": found.kinds, "role": found.role_key or ""}
    return _draw(typed, "改动序列", found)


@blueprint.post("/series/edit")
def change() -> Response:
    code = request.args.get("series", "")

    def operation() -> str:
        session = current_session()
        made = series.change(session, current_actor(), clock.now(session), code, _plan())
        return f"已改动序列“{made.name}”。已取的文号不变。"

    return _carry_out(operation, "改动序列")


@blueprint.get("/series/end", endpoint="end_series")
def show_end() -> Response:
    return _draw({}, "停用序列", _found())


@blueprint.post("/series/end")
def end() -> Response:
    code = request.args.get("series", "")

    def operation() -> str:
        session = current_session()
        series.end(session, current_actor(), clock.now(session), code)
        return f"已停用序列“{code}”，登记簿仍可查看。"

    return _carry_out(operation, "停用序列")


def _plan() -> Plan:
    form = request.form
    return Plan(
        name=form.get("name", ""),
        kinds=form.getlist("kinds"),
        role=form.get("role", ""),
        code=form.get("code", ""),
        form=form.get("form", ""),
    )


def _carry_out(operation: Callable[[], str], title: str) -> Response:
    def again(typed: Typed, error: DomainError) -> Response:
        found = _found() if request.args.get("series") else None
        return _draw({**typed, "kinds": typed["lists"].get("kinds", [])}, title, found, error)

    return act_pages.carry_out(operation, url_for(HERE), again)


def _found() -> NumberSeries:
    code = request.args.get("series", "")
    for each in listed(current_session(), current_actor().unit_id):
        if each.code == code and each.ended_at is None:
            return each
    raise NotFound


def _draw(
    typed: Typed, title: str, found: NumberSeries | None = None, error: DomainError | None = None
) -> Response:
    offices = _offices()
    about = f"{found.name}（{found.code}）" if found else ""
    html = plain_pages.draw(
        "process/one_series.html",
        about,
        url_for(HERE),
        "返回文号序列",
        typed=typed,
        error=error,
        act_title=title,
        series=found,
        ending=title == "停用序列",
        forms=[(key, form.label) for key, form in FORMS.items()],
        kinds=kinds.KINDS,
        offices=[("", "登记编号环节的办理人"), *offices.items()],
    )
    current_session().commit()
    return html


def _offices() -> dict[str, str]:
    labels = role_labels(current_session())
    return {key: label for key, label in labels.items() if key not in series.NOT_OFFICES}
