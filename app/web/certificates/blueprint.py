"""The blueprint of 证书管理 and 我的证书."""

from flask import Blueprint

from app.web import ids

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")
blueprint.url_value_preprocessor(ids.refuse_impossible)
