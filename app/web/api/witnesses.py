"""Who cosigns the record, and whose records are cosigned here: for auditors."""

from flask import Response
from pydantic import BaseModel

from app import clock
from app.audit.cosigning import queries
from app.database import current_session
from app.errors import NotAllowed
from app.organization import roles
from app.web.api import answers
from app.web.api.blueprints import group
from app.web.api.schemas import Instant
from app.web.current import current_actor

blueprint = group("witnesses", "见证")


class WitnessState(BaseModel):
    """``size``: what it cosigned last; ``behind``: entries under newer checkpoints.

    ``fault``: a stable code, "" where all is well; ``disagrees``: it refuses this record.
    ``missing``: nothing for a day. ``key``: name, key ID and key as other programs read them.
    """

    name: str
    address: str
    key: str
    size: int
    cosigned_at: Instant | None
    behind: int
    fault: str
    fault_at: Instant | None
    missing: bool


class LogState(BaseModel):
    """``size``: what was cosigned last; ``refused_at``: when it contradicted itself."""

    origin: str
    public_key: str
    size: int
    cosigned_at: Instant | None
    refused_at: Instant | None


class Witnesses(BaseModel):
    items: list[WitnessState]
    logs: list[LogState]


@blueprint.get(
    "/audit/witnesses",
    operation_id="listWitnesses",
    summary="见证方及其副署、在此见证的日志（安全审计员）",
    responses={200: Witnesses},
)
def list_witnesses() -> Response:
    if not current_actor().holds(roles.AUDITOR):
        raise NotAllowed("只有安全审计员可以查看见证，请联系安全审计员。")
    session = current_session()
    items, logs = queries.witnesses(session, clock.now(session)), queries.logs(session)
    found = {"items": items, "logs": logs}
    return answers.reply(Witnesses.model_validate(found, from_attributes=True))
