"""交接保管, 调整用印范围, 停用, 恢复, 缴销: each on a plain page with only its own fields."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app import clock, organization
from app.database import current_session
from app.documents import kinds
from app.errors import DomainError
from app.organization import roles
from app.seals.models import SEAL_VERBS
from app.seals.registry import making, queries
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.seals.blueprint import blueprint

VERBS = "keep, permit, suspend, resume, retire"
DONE = {
    "keep": "保管已交接。",
    "permit": "用印范围已调整。",
    "suspend": "印章已停用，即时生效。",
    "resume": "印章已恢复使用。",
    "retire": "印章已缴销，不能再用。",
}


@blueprint.get(f"/seals/<int:id>/<any({VERBS}):verb>", endpoint="act")
def show(id: int, verb: str) -> Response:
    return _draw(id, verb)


@blueprint.post(f"/seals/<int:id>/<any({VERBS}):verb>")
def carry_out(id: int, verb: str) -> Response:
    def operation() -> str:
        session, typed = current_session(), request.form
        given = (session, current_actor(), clock.now(session), id)
        reason = typed.get("reason", "")
        if verb == "keep":
            making.hand_over(*given, typed.get("keeper", ""), typed.get("deputy", ""), reason)
        elif verb == "permit":
            making.permit(*given, typed.getlist("kinds"), reason)
        else:
            {"suspend": making.suspend, "resume": making.resume, "retire": making.retire}[verb](
                *given, reason
            )
        return DONE[verb]

    to = url_for("seals.one", id=id)
    return act_pages.carry_out(operation, to, lambda typed, error: _draw(id, verb, typed, error))


def _draw(
    id: int,
    verb: str,
    typed: Mapping[str, Any] | None = None,
    error: DomainError | None = None,
) -> Response:
    session, actor = current_session(), current_actor()
    seal, _ = queries.seal(session, actor, id)
    keepers = organization.people_of_role(session, roles.SEAL_KEEPER, actor.unit_id)
    session.commit()
    shown = {"keeper": seal.keeper_login, "deputy": seal.deputy_login}
    return plain_pages.draw(
        "seals/act.html",
        seal.wording,
        url_for("seals.one", id=id),
        "返回印章",
        typed=typed or {**shown, "lists": {"kinds": list(seal.kinds)}},
        error=error,
        verb=verb,
        act_title=SEAL_VERBS[verb],
        possible=verb in queries.may(actor, seal),
        seal=seal,
        keepers=[(each.login, each.name) for each in keepers],
        kinds=list(kinds.KINDS),
    )
