"""The record as a whole: for auditors."""

from flask import Response
from pydantic import BaseModel, Field

from app import audit
from app.audit import accesses, checkpoints, proofs
from app.database import current_session
from app.errors import NotAllowed
from app.organization import roles
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.audit.pages import note_export, note_verification
from app.web.current import current_actor

blueprint = group("audit", "审计")

MOST = 2**53


class Checkpoint(BaseModel):
    """The root over the first ``size`` entries; hashes, key and signature in hexadecimal."""

    size: int
    root: str
    at: str
    public_key: str
    signature: str


class Checkpoints(BaseModel):
    items: list[Checkpoint]


class CheckpointQuery(schemas.Input):
    """``before``: only those of fewer entries."""

    limit: int = Field(default=50, ge=1, le=500)
    before: int | None = Field(default=None, ge=1, le=MOST)


class ConsistencyQuery(schemas.Input):
    """Sizes of two checkpoints."""

    earlier: int = Field(ge=1, le=MOST)
    later: int = Field(ge=1, le=MOST)


class Consistency(BaseModel):
    """``path``: the consistency proof of RFC 6962, in hexadecimal."""

    earlier: int
    later: int
    path: list[str]


class Proof(BaseModel):
    """``body``: the bytes of the entry; ``path``: the audit path of RFC 6962, in hexadecimal."""

    seq: int
    body: str
    path: list[str]
    checkpoint: Checkpoint


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
    found, looks = audit.verify(current_session()), accesses.verify(current_session())
    current_session().rollback()
    return _recorded(found, looks)


@acting
def _recorded(found: audit.Verification, looks: accesses.Sealed) -> Response:
    note_verification(found, looks)
    answer = {**vars(found), "ok": found.ok and looks.ok, "looks": vars(looks)}
    return answers.reply(schemas.AuditVerification.model_validate(answer))


@blueprint.get(
    "/audit/checkpoints",
    operation_id="listCheckpoints",
    summary="签署过的检查点，新的在前（安全审计员）",
    responses={200: Checkpoints},
)
def list_checkpoints(query: CheckpointQuery) -> Response:
    _ensure_auditor()
    found = checkpoints.listed(current_session(), query.limit, query.before)
    return answers.reply(Checkpoints.model_validate({"items": found}, from_attributes=True))


@blueprint.get(
    "/audit/consistency",
    operation_id="proveConsistency",
    summary="后一个检查点是前一个的延续的证明（安全审计员）",
    responses={200: Consistency},
)
def prove_consistency(query: ConsistencyQuery) -> Response:
    _ensure_auditor()
    path = proofs.between(current_session(), query.earlier, query.later)
    return answers.reply(Consistency(earlier=query.earlier, later=query.later, path=path))


@blueprint.get(
    "/audit/entries/<int:id>/proof",
    operation_id="proveEntry",
    summary="一条记录在检查点之内的证明（安全审计员）",
    responses={200: Proof},
)
def prove_entry(path: schemas.NumberPath) -> Response:
    _ensure_auditor()
    return _proved(path.id)


@acting
def _proved(seq: int) -> Response:
    found = proofs.of_entry(current_session(), seq)
    note_export("proof", seq)
    return answers.reply(Proof.model_validate(found, from_attributes=True))


def _ensure_auditor() -> None:
    if not current_actor().holds(roles.AUDITOR):
        raise NotAllowed("只有安全审计员可以查看检查点和证明，请联系安全审计员。")
