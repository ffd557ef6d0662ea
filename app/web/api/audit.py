"""The record as a whole: for auditors."""

from flask import Response

from app import audit, clock
from app.database import current_session
from app.errors import NotAllowed
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("audit", "审计")


@blueprint.get(
    "/audit/verification",
    operation_id="verifyAudit",
    summary="校验整条记录（安全审计员）",
    responses={200: schemas.AuditVerification},
)
@acting
def verify_audit() -> Response:
    """The auditor's own reading is recorded too."""
    actor = current_actor()
    if not actor.holds("auditor"):
        raise NotAllowed("只有安全审计员可以校验记录，请联系安全审计员。")
    found = audit.verify(current_session())
    audit.record(
        current_session(),
        "audit.verified",
        actor.signature(),
        at=clock.now(current_session()),
        outcome="done" if found.ok else "failed",
        detail={"entries": found.entries, "first_bad": found.first_bad},
    )
    return answers.reply(
        schemas.AuditVerification(
            ok=found.ok, entries=found.entries, first_bad=found.first_bad, reason=found.reason
        )
    )
