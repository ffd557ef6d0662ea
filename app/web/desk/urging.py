"""催办: a page with the stay, what was urged before, and the reason."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.acts.urging import may_urge, urge
from app.handling.views import queries
from app.handling.views.urges import urges
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint


@blueprint.get("/tasks/<int:id>/urge", endpoint="urge")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/tasks/<int:id>/urge")
def urge_task(id: int) -> Response:
    def operation() -> str:
        urge(current_session(), current_actor(), id, request.form.get("reason", ""))
        return "已催办，对方的待阅和办理页面里都能看到。"

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw(id, typed, error)

    return act_pages.carry_out(operation, url_for("desk.task", id=id), again)


def _draw(
    id: int, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> Response:
    act = looking.task(id)
    (row,) = queries.tasks_by_id(act.session, [id])
    before = urges(act.session, [id]).get(id, [])
    possible = may_urge(act)
    current_session().commit()
    return plain_pages.draw(
        "desk/urge.html",
        row.title,
        url_for("desk.task", id=id),
        typed=typed,
        error=error,
        row=row,
        before=before,
        possible=possible,
        now=act.at,
    )
