"""The blueprint of the desk; its views are in the files beside."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)
