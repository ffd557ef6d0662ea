"""流程草稿 without the modeler: begun, checked, compared, replaced by a file, submitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, make_response, redirect, request, url_for

from app import clock
from app.database import current_session, reading
from app.errors import DomainError, Invalid
from app.handling import administering
from app.handling.views import definitions, term_lines
from app.handling.whatif import exchange
from app.web import refusals
from app.web.acts import acting, first_answer
from app.web.current import current_actor
from app.web.desk import act_pages
from app.web.messages import say
from app.web.process.blueprint import blueprint, draw
from app.web.process.definitions import day_of
from app.workflow import drafts, packages
from app.workflow.differing.comparing import LABELS
from app.workflow.draft_files import as_bytes, as_texts
from app.workflow.drafts import Checked, Origin
from app.workflow.errors import BadDiagram

Typed = Mapping[str, Any]
MODELER = "process.draft"
"""Endpoint of the page that draws; a draft leads there where there is one."""


def address(draft_id: int) -> str:
    """Where one goes on with a draft."""
    if MODELER in current_app.view_functions:
        return url_for(MODELER, id=draft_id)
    return url_for("process.draft_summary", id=draft_id)


@blueprint.get("/drafts/new", endpoint="new_draft")
def show_new() -> Response:
    return _draw_new({"base": request.args.get("base", "")})


@blueprint.post("/drafts/new", endpoint="begin_draft")
def begin() -> Response:
    try:
        return _begin()
    except act_pages.REFUSED as error:
        refusals.undo_and_note(error)
        return _draw_new(request.form.to_dict(), error)


@acting
def _begin() -> Response:
    session, actor = current_session(), current_actor()
    at, uploaded = clock.now(session), _uploaded() if request.form.get("from") == "files" else None
    draft = drafts.start(session, origin=_origin(uploaded), by=actor, at=at)
    tests = uploaded.tests if uploaded else {}
    brought = exchange.bring(session, draft.process_id, tests, actor, at).words
    say(f"已新建“{draft.name}”的草稿{f'，{brought}' if brought else ''}。")
    return make_response(redirect(address(draft.id), 303))


@blueprint.get("/drafts/<int:id>/summary", endpoint="draft_summary")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/drafts/<int:id>/summary", endpoint="act_on_draft")
def act(id: int) -> Response:
    verbs = {"replace": _replace, "discard": _discard, "submit": _submit}
    operation = verbs.get(request.form.get("do", ""))
    try:
        if operation is None:
            raise Invalid("请从页面上的按钮进入。")
        return operation(id)
    except act_pages.REFUSED as error:
        refusals.undo_and_note(error)
        return _draw(id, request.form.to_dict(), error)


def _submit(id: int) -> Response:
    from app.web.api.process_drafts import checked_revision

    if (again := first_answer()) is not None:
        return again
    return _submitted(id, checked_revision(id))


@acting
def _submitted(id: int, checked: Checked) -> Response:
    session, form = current_session(), request.form
    row = drafts.submit(
        session,
        id,
        form.get("reason", ""),
        day_of(form.get("in_force_from", "")),
        current_actor(),
        clock.now(session),
        checked=checked,
    )
    say(f"已提交为第 {row.version} 版，等另一位流程管理员启用。")
    return make_response(redirect(url_for("process.version", sha256=row.sha256), 303))


@acting
def _replace(id: int) -> Response:
    """Files of the same names are replaced, others are added.

    Tests of a package join those of the process, which stay as they are; what was left is said.
    """
    session, actor, at = current_session(), current_actor(), clock.now(current_session())
    draft, uploaded = drafts.get(session, id, actor), _uploaded()
    files = as_bytes(draft.files) | uploaded.files
    seen = request.form.get("revision", "")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    saved = drafts.save(session, id, revision, as_texts(files), actor, at)
    brought = exchange.bring(session, saved.process_id, uploaded.tests, actor, at).words
    say(f"已保存{f'，{brought}' if brought else ''}。")
    return make_response(redirect(url_for("process.draft_summary", id=id), 303))


@acting
def _discard(id: int) -> Response:
    session = current_session()
    drafts.discard(session, id, current_actor(), clock.now(session))
    say("已放弃这份草稿。")
    return make_response(redirect(url_for("process.definitions"), 303))


@dataclass
class Uploaded:
    """What was chosen: drawings and forms by name, and the saved tests that packages bring."""

    files: dict[str, bytes] = field(default_factory=dict)
    tests: dict[str, bytes] = field(default_factory=dict)


def _origin(uploaded: Uploaded | None) -> Origin:
    form = request.form
    unit_id = administering.unit_of(current_session(), form.get("unit", ""))
    match form.get("from", ""):
        case "version" if form.get("base"):
            return Origin(sha256=form["base"], unit_id=unit_id)
        case "files" if uploaded is not None:
            return Origin(files=uploaded.files, unit_id=unit_id)
        case "blank":
            name, ident = form.get("name", ""), form.get("process_id", "")
            return Origin(name=name, process_id=ident, unit_id=unit_id)
    raise Invalid.at("from", "请选择从哪里开始。")


def _uploaded() -> Uploaded:
    chosen = [each for each in request.files.getlist("files") if each.filename]
    if not chosen:
        raise Invalid.at("files", "请选择流程图文件（.bpmn），需要时连同表单（.form）一起选。")
    found = Uploaded()
    for each in chosen:
        name = (each.filename or "").rsplit("/", 1)[-1]
        data = each.read(packages.MAX_BYTES + 1)
        if not name.endswith(".zip"):
            found.files[name] = data
            continue
        package = packages.read(data)
        found.files |= package.files
        found.tests |= package.tests
    return found


def _draw_new(typed: Typed, error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    versions = [
        (line.sha256, f"{line.name}第 {line.version} 版（{line.words}）")
        for process in definitions.processes(session, actor)
        if process.holds
        for line in definitions.versions(session, actor, process.process_id)
    ]
    html = draw(
        "new_draft.html",
        typed=typed,
        versions=versions,
        units=administering.unit_choices(session, actor),
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(html, refusals.status_of(error) if error else 200)


def _draw(id: int, typed: Typed | None = None, error: DomainError | None = None) -> Response:
    with reading():
        session, actor = current_session(), current_actor()
        draft = drafts.get(session, id, actor)
        faults = drafts.check(session, draft, tries=False) if draft.state == "open" else []
        old, new = drafts.files_before(session, draft), as_bytes(draft.files)
        shown = {
            "draft": draft,
            "where": term_lines.units(session).get(draft.unit_id, term_lines.OFFICE),
            "faults": [each for each in faults if not each.warning],
            "warnings": [each for each in faults if each.warning],
            "found": definitions.differences(session, old, new) if old else None,
            "lost": definitions.lost_clauses(old, new) if old else {},
            "names": definitions.labels(new),
            "modeler": address(id) if MODELER in current_app.view_functions else None,
        }
        own = [] if isinstance(error, BadDiagram) else getattr(error, "errors", [])
        html = draw(
            "draft.html", **shown, labels=LABELS, typed=typed or {}, error=error, errors=own
        )
    return make_response(html, refusals.status_of(error) if error else 200)
