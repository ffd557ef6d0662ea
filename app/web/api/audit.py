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
def verify_audit() -> Response:
    """Read first, then recorded: a long record keeps nobody from writing."""
    if not current_actor().holds("auditor"):
        raise NotAllowed("只有安全审计员可以校验记录，请联系安全审计员。")
    found = audit.verify(current_session())
    current_session().rollback()
    return _recorded(found)


@acting
def _recorded(found: audit.Verification) -> Response:
    """The auditor's own reading is on record too."""
    audit.record(
        current_session(),
        "audit.verified",
        current_actor().signature(),
        at=clock.now(current_session()),
        outcome="done" if found.ok else "failed",
        detail={"entries": found.entries, "first_bad": found.first_bad},
    )
    return answers.reply(
        schemas.AuditVerification(
            ok=found.ok, entries=found.entries, first_bad=found.first_bad, reason=found.reason
        )
    )
