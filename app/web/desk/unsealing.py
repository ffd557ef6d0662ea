"""撤销用印: a plain page with the reason, for who sealed the document."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app.database import current_session
from app.errors import DomainError
from app.handling.acts.unsealing import may_take_off, take_off
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint


@blueprint.get("/cases/<int:id>/unseal", endpoint="unseal")
def show(id: int) -> Response:
    return _draw(id)


@blueprint.post("/cases/<int:id>/unseal")
def unseal_case(id: int) -> Response:
    def operation() -> str:
        take_off(current_session(), current_actor(), id, request.form.get("reason", ""))
        return "已撤销用印，此件回到用印环节；签发和文号不变。"

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw(id, typed, error)

    return act_pages.carry_out(operation, url_for("desk.case", id=id), again)


def _draw(
    id: int, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> Response:
    act = looking.case(id)
    title, possible = act.document.title, may_take_off(act)
    current_session().commit()
    return plain_pages.draw(
        "desk/unseal.html",
        title,
        url_for("desk.case", id=id),
        typed=typed,
        error=error,
        possible=possible,
    )
