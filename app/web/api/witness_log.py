"""Where logs of other systems have their checkpoints cosigned (C2SP tlog-witness).

No session and no token: the checkpoint is signed by its log, whose key an administrator has
pinned. Whatever else is sent changes nothing.
"""

import logging
from datetime import timedelta

from flask import Response, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from flask_openapi3.models.tag import Tag

from app import clock
from app.audit import checkpoints
from app.audit.cosigning.accepting import MOST_BYTES, Answer, accept
from app.audit.errors import KeyNotPrivate
from app.config import Config
from app.database import current_session
from app.web import refusals
from app.web.api.schemas import Problem
from app.web.pace import Pace

log = logging.getLogger("gongwen.web")

COSIGNATURE, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
CODES = {400: "checkpoint_form", 403: "checkpoint_signature", 404: "unknown_log"}
NOT_CONSISTENT = "checkpoint_not_consistent"
_TEXT = {"schema": {"type": "string"}}
_pace = Pace(60, timedelta(minutes=1))

blueprint = APIBlueprint(
    "api_witness_log",
    __name__,
    url_prefix="/api/v1/witness",
    abp_tags=[Tag(name="witnesses", description="见证")],
    abp_responses=dict.fromkeys((400, 403, 404, 413, 422, 429, 503), Problem),
)


class Submission(RawModel):
    """``old`` and a size; hashes of the proof; an empty line; the signed checkpoint."""

    mimetypes = ["text/plain"]  # noqa: RUF012  (a field of a model of the library)


@blueprint.before_request
def _bounded() -> None:
    _pace.ensure(request.remote_addr, clock.nearby())
    request.max_content_length = MOST_BYTES


@blueprint.post(
    "/add-checkpoint",
    operation_id="addCheckpoint",
    summary="为另一系统的检查点副署（C2SP tlog-witness）；须已登记其公钥，无须登录",
    security=[],
    responses={
        200: {"description": "副署，签名行", "content": {"text/plain": _TEXT}},
        409: {"description": "已副署到第几条", "content": {SIZE: _TEXT}},
    },
)
def add_checkpoint(raw: Submission) -> Response:
    """Committed before it is answered, refusals too: a contradiction is on record."""
    session, config = current_session(), _settings()
    body = request.get_data(cache=False)
    try:
        found = accept(
            session,
            body,
            config.witness_name,
            lambda: checkpoints.kept_key(config.cosigning_key),
            clock.now(session),
        )
    except (KeyNotPrivate, OSError) as fault:
        session.rollback()
        log.error("the key of the witness cannot be used: %s", fault)  # noqa: TRY400  (no fault of ours)
        return refusals.answer(503, "见证暂停", "见证方的密钥不能使用，请稍后再送。", "no_key")
    session.commit()
    return _answer(found)


def _answer(found: Answer) -> Response:
    if found.status in (200, 409):
        kind = COSIGNATURE if found.status == 200 else SIZE
        return Response(found.text, found.status, content_type=kind)
    code = CODES.get(found.status, NOT_CONSISTENT)
    return refusals.answer(found.status, "不能副署", found.sentence, code)


def _settings() -> Config:
    config: Config = current_app.config["SETTINGS"]
    return config
