"""表单 of a draft: listed, begun, edited and shown as staff will see them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from app.database import current_session, reading
from app.errors import DomainError, FieldError, Invalid, NotFound
from app.handling.views.filling import FormField
from app.web import headers, refusals
from app.web.desk import act_pages
from app.web.process.blueprint import blueprint
from app.web.process.drafting.held import Held, form_keys, held, save_files
from app.web.process.drafting.modeler import draw_draft
from app.workflow import forms, library
from app.workflow.errors import Fault
from app.workflow.forms import Field, Form

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
SAMPLES = {"people": "（办理时列出担任所选角色的人）", "departments": "（办理时列出各部门）"}


@blueprint.get("/drafts/<int:id>/forms", endpoint="draft_forms")
def listed(id: int) -> Response:
    return _draw_list(held(id))


@blueprint.post("/drafts/<int:id>/forms", endpoint="begin_draft_form")
def begin(id: int) -> Response:
    here = held(id)
    key = request.form.get("key", "").strip()

    def operation() -> str:
        if not KEY.match(key):
            raise Invalid.at("key", "表单编号应以小写字母开头，只含小写字母、数字和下划线。")
        if key in form_keys(here.draft):
            raise Invalid.at("key", f"草稿中已有编号为“{key}”的表单，请换一个编号。")
        save_files(here.draft, {f"{key}.form": _beginning(here, key, request.form.get("like", ""))})
        return f"已新建表单“{key}”。"

    to = url_for("process.draft_form", id=id, key=key or "-")
    return act_pages.carry_out(operation, to, lambda *again: _draw_list(held(id), *again))


@blueprint.get("/drafts/<int:id>/forms/<string:key>", endpoint="draft_form")
def show(id: int, key: str) -> Response:
    return _draw(held(id), key)


@blueprint.post("/drafts/<int:id>/forms/<string:key>", endpoint="save_draft_form")
def save(id: int, key: str) -> Response:
    here = held(id)
    name = _file(here, key)

    def operation() -> str:
        save_files(here.draft, {name: _kept(key, request.form.get("schema", ""))})
        return f"已保存表单“{key}”。"

    to = url_for("process.draft_form", id=id, key=key)
    return act_pages.carry_out(operation, to, lambda *again: _draw(held(id), key, *again))


@blueprint.post("/drafts/<int:id>/forms/<string:key>/preview", endpoint="draft_form_preview")
def preview(id: int, key: str) -> Response:
    """What is in the editor as staff would see it, and what cannot be used; nothing is saved."""
    with reading():
        _file(held(id), key)
        shown = seen(key, request.form.get("schema", ""))
        current_session().rollback()
    return make_response(render_template("process/drafting/form_seen.html", **shown))


def seen(key: str, text: str) -> Mapping[str, Any]:
    """The fields of a form as the page of a step draws them, and its faults."""
    form, faults = forms.read(f"{key}.form", text.encode())
    fields = [_field(each) for each in form.fields] if form else []
    return {"fields": fields, "texts": form.texts if form else (), "faults": faults}


def _field(each: Field) -> FormField:
    source = each.source or ""
    sample = SAMPLES.get(source.partition(":")[0], "（办理时列出本单位的选项）")
    offered = [("", sample)] if source else [(o.value, o.label) for o in each.options]
    return FormField(
        key=each.key,
        label=each.label,
        type=each.type,
        required=each.required,
        options=offered,
        value=each.default,
        hint=each.hint,
        lowest=each.lowest,
        highest=each.highest,
        with_time=each.with_time,
    )


def _kept(key: str, text: str) -> str:
    """The schema as it is kept. Raises Invalid for what is no form, or has another key."""
    _, faults = forms.read(f"{key}.form", text.encode())
    whole = [fault for fault in faults if not fault.element]
    if whole:
        raise Invalid.at("schema", f"{whole[0].message}。")
    schema = json.loads(text)
    if schema["id"] != key:
        raise Invalid.at("schema", f"表单的编号（id）应为“{key}”，不能在此改动。")
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _beginning(here: Held, key: str, like: str) -> str:
    """A new form: empty, or like one of the draft or of the program."""
    given = here.draft.files.get(f"{like}.form") or (library.source(like) or b"").decode()
    if like and not given:
        raise Invalid.at("like", "没有这个表单，请从列表中选择。")
    schema = json.loads(given or '{"components": [], "type": "default", "schemaVersion": 16}')
    schema["id"] = key
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _file(here: Held, key: str) -> str:
    name = f"{key}.form"
    if name not in here.draft.files:
        raise NotFound("草稿中没有这个表单，请从表单列表进入。")
    return name


def _read(key: str, text: str) -> tuple[Form | None, list[Fault]]:
    return forms.read(f"{key}.form", text.encode())


def _errors(error: DomainError | None) -> list[FieldError]:
    return list(error.errors) if isinstance(error, Invalid) else []


def _draw_list(
    here: Held, typed: act_pages.Typed | None = None, error: DomainError | None = None
) -> Response:
    lines = []
    for key in form_keys(here.draft):
        form, faults = _read(key, here.draft.files[f"{key}.form"])
        lines.append((key, form, faults))
    known = sorted({*form_keys(here.draft), *library.known()})
    return draw_draft(
        "forms.html",
        here,
        refusals.status_of(error) if error else 200,
        lines=lines,
        like=[("", "空白表单"), *((each, each) for each in known)],
        typed=typed or {},
        error=error,
        errors=_errors(error),
    )


def _draw(
    here: Held,
    key: str,
    typed: act_pages.Typed | None = None,
    error: DomainError | None = None,
) -> Response:
    text = (typed or {}).get("schema") or here.draft.files[_file(here, key)]
    answer = draw_draft(
        "form.html",
        here,
        refusals.status_of(error) if error else 200,
        key=key,
        schema=text,
        shown=seen(key, text),
        error=error,
        errors=_errors(error),
    )
    return headers.let_draw(answer)
