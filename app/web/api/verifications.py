"""核验: the verdict on files, for everybody; nothing of them is kept."""

from typing import Any

from flask import Response, jsonify, request
from pydantic import BaseModel

from app.web.api.blueprints import group
from app.web.verify.examining import Examined, examine

blueprint = group("verifications", "核验")


class VerifiedFinding(BaseModel):
    """``code`` is stable; ``field`` is "" where it is about the whole file."""

    code: str
    field: str
    sentence: str


class VerifiedSignature(BaseModel):
    """``then``: valid, or a code; ``now``: valid, expired, suspended, revoked or unknown."""

    field: str
    kind: str
    name: str
    unit: str
    issuer: str
    serial: str
    at: str | None
    then: str
    now: str
    changed: str
    when: str
    remark: str
    sentence: str


class Verification(BaseModel):
    """``ok``: an issued paper of this office, whole and unchanged."""

    name: str
    ok: bool
    sentences: list[str]
    signatures: list[VerifiedSignature]
    findings: list[VerifiedFinding]
    texts: dict[str, str]
    sha256: str
    sm3: str


class Verifications(BaseModel):
    files: list[Verification]


@blueprint.post(
    "/verifications",
    operation_id="verifyFiles",
    summary="核验版式公文（multipart/form-data，字段 file，最多 5 个），不保存；无须登录",
    security=[],
    responses={200: Verifications},
)
def verify_files() -> Response:
    examined = examine(request.files.getlist("file"))
    return jsonify(Verifications(files=[_file(each) for each in examined]).model_dump())


def _file(each: Examined) -> Verification:
    if each.verdict is None:
        found: dict[str, Any] = {"code": "damaged", "field": "", "sentence": each.refusal}
        return Verification(
            name=each.name,
            ok=False,
            sentences=[each.refusal],
            signatures=[],
            findings=[VerifiedFinding(**found)],
            texts={},
            sha256="",
            sm3="",
        )
    return Verification(name=each.name, **each.verdict.as_json())
