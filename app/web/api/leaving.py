"""岗位交接 through the API: prepared, looked at, signed for or given up."""

from flask import Response
from pydantic import BaseModel

from app.database import current_session
from app.errors import NotFound
from app.handling.acts import inventory, leaving
from app.handling.views import handovers
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("leaving", "岗位交接")


class HandoverBody(schemas.Input):
    """Logins of who leaves and of who takes over."""

    person: schemas.Key
    successor: schemas.Key
    reason: schemas.Remark


class Handover(BaseModel):
    """``state``: prepared, done or dropped; ``moved``: what was signed for, in words."""

    id: int
    person: str
    successor: str
    reason: str
    state: str
    prepared_by: str
    prepared_at: schemas.Instant
    decided_by: str | None
    decided_at: schemas.Instant | None
    moved: list[str]


class HandoverDetail(Handover):
    """``items``: what would move if it were signed for now."""

    items: list[str]


class Handovers(BaseModel):
    items: list[Handover]


@blueprint.get(
    "/handovers", operation_id="listHandovers", summary="岗位交接", responses={200: Handovers}
)
def list_handovers() -> Response:
    found = handovers.listed(current_session(), current_actor())
    return answers.reply(
        Handovers(items=[Handover.model_validate(_values(each)) for each in found])
    )


@blueprint.post(
    "/handovers",
    operation_id="prepareHandover",
    summary="提交岗位交接（本人或系统管理员）",
    responses={201: HandoverDetail},
)
@acting
def prepare(body: HandoverBody) -> Response:
    session, actor = current_session(), current_actor()
    made = leaving.prepare(session, actor, body.person, body.successor, body.reason)
    return answers.reply(_detail(made.id), 201)


@blueprint.get(
    "/handovers/<int:id>",
    operation_id="getHandover",
    summary="一项岗位交接及其清单",
    responses={200: HandoverDetail},
)
def get_handover(path: schemas.NumberPath) -> Response:
    return answers.reply(_detail(path.id))


@blueprint.post(
    "/handovers/<int:id>/confirm",
    operation_id="confirmHandover",
    summary="监交签字，一次办完（领导）",
    responses={200: HandoverDetail},
)
@acting
def confirm(path: schemas.NumberPath) -> Response:
    leaving.confirm(current_session(), current_actor(), path.id)
    return answers.reply(_detail(path.id))


@blueprint.post(
    "/handovers/<int:id>/drop",
    operation_id="dropHandover",
    summary="撤销未签字的岗位交接",
    responses={200: HandoverDetail},
)
@acting
def drop(path: schemas.NumberPath) -> Response:
    leaving.drop(current_session(), current_actor(), path.id)
    return answers.reply(_detail(path.id))


def _detail(handover_id: int) -> HandoverDetail:
    session = current_session()
    session.flush()
    found = handovers.one(session, current_actor(), handover_id)
    if found is None:
        raise NotFound
    waiting = found.state == "prepared"
    items = [each.words for each in inventory.items(session, found.person_id)] if waiting else []
    return HandoverDetail.model_validate({**_values(found), "items": items})


def _values(each: handovers.Handover) -> dict[str, object]:
    return {
        "id": each.id,
        "person": each.person_login,
        "successor": each.successor_login,
        "reason": each.reason,
        "state": each.state,
        "prepared_by": each.prepared_by,
        "prepared_at": each.prepared_at,
        "decided_by": each.decided_by,
        "decided_at": each.decided_at,
        "moved": list(each.moved),
    }
