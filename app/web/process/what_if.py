"""推演: step through a route without touching anything, keep it as a test, run all tests."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, make_response, redirect, request, url_for

from app import clock, organization
from app.clock import SHANGHAI
from app.database import current_session
from app.documents import kinds
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling import administering
from app.handling.acts.choices import form_by_key
from app.handling.migrating import targets
from app.handling.whatif import bounds, exchange, saved, waiving
from app.handling.whatif import scenario as scenarios
from app.handling.whatif.models import ProcessTest
from app.handling.whatif.playing import play
from app.handling.whatif.scenario import Scenario
from app.web import refusals
from app.web.acts import acting, first_answer
from app.web.current import current_actor
from app.web.messages import say
from app.web.process import what_if_forms as forms
from app.web.process.blueprint import blueprint, draw
from app.web.process.supposing import Source, source
from app.web.process.trying import expected, only_reading, tests_of
from app.workflow.form_fields import Field

REFUSED = (Invalid, Conflict, NotAllowed, NotFound)
MEDIA = "application/json"


@blueprint.get("/what-if/", endpoint="what_ifs")
def show_all() -> str:
    session, actor = current_session(), current_actor()
    return draw(
        "what_ifs.html",
        rows=targets.versions(session, actor),
        tests=saved.listed(session, actor),
    )


@blueprint.get("/what-if/<string:key>", endpoint="what_if")
def show(key: str) -> Response:
    """The form to begin, and the saved tests with what comes of them on this version."""
    return _draw_start(source(key))


@blueprint.post("/what-if/<string:key>")
def step(key: str) -> Response:
    """One step more, or one less; the scenario travels with the page and is kept nowhere."""
    with only_reading():
        about, supposed, error = source(key), None, None
        try:
            supposed = forms.scenario(request.form)
            supposed = forms.with_deed(supposed, request.form, partial(_fields, about))
        except Invalid as wrong:
            error = wrong
        if supposed is None:
            return _draw_start(about, error)
        return _draw_play(about, supposed, error)


@blueprint.post("/what-if/<string:key>/tests")
def keep(key: str) -> Response:
    return _tried(key, _keep, lambda: expected(key, forms.scenario(request.form)))


@blueprint.get("/what-if/<string:key>/tests/<int:id>", endpoint="what_if_test")
def show_test(key: str, id: int) -> Response:
    """A saved test, played on this version."""
    test = saved.one(current_session(), current_actor(), id)
    return _draw_play(source(key), scenarios.read(test.scenario), name=test.name, test=test)


@blueprint.post("/what-if/<string:key>/tests/<int:id>/deletion")
def delete_test(key: str, id: int) -> Response:
    return _tried(key, lambda key, _: _delete(key, id))


@blueprint.post("/what-if/<string:key>/waiver")
def waive(key: str) -> Response:
    return _tried(key, _waive, lambda: tests_of(key))


@blueprint.post("/what-if/<string:key>/import")
def import_tests(key: str) -> Response:
    return _tried(key, lambda key, _: _import(key))


@blueprint.get("/what-if/<string:key>/export")
def export_tests(key: str) -> Response:
    """All tests of the process as one JSON file."""
    session, about = current_session(), source(key)
    saved.listed(session, current_actor())
    found = exchange.export(session, about.definition.process_id)
    if not found:
        raise NotFound("这个流程还没有推演测试。")
    ((name, data),) = found.items()
    session.commit()
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": MEDIA}
    return make_response(data, headers)


@blueprint.get("/what-if/<string:key>/<any(tests, waiver, import):act>")
@blueprint.get("/what-if/<string:key>/tests/<int:id>/deletion")
def back_to_what_if(key: str, act: str = "", id: int = 0) -> Response:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return make_response(redirect(url_for("process.what_if", key=key), 303))


def _tried(key: str, view: Any, before: Callable[[], Any] = lambda: None) -> Response:
    """``before``: what is played with nothing locked; the act gets what came of it."""
    try:
        return first_answer() or acting(view)(key, before())
    except REFUSED as error:
        refusals.undo_and_note(error)
        with only_reading():
            return _draw_start(source(key), error)


def _keep(key: str, came: dict[str, Any]) -> Response:
    session, about = current_session(), source(key)
    supposed = forms.scenario(request.form)
    name = request.form.get("name", "")
    at = clock.now(session)
    found = saved.save(session, current_actor(), about.definition, name, supposed, at, came)
    say(f"已保存推演测试“{found.name}”，以后每次启用这个流程的版本都会核对。")
    return make_response(redirect(url_for("process.what_if", key=key), 303))


def _delete(key: str, id: int) -> Response:
    session = current_session()
    name = saved.delete(session, current_actor(), id, clock.now(session))
    say(f"已删除推演测试“{name}”。")
    return make_response(redirect(url_for("process.what_if", key=key), 303))


def _waive(key: str, tests: saved.Run) -> Response:
    session, about = current_session(), source(key)
    if about.is_draft:
        raise Conflict("草稿不能启用，请先提交为版本。", code="still_a_draft")
    reason, at = request.form.get("reason", ""), clock.now(session)
    waiving.waive(session, current_actor(), about.definition, reason, tests.failing, at)
    say("已记录理由，这个版本可以由另一位流程管理员启用。")
    return make_response(redirect(url_for("process.what_if", key=key), 303))


def _import(key: str) -> Response:
    session, about = current_session(), source(key)
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid.at("file", "请选择推演测试的导出文件。")
    names = exchange.import_(
        session,
        about.definition.process_id,
        {file.filename: file.read(bounds.MOST_BYTES + 1)},
        current_actor(),
        clock.now(session),
    )
    say(f"已导入 {len(names)} 项推演测试。")
    return make_response(redirect(url_for("process.what_if", key=key), 303))


def _draw_start(about: Source, error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    administering.units(actor)
    tests = saved.run_all(session, about.definition)
    html = draw(
        "what_if.html",
        about=about,
        tests=tests.outcomes,
        failing=tests.failing,
        waived=[
            (each.reason, each.names, each.at)
            for each in waiving.waivers(session, about.definition.sha256)
        ],
        people=organization.people(session, actor.unit_id),
        directions=kinds.DIRECTIONS,
        urgencies=kinds.URGENCIES,
        now=_local(clock.now(session)),
        typed=request.form,
        rows=forms.ABSENCES,
        error=error,
        errors=_errors(error),
    )
    return make_response(html, refusals.status_of(error) if error else 200)


def _draw_play(
    about: Source,
    supposed: Scenario,
    error: DomainError | None = None,
    *,
    name: str = "",
    test: ProcessTest | None = None,
) -> Response:
    session, actor = current_session(), current_actor()
    administering.units(actor)
    try:
        found = play(session, about.definition, supposed)
    except REFUSED as wrong:
        return _draw_start(about, wrong)
    last = max((each.at for each in supposed.deeds), default=supposed.at)
    html = draw(
        "what_if_play.html",
        about=about,
        supposed=supposed,
        text=json.dumps(supposed.stored(), ensure_ascii=False),
        found=found,
        asked={each.step: (each.name, _fields(about, each.step)) for each in found.open},
        name_of=forms.name_of,
        offered=lambda field: [("", "不填"), *((one.value, one.label) for one in field.options)],
        steps=about.definition.steps,
        last=_local(last),
        name=name or request.form.get("name", ""),
        said=saved.run(session, about.definition, test) if test else None,
        test=test,
        typed=request.form if error else {},
        error=error,
        errors=_errors(error),
    )
    return make_response(html, refusals.status_of(error) if error else 200)


def _fields(about: Source, step_id: str) -> Sequence[Field]:
    """Of the form of a step; none for a step that is not there or has no form."""
    step = about.definition.by_id.get(step_id)
    form = form_by_key(about.definition, step.form_key) if step else None
    return form.fields if form else ()


def _errors(error: DomainError | None) -> list[Any]:
    return list(error.errors) if isinstance(error, Invalid) else []


def _local(at: datetime) -> str:
    """As a field of date and time wants it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"
