"""检查: what is wrong with a draft, each line with its element and where to mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request

from app.database import current_session, reading
from app.errors import Invalid
from app.web.process.blueprint import blueprint
from app.web.process.drafting.held import Held, held
from app.web.process.drafting.modeler import draw_draft
from app.workflow import drafts
from app.workflow.editing import Drawing, Row, rows
from app.workflow.errors import Fault


@dataclass(frozen=True)
class Finding:
    """A fault as a line of the page.

    name   what the element is called, "" for the file as a whole
    url    the page where it can be mended without a canvas, "" where there is none
    """

    fault: Fault
    name: str
    url: str


@blueprint.get("/drafts/<int:id>/check", endpoint="draft_check")
def check(id: int) -> Response:
    with reading():
        here = held(id)
        tries = "quick" not in request.args  # a hint beside the drawing is asked for at each pause
        looked = drafts.look(current_session(), here.draft)
        current_session().rollback()  # nothing is kept open while it is played
        found = findings(here, looked.faults(tries=tries))
    if request.headers.get("HX-Request"):
        answer = draw_draft("findings.html", here, found=found)
    else:
        answer = draw_draft("check.html", here, found=found)
    answer.vary.add("HX-Request")
    return answer


def findings(here: Held, faults: Sequence[Fault]) -> list[Finding]:
    """What must be mended first, then what is worth a look."""
    known = {row.id: (file, row) for file in here.drawings for row in _rows(here, file)}
    found = []
    for fault in sorted(faults, key=lambda each: each.warning):
        file, row = known.get(fault.element, ("", None))
        mending = row is not None and row.step and here.open
        url = here.address("draft_step", file, element=fault.element) if mending else ""
        found.append(Finding(fault, row.label if row else "", url))
    return found


def _rows(here: Held, file: str) -> list[Row]:
    """[] for a file that is no whole XML: the check says so, and nothing in it has a name."""
    try:
        return rows(Drawing(here.draft.files[file].encode()))
    except Invalid:
        return []
