"""The blueprint of 公文台账."""

from flask import Blueprint

from app.web import ids

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")
blueprint.url_value_preprocessor(ids.refuse_impossible)
