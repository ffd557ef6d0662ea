"""Pages of the desk."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
def todo() -> ResponseReturnValue:
    return ""
