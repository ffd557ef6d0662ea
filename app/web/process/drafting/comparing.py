"""比较: what the draft changes against the version it was begun from or that holds, in words."""

from flask import Response, request

from app.database import current_session
from app.handling.views import definitions
from app.web.process.blueprint import blueprint
from app.web.process.drafting.held import held
from app.web.process.drafting.modeler import draw_draft
from app.workflow import drafts
from app.workflow.differing.comparing import LABELS
from app.workflow.draft_files import as_bytes


@blueprint.get("/drafts/<int:id>/difference", endpoint="draft_difference")
def compare(id: int) -> Response:
    here, session = held(id), current_session()
    old = drafts.files_before(session, here.draft)
    new = as_bytes(here.draft.files)
    part = request.headers.get("HX-Request")
    answer = draw_draft(
        "differences.html" if part else "difference.html",
        here,
        found=definitions.differences(session, old, new) if old else None,
        lost=definitions.lost_clauses(old, new) if old else {},
        labels=LABELS,
    )
    answer.vary.add("HX-Request")
    return answer
