"""The page with the canvas. What it saves and checks goes through the API like a program's."""

import re
from typing import Any

from flask import Response, make_response

from app.database import current_session
from app.web import headers
from app.web.process.blueprint import blueprint, draw
from app.web.process.drafting.held import Held, form_keys, held, panel


@blueprint.get("/drafts/<int:id>", endpoint="draft")
def show(id: int) -> Response:
    here = held(id)
    return headers.let_draw(draw_draft("modeler.html", here, templates=panel(here.draft).templates))


@blueprint.get("/drafts/<int:id>/drawing.bpmn", endpoint="draft_drawing")
def download(id: int) -> Response:
    """The drawing as a file, to go on with it in a desktop modeler."""
    here = held(id)
    answer = make_response(here.data)
    current_session().commit()
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", here.draft.process_id)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.bpmn"'
    return answer


def draw_draft(template: str, here: Held, status: int = 200, **shown: Any) -> Response:
    """A page about a draft, with the way to its other pages."""
    forms = form_keys(here.draft)
    html = draw(f"drafting/{template}", held=here, draft=here.draft, forms=forms, **shown)
    return make_response(html, status)
