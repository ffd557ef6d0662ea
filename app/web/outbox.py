"""发件箱: what went out to people and what did not, for the system administrator.

Title and text of a message are shown in the demonstration office only, where nothing is sent:
whoever keeps the system running sees no documents.
"""

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session
from app.messages import operations, queries
from app.messages.channels import LABELS, Channel, Local, in_use
from app.web import ids
from app.web.acts import acting
from app.web.addresses import page_number
from app.web.current import current_actor
from app.web.messages import say

blueprint = Blueprint("outbox", __name__, url_prefix="/outbox")
blueprint.url_value_preprocessor(ids.refuse_impossible)

PAGE_ROWS = 50
FILTERS = {"": "全部", "given_up": "未能发出", "waiting": "待发"}


@blueprint.before_request
def _administrators_only() -> None:
    operations.ensure_may_look(current_actor())


@blueprint.get("/", endpoint="show")
def show() -> str:
    state = request.args.get("state", "")
    state = state if state in FILTERS else ""
    page = page_number(request.args.get("page", ""))
    rows = queries.latest(current_session(), PAGE_ROWS + 1, (page - 1) * PAGE_ROWS, state or None)
    counts = queries.counts(current_session())
    current_session().commit()
    return render_template(
        "outbox.html",
        rows=rows[:PAGE_ROWS],
        counts=counts,
        filters=FILTERS,
        state=state,
        page=page,
        more=len(rows) > PAGE_ROWS,
        whole=current_app.config["SETTINGS"].demo,
        kept_days=in_use().kept_days,
        ways=[(label, _way(in_use().open.get(key))) for key, label in LABELS.items()],
    )


@blueprint.post("/<int:id>/retry")
@acting
def retry(id: int) -> ResponseReturnValue:
    session = current_session()
    operations.retry(session, current_actor(), id, clock.now(session))
    say("已重新排入，稍后发出。")
    return redirect(url_for("outbox.show"), 303)


@blueprint.post("/<int:id>/drop")
@acting
def drop(id: int) -> ResponseReturnValue:
    session = current_session()
    operations.drop(session, current_actor(), id, clock.now(session))
    say("这条提醒不再发送，请另行告知本人。")
    return redirect(url_for("outbox.show", state="given_up"), 303)


@blueprint.get("/<int:id>/drop", endpoint="back_from_drop")
@blueprint.get("/<int:id>/retry")
def back_to_outbox(id: int) -> Response:
    """The address of the act, opened after signing in again or from the history of the browser."""
    return make_response(redirect(url_for("outbox.show"), 303))


def _way(channel: Channel | None) -> str:
    if channel is None:
        return "没有开通"
    return "只存在这里，不发送" if isinstance(channel, Local) else "已开通"
