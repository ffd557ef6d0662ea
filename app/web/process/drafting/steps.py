"""One step: what its panel says, and a new one put in behind a way out."""

from collections.abc import Mapping, Sequence

from flask import Response, request

from app.errors import DomainError, Invalid, NotFound
from app.web.desk import act_pages, plain_pages
from app.web.process.blueprint import blueprint
from app.web.process.drafting.held import Held, held, panel, save_drawing
from app.web.process.drafting.table import LEADS, row_of
from app.workflow import editing
from app.workflow.editing import Drawing, NewOutcome, NewStep, PanelField, Row, rows

MOST = 5  # outcomes on the page of a new step
FIELD = "field."
"""Begins the names of the fields of the panel, so that none collides with ours."""

RETURNS, NOWHERE = "return_to", "none"
"""The field of the steps that one may be sent back to, ticked one by one; and that it is none."""

KEYS = {"同意": "approve", "不同意": "reject", "退回": "back", "修改后再审": "revise"}


@blueprint.get("/drafts/<int:id>/steps/<string:element>", endpoint="draft_step")
def show(id: int, element: str) -> Response:
    return _draw(held(id), element)


@blueprint.post("/drafts/<int:id>/steps/<string:element>", endpoint="change_draft_step")
def change(id: int, element: str) -> Response:
    here = held(id)

    def operation() -> str:
        def act(drawing: Drawing) -> str:
            step = drawing.node(element)
            panel(here.draft).put(drawing, step, _said())
            editing.rename(step, request.form.get("name", ""))
            return f"已保存环节“{step.get('name')}”。"

        return save_drawing(here, act)

    return act_pages.carry_out(
        operation, here.address("draft_table"), lambda *again: _draw(held(id), element, *again)
    )


@blueprint.get("/drafts/<int:id>/new-step", endpoint="draft_new_step")
def show_new(id: int) -> Response:
    return _draw_new(held(id))


@blueprint.post("/drafts/<int:id>/new-step", endpoint="add_draft_step")
def insert(id: int) -> Response:
    here = held(id)

    def operation() -> str:
        new = NewStep(request.form.get("name", ""), _said(), _outcomes())
        flow = request.args.get("after", "")

        def act(drawing: Drawing) -> str:
            editing.insert(drawing, panel(here.draft), flow, new)
            return f"已加环节“{new.name.strip()}”。"

        return save_drawing(here, act)

    return act_pages.carry_out(
        operation, here.address("draft_table"), lambda *again: _draw_new(held(id), *again)
    )


def targets(drawing: Drawing) -> list[tuple[str, str]]:
    """Where a way out may lead: (id, name) of everything but beginnings."""
    return [
        (row.id, row.label)
        for row in rows(drawing)
        if row.tag not in ("startEvent", "boundaryEvent")
    ]


def acting(drawing: Drawing) -> list[tuple[str, str]]:
    """(id, name) of every step, for fields that name steps."""
    return [(row.id, row.label) for row in rows(drawing) if row.step]


def key_for(label: str, number: int, taken: Sequence[str]) -> str:
    """The key of an outcome that was given no key: conditions need one, people do not."""
    known = KEYS.get(label, "")
    return known if known and known not in taken else f"way_{number}"


def _said() -> dict[str, str]:
    """Raises Invalid where steps were ticked, and that none is allowed too."""
    found = {
        name.removeprefix(FIELD): value
        for name, value in request.form.items()
        if name.startswith(FIELD)
    }
    if RETURNS in found:
        ticked = [each for each in request.form.getlist(FIELD + RETURNS) if each]
        if NOWHERE in ticked and len(ticked) > 1:
            raise Invalid.at(RETURNS, "勾选了“不能退回”，就不能再选环节：请去掉其中一样。")
        found[RETURNS] = " ".join(ticked)
    return found


def _outcomes() -> list[NewOutcome]:
    found: list[NewOutcome] = []
    for number in range(1, MOST + 1):
        label = " ".join(request.form.get(f"label{number}", "").split())
        if not label:
            continue
        given = request.form.get(f"key{number}", "").strip()
        key = given or key_for(label, number, [each.key for each in found])
        found.append(NewOutcome(key, label, request.form.get(f"target{number}", "")))
    return found


def grouped(fields: Sequence[PanelField]) -> Mapping[str, list[PanelField]]:
    """Fields under the headings of the panel, in their order."""
    found: dict[str, list[PanelField]] = {}
    for field in fields:
        found.setdefault(field.group, []).append(field)
    return found


def _draw(
    here: Held,
    element: str,
    typed: act_pages.Typed | None = None,
    error: DomainError | None = None,
) -> Response:
    drawing = Drawing(here.data)
    row = row_of(drawing, element)
    if not row.step:
        raise NotFound("只有办理环节有这些属性。")
    known, step = panel(here.draft), drawing.node(element)
    values = {f"{FIELD}{key}": value for key, value in known.values(step).items()}
    return plain_pages.draw(
        "process/drafting/step.html",
        row.label,
        here.address("draft_table"),
        LEADS,
        typed=typed or {"name": row.name, **values},
        error=error,
        held=here,
        row=row,
        groups=grouped(known.fields(step)),
        steps=[each for each in acting(drawing) if each[0] != element],
        prefix=FIELD,
    )


def _draw_new(
    here: Held, typed: act_pages.Typed | None = None, error: DomainError | None = None
) -> Response:
    drawing = Drawing(here.data)
    after = _place(drawing, request.args.get("after", ""))
    fields = panel(here.draft).fields()
    usual = {f"{FIELD}{each.key}": editing.shown(each, each.usual) for each in fields}
    left = {f"{FIELD}{key}": "" for key in ("outcome", "outcome_label")}
    return plain_pages.draw(
        "process/drafting/new_step.html",
        f"加在“{after[0].label}”之后",
        here.address("draft_table"),
        LEADS,
        typed=typed or {**usual, **left},
        error=error,
        held=here,
        onward=after[1],
        groups=grouped([each for each in fields if f"{FIELD}{each.key}" not in left]),
        steps=acting(drawing),
        targets=targets(drawing),
        numbers=range(1, MOST + 1),
        prefix=FIELD,
    )


def _place(drawing: Drawing, flow: str) -> tuple[Row, str]:
    """The row whose way out is opened, and what comes after it now."""
    for row in rows(drawing):
        for way in row.ways:
            if way.id == flow and way.may_insert:
                return row, way.target_name
    raise NotFound("流程图中没有这个出口，请从表格视图进入。")
