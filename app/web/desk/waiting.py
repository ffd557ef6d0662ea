"""What waits for a person now, for the script that keeps the numbers of an open page right."""

import hashlib
from dataclasses import asdict

from flask import Response, jsonify, request

from app.database import current_session
from app.handling.views import queries
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint


@blueprint.get("/waiting")
def waiting() -> Response:
    """304 while nothing has changed. Asking is no sign of life: see ``current.PASSIVE``."""
    session, actor = current_session(), current_actor()
    counted = asdict(queries.counts(session, actor))
    response = jsonify({**counted, "alarms": queries.alarms(session, actor)})
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response
