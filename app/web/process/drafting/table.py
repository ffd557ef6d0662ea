"""表格视图: the route as one row per step, for whoever cannot use the canvas. No script needed."""

from dataclasses import dataclass

from flask import Response

from app.errors import DomainError
from app.web.desk import act_pages, plain_pages
from app.web.process.blueprint import blueprint
from app.web.process.drafting.held import Held, held, panel, save_drawing
from app.web.process.drafting.modeler import draw_draft
from app.workflow import editing
from app.workflow.editing import Drawing, Panel, Row, rows


@dataclass(frozen=True)
class Line:
    """A row of the table with the fields that it shows in words."""

    row: Row
    who: str
    limit: str
    form: str


@blueprint.get("/drafts/<int:id>/table", endpoint="draft_table")
def show(id: int) -> Response:
    here = held(id)
    drawing = Drawing(here.data)
    known = panel(here.draft)
    lines = [_line(drawing, known, row) for row in rows(drawing)]
    return draw_draft("table.html", here, lines=lines)


@blueprint.get("/drafts/<int:id>/steps/<string:element>/removal", endpoint="draft_step_removal")
def show_removal(id: int, element: str) -> Response:
    return _draw(held(id), element)


@blueprint.post("/drafts/<int:id>/steps/<string:element>/removal", endpoint="remove_draft_step")
def remove(id: int, element: str) -> Response:
    here = held(id)

    def operation() -> str:
        def act(drawing: Drawing) -> str:
            name = row_of(drawing, element).label
            editing.remove(drawing, element)
            return f"已删除环节“{name}”，原来送到它的改送下一步。"

        return save_drawing(here, act)

    return act_pages.carry_out(
        operation, here.address("draft_table"), lambda _, error: _draw(held(id), element, error)
    )


def row_of(drawing: Drawing, element: str) -> Row:
    """The row of one element. Raises Invalid when it is gone."""
    drawing.node(element)
    return next(row for row in rows(drawing) if row.id == element)


LEADS = "返回表格视图"


def _draw(here: Held, element: str, error: DomainError | None = None) -> Response:
    row = row_of(Drawing(here.data), element)
    return plain_pages.draw(
        "process/drafting/removal.html",
        row.label,
        here.address("draft_table"),
        LEADS,
        error=error,
        row=row,
        held=here,
    )


def _line(drawing: Drawing, known: Panel, row: Row) -> Line:
    if not row.step:
        return Line(row, "", "", "")
    step = drawing.node(row.id)
    values = known.values(step)
    words = {
        field.key: dict(field.choices).get(values.get(field.key, ""), values.get(field.key, ""))
        for field in known.fields(step)
    }
    who = words.get("candidateGroups") or values.get("assignee", "")
    limit = values.get("limit", "")
    days = f"{limit} 个工作日" if limit.isdigit() else limit
    return Line(row, "拟稿人" if who == "${drafter}" else who, days, words.get("formKey", ""))
