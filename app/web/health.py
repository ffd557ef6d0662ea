"""/healthz: the same facts for machines that the operator sees."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.database import current_session
from app.deadlines.health import scheduler

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    try:
        state = scheduler(current_session(), clock.now(current_session()))
    except SQLAlchemyError:
        current_session().rollback()
        answer = {"status": "error", "database": "error", "scheduler": "unknown"}
        return jsonify(answer), 503
    status = "ok" if state == "ok" else "error"
    answer = {"status": status, "database": "ok", "scheduler": state}
    return jsonify(answer), 200 if status == "ok" else 503
