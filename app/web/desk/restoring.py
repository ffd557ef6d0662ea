"""恢复旧版本: a page with what would change, and the reason."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app.database import current_session
from app.documents import version_queries
from app.errors import DomainError
from app.handling import access
from app.handling.acts import editing
from app.handling.acts.restoring import restore
from app.web import looking
from app.web.current import current_actor
from app.web.desk import act_pages, plain_pages
from app.web.desk.blueprint import blueprint
from app.web.desk.reading import passages


@blueprint.get("/documents/<int:id>/versions/<int:number>/restore", endpoint="restore")
def show(id: int, number: int) -> Response:
    looking.document(id)
    editing.look_editable(current_session(), current_actor(), id)
    return _draw(id, number)


@blueprint.post("/documents/<int:id>/versions/<int:number>/restore")
def restore_version(id: int, number: int) -> Response:
    def operation() -> str:
        reason, seen = request.form.get("reason", ""), act_pages.number("version")
        saved = restore(current_session(), current_actor(), id, number, reason, seen)
        return f"已恢复第 {number} 版的内容，保存为第 {saved.version} 版。"

    def again(typed: Mapping[str, Any], error: DomainError) -> Response:
        return _draw(id, number, typed, error)

    return act_pages.carry_out(operation, url_for("desk.edit", id=id), again)


def _draw(
    id: int, number: int, typed: Mapping[str, Any] | None = None, error: DomainError | None = None
) -> Response:
    """What would change is read from the newest version towards the one to be brought back."""
    session = current_session()
    document, case = access.document_of(session, current_actor(), id)
    change = version_queries.towards(session, id, document.version, number)
    shown = {
        "number": number,
        "version": document.version,
        "words": [each.sentence for each in change.changes if each.field != "attachments"],
        "passages": passages(change.body),
    }
    back = f"{url_for('desk.case', id=case.id)}?tab=versions"
    title = document.title
    session.commit()
    return plain_pages.draw(
        "desk/restore.html", title, back, "返回版本", typed=typed, error=error, **shown
    )
