"""来文作附件: received documents to choose from, whose originals go with an own one (ATT-02)."""

from flask import Response, request, url_for

from app.database import current_session
from app.errors import DomainError, Invalid
from app.handling.acts import editing
from app.handling.acts.editing import Save
from app.handling.acts.enclosing import ensure_takes_received
from app.handling.views import received
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, forms, plain_pages
from app.web.desk.act_pages import Typed
from app.web.desk.blueprint import blueprint


@blueprint.get("/documents/<int:id>/received", endpoint="received")
def show_received(id: int) -> Response:
    return _draw(id)


@blueprint.post("/documents/<int:id>/received")
def add_received(id: int) -> Response:
    """The ticked files, all of them or none."""
    ticked = [forms.number(each) for each in request.form.getlist("file")]

    def operation() -> str:
        if not ticked:
            raise Invalid.at("file", "请先勾选要添加的文件。")
        saved = editing.save(current_session(), current_actor(), id, Save({}, received=ticked))
        return f"已添加来文附件 {len(ticked)} 个，已保存为第 {saved.version} 版。"

    def again(typed: Typed, error: DomainError) -> Response:
        return _draw(id, typed, error)

    return act_pages.carry_out(operation, url_for("desk.edit", id=id), again)


def _draw(id: int, typed: Typed | None = None, error: DomainError | None = None) -> Response:
    session, actor = current_session(), current_actor()
    looking.document(id)
    document = editing.look_editable(session, actor, id).document
    ensure_takes_received(document)
    words = request.args.get("q", "").strip()
    response = plain_pages.draw(
        "desk/received.html",
        document.title,
        url_for("desk.edit", id=id),
        "返回修改公文",
        typed=typed,
        error=error,
        choices=received.choices(session, actor, words),
        most=received.MOST,
        q=words,
    )
    session.commit()
    return response
