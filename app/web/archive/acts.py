"""One document on its way into the archive: its entry, its six stages, filing and 重新整理."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, request, url_for

from app.database import current_session
from app.errors import Conflict, DomainError, Invalid
from app.handling.act import Act, look_at_case
from app.handling.filing import filing, finished, listing, responsibility, rights, stages
from app.handling.filing.models import RETENTIONS
from app.web import refusals
from app.web.archive.blueprint import blueprint, draw
from app.web.current import current_actor
from app.web.desk import act_pages

Typed = Mapping[str, Any]


@blueprint.get("/items/<int:id>", endpoint="item")
def show_item(id: int) -> Response:
    return _draw(filing.case_of(current_session(), id))


@blueprint.get("/cases/<int:id>", endpoint="case")
def show_case(id: int) -> Response:
    return _draw(id)


@blueprint.post("/cases/<int:id>")
def file_or_rearrange(id: int) -> Response:
    """Files it; of what is filed, changes how long it is kept."""

    def operation() -> str:
        session, actor = current_session(), current_actor()
        wanted, reason = (request.form.get(name, "") for name in ("retention", "reason"))
        item = filing.of_case(session, id)
        if item is not None and request.form.get("item") == str(item.id):
            filing.rearrange(session, actor, item.id, wanted, reason)
            return "保管期限已改定。"
        filing.file(session, actor, id, wanted, reason)
        return "已归档，可以列入移交清单。"

    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(id, typed, error)

    return act_pages.carry_out(operation, url_for("archive.filed"), again)


def _draw(case_id: int, typed: Typed | None = None, error: DomainError | None = None) -> Response:
    # who reads its entry has not read the document: a copy sent to him can still be taken back
    act = look_at_case(current_session(), current_actor(), case_id)
    entry = listing.one(act.session, act.actor, case_id)
    department = entry.department_id if entry else None
    files = department is not None and rights.may_file(act.actor, act.case.unit_id, department)
    page = draw(
        "item.html",
        case=act.case,
        document=act.document,
        entry=entry,
        why_none="" if entry else _why_none(act),
        stages=stages.stages(act),
        answers=responsibility.answers_for(act.session, case_id, act.at),
        may_arrange=files and entry is not None and entry.state in ("unfiled", "filed"),
        retentions=RETENTIONS.items(),
        typed=typed or {},
        error=error,
        errors=list(error.errors) if isinstance(error, Invalid) else [],
    )
    return make_response(page, refusals.status_of(error) if error else 200)


def _why_none(act: Act) -> str:
    """Why a document has no entry in the catalogue."""
    try:
        finished.ensure_finished(act)
    except Conflict as error:
        return error.message
    return ""
