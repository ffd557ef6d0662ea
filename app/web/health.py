"""/healthz: the same facts for machines that the operator sees."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.audit import rights
from app.database import current_session
from app.deadlines.health import health
from app.documents import scanning
from app.messages import queries as outbox
from app.seals import signer

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """503 when acts or limits do not work; what can wait for the operator is only a warning."""
    session = current_session()
    try:
        found, unsent = health(session, clock.now(session)), outbox.warnings(session)
        role = rights.warnings(session)
    except SQLAlchemyError:
        session.rollback()
        answer = {"status": "error", "database": "error", "scheduler": "unknown", "warnings": []}
        return jsonify(answer), 503
    return jsonify(
        status="ok" if found.ok else "error",
        database="ok",
        scheduler="".join(found.serious) or "ok",
        warnings=[*found.warnings, *unsent, *role, *scanning.warnings(), *_without_keys()],
    ), 200 if found.ok else 503


def _without_keys() -> list[str]:
    """That the signer does not answer where it is in use: signing waits, the rest goes on."""
    asked = signer.client()
    if not asked.path.parent.is_dir():
        return []
    found = asked.health()
    return [] if found.up else [found.sentence]
