"""Addresses of one stay: its page, and the acts at it. Each act is a plain form."""

from collections.abc import Sequence

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import SHANGHAI
from app.database import current_session
from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling.act import look_at_task
from app.handling.acts import (
    assigning,
    completing,
    opening,
    returning,
    setting_sending,
    withdrawing,
)
from app.handling.acts.done import Done
from app.handling.signing.needs import SignatureNeeded
from app.handling.stays import limits
from app.handling.views import queries, whereabouts
from app.web import refusals, words
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import signing, task_form, task_page
from app.web.desk.blueprint import blueprint
from app.web.desk.task_form import Typed
from app.web.messages import say
from app.web.proving import prove_page

REFUSED = (Invalid, Conflict, NotAllowed)
"""Kinds that the page itself tells, with everything typed kept; the others have pages of theirs."""


@blueprint.get("/tasks/<int:id>")
def task(id: int) -> Response:
    return task_page.draw(id)


@blueprint.post("/tasks/<int:id>/complete")
def complete(id: int) -> Response:
    """The chosen outcome, or 退回, which stands among them."""
    typed = task_form.read(request.form)
    try:
        if not typed.sends_back:
            prove_page(id)
        return _submit(id, typed)
    except SignatureNeeded as needed:
        return make_response(signing.go_on(id, typed, needed, lambda: _submit(id, typed)))
    except REFUSED as error:
        refusals.undo_and_note(error)
        return task_page.draw(id, typed=typed, error=error)


@acting
def _submit(id: int, typed: Typed) -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    if typed.sends_back:
        done = returning.return_task(session, actor, id, typed.sending_back())
    elif typed.sending == "set":
        return _set_sending(id, typed)
    else:
        done = completing.complete(session, actor, id, typed.completion())
    session.flush()
    waiting = queries.todo(session, actor)
    say(
        ("已退回，" if typed.sends_back else "已提交，") + _where_to(done),
        links=[("办理下一件", url_for("desk.task", id=waiting[0].id))] if waiting else [],
        withdraw=id if whereabouts.withdrawable(session, actor, [id]) else None,
    )
    return redirect(url_for("desk.todo"), 303)


def _set_sending(id: int, typed: Typed) -> ResponseReturnValue:
    form = typed.completion()
    found = setting_sending.set_sending(current_session(), current_actor(), id, form)
    say(f"已定于 {words.moment(found.send_at)} 发送，此前可以取消。")
    return redirect(url_for("desk.task", id=id), 303)


@blueprint.post("/tasks/<int:id>/drop-sending", endpoint="drop_sending")
def drop_sending(id: int) -> Response:
    try:
        return _drop_sending(id)
    except (*REFUSED, NotFound) as error:
        refusals.undo_and_note(error)
        return task_page.draw(id, error=error)


@acting
def _drop_sending(id: int) -> ResponseReturnValue:
    setting_sending.drop_sending(current_session(), current_actor(), id)
    say("已取消定时发送，此件仍在您处。")
    return redirect(url_for("desk.task", id=id), 303)


def _where_to(done: Done) -> str:
    """``送 主管领导签发：张三。``"""
    if done.case.state != "running":
        return "此件全程办结。"
    rows = queries.tasks_by_id(current_session(), [each.id for each in done.opened])
    if not rows:
        return "其他人办理后继续。"
    if any(row.blocked for row in rows):
        return f"“{rows[0].step_name}”环节暂无人可办，已交流程管理员指定办理人。"
    sent: dict[str, list[str]] = {}
    for row in rows:
        sent.setdefault(row.step_name, []).extend(name for _, name in row.candidates)
    return (
        "送 " + "；".join(f"{step}：{words.people(names)}" for step, names in sent.items()) + "。"
    )


@blueprint.post("/tasks/<int:id>/look")
def look(id: int) -> Response:
    """The page with the next people worked out again from what is filled in; changes nothing."""
    typed = task_form.read(request.form)
    return task_page.draw(id, typed=typed, notice="已按当前填写更新下一环节和办理人，尚未提交。")


@blueprint.post("/tasks/<int:id>/draft")
def keep(id: int) -> ResponseReturnValue:
    """Save the opinion. The script asks for JSON; the button gets the page with all that it had.

    Outside ``acting`` on purpose: the form goes on to be sent, with the same one-time token.
    """
    typed = task_form.read(request.form)
    dropped = request.form.get("do") == "drop"
    try:
        text = "" if dropped else typed.opinion
        at = opening.keep_draft(current_session(), current_actor(), id, text)
        current_session().commit()
    except REFUSED as error:
        refusals.undo_and_note(error)
        return _draft_refused(id, typed, error)
    if dropped:
        return redirect(url_for("desk.task", id=id), 303)
    saved = (
        f"草稿已存 {at.astimezone(SHANGHAI):%H:%M}。" if text.strip() else "意见为空，未存草稿。"
    )
    if _wants_json():
        return jsonify(message=saved)
    return task_page.draw(id, typed=typed, notice=saved)


def _draft_refused(id: int, typed: Typed, error: DomainError) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(message=error.message), refusals.status_of(error)
    return task_page.draw(id, typed=typed, error=error)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


@blueprint.post("/tasks/<int:id>/withdraw")
def withdraw(id: int) -> Response:
    try:
        return _withdraw(id)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return task_page.draw(id, error=error)


@acting
def _withdraw(id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    done = withdrawing.withdraw(current_session(), current_actor(), id, reason)
    current_session().flush()
    if done.kept:
        recalled, kept = words.people(done.recalled), words.people(done.kept)
        say(f"已从{recalled}处撤回；{kept}已打开，仍由其办理。")
        return redirect(url_for("desk.task", id=id), 303)
    say("已撤回，可以修改后重新提交。")
    return redirect(url_for("desk.task", id=done.opened[0].id), 303)


@blueprint.post("/tasks/<int:id>/assign")
def assign(id: int) -> Response:
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    try:
        return _assign(id, to, reason)
    except REFUSED as error:
        refusals.undo_and_note(error)
        return task_page.draw_assign(id, to, reason, error)


@acting
def _assign(id: int, to: str, reason: str) -> ResponseReturnValue:
    if not to:
        raise Invalid.at("to", "请选择办理人。")
    assigned = assigning.assign(current_session(), current_actor(), id, to, reason)
    current_session().flush()
    row = queries.tasks_by_id(current_session(), [assigned.id])[0]
    names: Sequence[str] = [name for _, name in row.candidates]
    say(f"已指定“{row.step_name}”由{words.people(names)}办理。")
    return redirect(url_for("desk.todo"), 303)


@blueprint.get("/tasks/<int:id>/<any(complete, draft, look, withdraw, assign):act>")
@blueprint.get("/tasks/<int:id>/<any('drop-sending'):act>")
def back_to_task(id: int, act: str) -> ResponseReturnValue:
    """The address of an act, opened after signing in again or from the history of the browser."""
    return redirect(url_for("desk.task", id=id), 303)


@blueprint.get("/tasks/<int:id>/limit")
def limit(id: int) -> str:
    """怎么算的: the sum of the limit, for everybody who may see the stay."""
    act = look_at_task(current_session(), current_actor(), id)
    row = queries.tasks_by_id(current_session(), [id])[0]
    found = limits.sum_of(act)
    current_session().commit()
    return render_template("desk/task_limit.html", row=row, limit=found)
