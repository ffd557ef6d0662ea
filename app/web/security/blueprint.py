"""The blueprint of 账号安全, and the frame that its pages share."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app.database import current_session
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling.inspection import reviewing
from app.organization import alarms, roles
from app.web import ids, refusals
from app.web.current import current_actor

blueprint = Blueprint("security", __name__, url_prefix="/security")
blueprint.url_value_preprocessor(ids.refuse_impossible)

REFUSED = (Conflict, Invalid, NotAllowed, NotFound)


@dataclass(frozen=True)
class Tab:
    """One page of 账号安全; ``count`` of what waits there."""

    label: str
    url: str
    count: int
    current: bool


@blueprint.before_request
def _security_administrators_only() -> None:
    if not current_actor().holds(roles.SECURITY_ADMIN, unit_id=current_actor().unit_id):
        raise NotAllowed("账号安全由安全管理员管理，请联系本单位安全管理员。")


def draw(template: str, *, error: DomainError | None = None, **shown: Any) -> Response:
    """A page with the tabs above it; everything is read before the transaction ends."""
    html_of = {
        "tabs": _tabs(),
        "error": error,
        "errors": list(error.errors) if isinstance(error, Invalid) else [],
        **shown,
    }
    current_session().commit()
    status = refusals.status_of(error) if error else 200
    return make_response(render_template(f"security/{template}", **html_of), status)


def _tabs() -> list[Tab]:
    session, unit_id = current_session(), current_actor().unit_id
    found = (
        ("告警", "security.alarms_listed", alarms.waiting(session, unit_id)),
        ("账号", "security.accounts_listed", 0),
        ("双因素规则", "security.policy", 0),
        ("审计员复核", "security.auditors_reviewed", reviewing.waiting(session, unit_id)),
    )
    return [
        Tab(label, url_for(endpoint), count, request.path == url_for(endpoint))
        for label, endpoint, count in found
    ]
