"""The blueprint of 发文登记."""

from flask import Blueprint

from app.web import ids

blueprint = Blueprint("numbers", __name__, url_prefix="/numbers")
blueprint.url_value_preprocessor(ids.refuse_impossible)
