"""查收: who of one's own did not look in when it was asked, month by month."""

from flask import request, url_for

from app import deadlines
from app.database import current_session
from app.deadlines import checkins
from app.handling.checkins import lists
from app.web import months
from app.web.current import current_actor
from app.web.supervision.blueprint import blueprint, draw


@blueprint.get("/checks", endpoint="checks")
def show() -> str:
    session, actor = current_session(), current_actor()
    month = months.read(request.args)
    lines = lists.of_others(session, actor, month)
    return draw(
        "checks.html",
        rule=checkins.words(deadlines.load(session, actor.unit_id).policy),
        month=month,
        lines=lines,
        total=sum(len(line.items) for line in lines),
        before=url_for("supervision.checks", month=month.before.key),
        after=url_for("supervision.checks", month=month.following.key),
    )
