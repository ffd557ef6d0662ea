"""我的查收: what the unit asks of a person, and what he missed of it."""

from flask import render_template, request, url_for

from app.database import current_session
from app.handling.checkins import lists
from app.handling.views import queries
from app.web import months
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint


@blueprint.get("/check-ins", endpoint="checkins")
def show() -> str:
    session, actor = current_session(), current_actor()
    month = months.read(request.args)
    html = render_template(
        "desk/checkins.html",
        endpoint="desk.checkins",
        counts=queries.counts(session, actor),
        rule=lists.rule_for(session, actor),
        month=month,
        missed=lists.own(session, actor, month),
        before=url_for("desk.checkins", month=month.before.key),
        after=url_for("desk.checkins", month=month.following.key),
    )
    session.commit()
    return html
