"""The boxes of a person: 待办, 待阅, 已办, 我发起的."""

from flask.typing import ResponseReturnValue

from app.web.desk.blueprint import blueprint


@blueprint.get("/")
def todo() -> ResponseReturnValue:
    return ""
