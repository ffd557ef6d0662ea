"""转办 and 征求意见: a page with the colleague, the way and the reason."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from app import organization
from app.database import current_session
from app.handling.act import Act
from app.handling.acts.handing_over import HandOver, hand_over
from app.web.current import current_actor
from app.web.desk import act_pages
from app.web.desk.blueprint import blueprint

PAGE = "desk/hand_over.html"


@blueprint.get("/tasks/<int:id>/hand-over", endpoint="hand_over")
def show(id: int) -> Response:
    return act_pages.draw(id, PAGE, _shown)


@blueprint.post("/tasks/<int:id>/hand-over")
def hand_over_task(id: int) -> Response:
    form = HandOver(
        to=request.form.get("to", ""),
        opinion=request.form.get("opinion", ""),
        mode=request.form.get("mode", ""),
        revision=act_pages.revision(),
    )

    def operation() -> str:
        hand_over(current_session(), current_actor(), id, form)
        name = organization.person_by_login(current_session(), form.to).name
        if form.mode == "consult":
            return f"已请{name}提出意见，回复后此件回到您的待办。"
        return f"已转办给{name}。"

    return act_pages.submit(id, PAGE, _shown, operation)


def _shown(act: Act) -> Mapping[str, Any]:
    people = organization.people(act.session, act.case.unit_id)
    return {
        "people": [each for each in people if each.id != act.actor.person_id],
        "asked": act.stay.kind == "consult",
    }
