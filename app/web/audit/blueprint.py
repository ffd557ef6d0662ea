"""The blueprint of 记录核验, open to security auditors, and the frame that its pages share."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app.database import current_session
from app.errors import DomainError, Invalid, NotAllowed
from app.organization import roles
from app.web import ids, refusals
from app.web.audit import links
from app.web.current import actor_or_none, current_actor

blueprint = Blueprint("audit", __name__, url_prefix="/audit")
blueprint.url_value_preprocessor(ids.refuse_impossible)

TABS: Sequence[tuple[str, str]] = (
    ("核验", "audit.record"),
    ("回放", "audit.cases"),
    ("检索和抽样", "audit.search"),
    ("合规检查", "audit.deviations"),
    ("流程分析", "audit.flow"),
    ("事件日志", "audit.event_logs"),
    ("查阅记录", "audit.accesses"),
    ("检查包", "audit.packs"),
    ("规则对照", "audit.rules"),
)
"""Pages of the room, in the order of the tabs."""

WITHIN = {
    "audit.replay": "audit.cases",
    "audit.find_case": "audit.cases",
    "audit.flow_cases": "audit.flow",
    "audit.sample": "audit.search",
    "audit.entry": "audit.search",
}
"""Pages that lie behind another one's tab."""

OPEN_ALSO = {"audit.rules": roles.PROCESS_ADMIN}
"""What another role reads here too."""


@blueprint.before_request
def ensure_auditor() -> None:
    actor, also = current_actor(), OPEN_ALSO.get(request.endpoint or "")
    if not actor.holds(roles.AUDITOR) and not (also and actor.holds(also)):
        raise NotAllowed("审计记录由安全审计员核验和查看，请联系安全审计员。")


@blueprint.context_processor
def _frame() -> dict[str, Any]:
    """(label, address, whether it is the present page) of each tab, and where rows lead.

    Who may read one page only gets no tabs, nor does a refusal before anybody has signed in.
    """
    here, actor = WITHIN.get(request.endpoint or "", request.endpoint), actor_or_none()
    shown = TABS if actor and actor.holds(roles.AUDITOR) else ()
    return {
        "tabs": [(label, url_for(endpoint), endpoint == here) for label, endpoint in shown],
        "replay_of": links.replay_of,
        "entry_of": links.entry,
    }


def draw(template: str, *, error: DomainError | None = None, **shown: Any) -> Response:
    """A page with the tabs above it; everything is read before the transaction ends."""
    errors = list(error.errors) if isinstance(error, Invalid) else []
    current_session().commit()
    html = render_template(f"audit/{template}", error=error, errors=errors, **shown)
    return make_response(html, refusals.status_of(error) if error else 200)
