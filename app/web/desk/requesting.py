"""审批事项: what one asks for, and 我的申请, what has become of it."""

from flask import request
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents import fields
from app.documents.fields import RequestFields
from app.handling.acts import requesting
from app.handling.acts.done import Done
from app.handling.views import queries
from app.web.current import current_actor
from app.web.desk import filters, forms, lists, pages, saving
from app.web.desk.blueprint import blueprint
from app.web.desk.filters import PAGE_ROWS
from app.web.desk.pages import Page


@blueprint.get("/requests")
def requests() -> ResponseReturnValue:
    session, actor, wanted = current_session(), current_actor(), filters.read(request.args)
    rows = queries.requested(session, actor, PAGE_ROWS + 1, words=wanted.q, skip=wanted.skip)
    page = rows[:PAGE_ROWS]
    return lists.box(
        "requests",
        actor,
        wanted,
        page,
        more=len(rows) > PAGE_ROWS,
        where=lists.where(page),
        offers=requesting.offers(session, actor.unit_id),
    )


@blueprint.get("/requests/<process>/new")
def ask(process: str) -> ResponseReturnValue:
    actor = current_actor()
    requesting.ensure_may_ask(actor)
    offer = requesting.offer(current_session(), process, current_actor().unit_id)
    return pages.requested(Page(actor, {"urgency": "none"}, offer=offer))


@blueprint.post("/requests/<process>/new")
def begin_request(process: str) -> ResponseReturnValue:
    actor = current_actor()
    requesting.ensure_may_ask(actor)
    values = forms.requested(request.form)
    offer = requesting.offer(current_session(), process, current_actor().unit_id)

    def operation() -> Done:
        given = fields.read(RequestFields, values)
        return requesting.start_request(current_session(), actor, process, given)

    page = Page(actor, values, offer=offer)
    return saving.begin(page, pages.requested, operation, "已保存。请填写以下各项后提交。")
