"""The blueprint of 印章管理 and 用印登记."""

from flask import Blueprint

from app.web import ids

blueprint = Blueprint("seals", __name__)
blueprint.url_value_preprocessor(ids.refuse_impossible)
