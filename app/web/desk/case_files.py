"""卷宗包 of a case: asked for here, made by the scheduler, taken away here."""

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.database import current_session, reading
from app.handling.casefile import asking
from app.handling.equipment import equipment
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk.blueprint import blueprint
from app.web.messages import say


@blueprint.get("/cases/<int:id>/case-file", endpoint="case_file")
def show(id: int) -> str:
    session, actor = current_session(), current_actor()
    case, title = asking.case_of(session, actor, id)
    asked = asking.listed(session, case.id)
    waits = any(each.state == "waiting" for each in asked)
    sees = asking.sees_page(session, actor, case)
    return render_template(
        "desk/case_file.html", id=id, title=title, asked=asked, waits=waits, sees=sees
    )


@blueprint.post("/cases/<int:id>/case-file", endpoint="ask_case_file")
@acting
def ask(id: int) -> ResponseReturnValue:
    session = current_session()
    asking.ask(session, current_actor(), id, clock.now(session))
    say("卷宗包正在制作，一般一分钟之内可以下载。")
    return redirect(url_for("desk.case_file", id=id), 303)


@blueprint.get("/cases/<int:id>/case-file/<int:file_id>", endpoint="take_case_file")
def take(id: int, file_id: int) -> Response:
    """Streamed from the store; on record before the first byte goes out."""
    session = current_session()
    with reading(False):
        session.rollback()
        digest = asking.take(session, current_actor(), id, file_id, clock.now(session))
        if request.method == "GET":
            session.commit()
    found = send_file(
        equipment().store.open(digest),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"卷宗包-{id}.zip",
    )
    found.headers["Content-Security-Policy"] = "sandbox"
    return found
