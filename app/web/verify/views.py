"""/verify: a form and its answer, without sign-in."""

from flask import Blueprint, Response, make_response, render_template, request

from app.errors import Invalid
from app.web.pace import TooFast
from app.web.verify.examining import MOST_BYTES, MOST_FILES, Examined, examine

blueprint = Blueprint("verify", __name__)


@blueprint.get("/verify")
def form() -> Response:
    return _drawn([])


@blueprint.post("/verify")
def send() -> Response:
    try:
        return _drawn(examine(request.files.getlist("file")))
    except Invalid as error:
        return _drawn([], error.message, 422)
    except TooFast as error:
        answer = _drawn([], error.message, 429)
        answer.headers["Retry-After"] = str(error.retry_seconds)
        return answer


def _drawn(examined: list[Examined], refusal: str = "", status: int = 200) -> Response:
    page = render_template(
        "verify/verify.html",
        examined=examined,
        refusal=refusal,
        most_files=MOST_FILES,
        most_megabytes=MOST_BYTES >> 20,
    )
    return make_response(page, status)
