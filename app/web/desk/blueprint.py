"""The blueprint of the desk; its views are in the files beside."""

from typing import Any

from flask import Blueprint

from app.errors import NotFound

blueprint = Blueprint("desk", __name__)

LARGEST_ID = 2**63 - 1


@blueprint.url_value_preprocessor
def refuse_impossible_ids(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """An id that no database can hold is simply not there (404)."""
    if any(isinstance(value, int) and value > LARGEST_ID for value in (values or {}).values()):
        raise NotFound
