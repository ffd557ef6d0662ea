"""The blueprint of the desk; its views are in the files beside."""

from flask import Blueprint

from app.web import ids

blueprint = Blueprint("desk", __name__)
blueprint.url_value_preprocessor(ids.refuse_impossible)
