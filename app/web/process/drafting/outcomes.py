"""Ways out of a step: changed, added and taken away."""

from flask import Response, request

from app.errors import DomainError, NotFound
from app.web.desk import act_pages, plain_pages
from app.web.process.blueprint import blueprint
from app.web.process.drafting.held import Held, held, save_drawing
from app.web.process.drafting.steps import key_for, targets
from app.web.process.drafting.table import LEADS, row_of
from app.workflow import editing
from app.workflow.editing import Drawing, NewOutcome, Row, Way, rows


@blueprint.get("/drafts/<int:id>/ways/<string:flow>", endpoint="draft_way")
def show(id: int, flow: str) -> Response:
    return _draw(held(id), flow)


@blueprint.post("/drafts/<int:id>/ways/<string:flow>", endpoint="change_draft_way")
def change(id: int, flow: str) -> Response:
    here = held(id)
    form = request.form

    def act(drawing: Drawing) -> str:
        if form.get("do") == "remove":
            editing.remove_way(drawing, flow)
            return "已删除出口。"
        editing.change_way(
            drawing,
            flow,
            name=form.get("name", ""),
            target=form.get("target", ""),
            key=form.get("key", ""),
            condition=form.get("condition", ""),
        )
        return "已保存出口。"

    return act_pages.carry_out(
        lambda: save_drawing(here, act),
        here.address("draft_table"),
        lambda *again: _draw(held(id), flow, *again),
    )


@blueprint.get("/drafts/<int:id>/steps/<string:element>/ways", endpoint="draft_new_way")
def show_new(id: int, element: str) -> Response:
    return _draw_new(held(id), element)


@blueprint.post("/drafts/<int:id>/steps/<string:element>/ways", endpoint="add_draft_way")
def add(id: int, element: str) -> Response:
    here = held(id)
    form = request.form

    def act(drawing: Drawing) -> str:
        ways = row_of(drawing, element).ways
        label = " ".join(form.get("name", "").split())
        key = form.get("key", "").strip()
        key = key or key_for(label, len(ways) + 1, [way.key for way in ways])
        editing.add_way(drawing, element, NewOutcome(key, label, form.get("target", "")))
        return f"已加结果“{label}”。"

    return act_pages.carry_out(
        lambda: save_drawing(here, act),
        here.address("draft_table"),
        lambda *again: _draw_new(held(id), element, *again),
    )


def _draw(
    here: Held, flow: str, typed: act_pages.Typed | None = None, error: DomainError | None = None
) -> Response:
    drawing = Drawing(here.data)
    row, way = _found(drawing, flow)
    values = {"name": way.name, "target": way.target, "key": way.key, "condition": way.condition}
    return plain_pages.draw(
        "process/drafting/way.html",
        f"{row.label} → {way.target_name}",
        here.address("draft_table"),
        LEADS,
        typed=typed or values,
        error=error,
        held=here,
        row=row,
        way=way,
        targets=targets(drawing),
    )


def _draw_new(
    here: Held, element: str, typed: act_pages.Typed | None = None, error: DomainError | None = None
) -> Response:
    drawing = Drawing(here.data)
    row = row_of(drawing, element)
    return plain_pages.draw(
        "process/drafting/way.html",
        row.label,
        here.address("draft_table"),
        LEADS,
        typed=typed or {},
        error=error,
        held=here,
        row=row,
        way=None,
        targets=[("", "请选择"), *targets(drawing)],
    )


def _found(drawing: Drawing, flow: str) -> tuple[Row, Way]:
    for row in rows(drawing):
        for way in row.ways:
            if way.id == flow:
                return row, way
    raise NotFound("流程图中没有这个出口，请从表格视图进入。")
