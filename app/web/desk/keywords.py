"""改动主题词 of a signed document: a page with the words as they are, and the reason (DRF-18)."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.acts import indexing
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint


@blueprint.get("/documents/<int:id>/keywords", endpoint="keywords")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/documents/<int:id>/keywords")
def change_keywords(id: int) -> Response:
    def operation() -> str:
        words = re.split(r"[\s、，,；;]+", request.form.get("keywords", "").strip())
        given = [each for each in words if each]
        reason = request.form.get("reason", "")
        indexing.change(current_session(), current_actor(), id, given, reason)
        return "主题词已改，原来的留在流转记录里。"

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw(id, typed, error)

    _, case_id = looking.document(id)
    current_session().rollback()
    return act_pages.carry_out(operation, url_for("desk.case", id=case_id, tab="sheet"), again)


def _draw(
    id: int, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> Response:
    document, case_id = looking.document(id)
    possible = indexing.may_change(looking.case(case_id))
    present = "、".join(document.keywords_in_force)
    title = document.title
    current_session().commit()
    return plain_pages.draw(
        "desk/keywords.html",
        title,
        url_for("desk.case", id=case_id, tab="sheet"),
        typed=typed,
        error=error,
        present=present,
        possible=possible,
    )
