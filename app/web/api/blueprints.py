"""What every group of operations shares: address, security, and the answers to refusals."""

from flask import request
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.web.api.schemas import Problem

MAX_JSON = 8 << 20
"""Bytes; the longest text of a document, each character written as an escape, and its elements."""

UPLOADS = ("/attachments", "/import", "/pictures", "/verifications", "/packages")
"""Ends of the addresses that take a file."""

REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 429)


def group(name: str, description: str) -> APIBlueprint:
    """A group of operations under /api/v1, signed in by token or session."""
    blueprint = APIBlueprint(
        f"api_{name}",
        __name__,
        url_prefix="/api/v1",
        abp_tags=[Tag(name=name, description=description)],
        abp_security=[{"token": []}],
        abp_responses=dict.fromkeys(REFUSALS, Problem),
    )
    blueprint.before_request(_json_only)
    return blueprint


def _json_only() -> None:
    """A body is JSON of a bounded size, or the upload of a file."""
    has_body = request.method in ("POST", "PUT", "PATCH", "DELETE") and request.content_length
    upload = request.mimetype == "multipart/form-data" and request.path.endswith(UPLOADS)
    if has_body and not request.is_json and not upload:
        raise UnsupportedMediaType
    if not upload:
        request.max_content_length = MAX_JSON
    if has_body and request.is_json:
        _read_json()


def _read_json() -> None:
    """What is nested too deeply for the reader is as bad as what is no JSON."""
    try:
        request.get_json()
    except RecursionError:
        raise BadRequest from None
