"""Around a form while it is written: who has the text in hand, and what is kept of it meanwhile."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.clock import SHANGHAI
from app.database import current_session, reading
from app.documents.models import Document
from app.errors import Conflict, DomainError, Invalid, NotAllowed
from app.handling.act import Act
from app.handling.acts import editing, starting
from app.handling.writing import drafts, locks
from app.handling.writing.drafts import Kept
from app.handling.writing.locks import Held
from app.organization.actors import Actor
from app.web import refusals
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import forms
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import Values
from app.web.messages import say

REFUSED = (Invalid, Conflict, NotAllowed)


def take(document_id: int) -> tuple[Act, Held]:
    """Opening the form takes the text in hand, where nobody else has it."""
    session, actor = current_session(), current_actor()
    session.rollback()
    with reading(False):
        held = locks.take(editing.look_editable(session, actor, document_id))
        session.commit()
    return editing.look_editable(session, actor, document_id), held


@blueprint.post("/documents/<int:id>/lock/renew")
def renew_lock(id: int) -> ResponseReturnValue:
    """Asked by an open page every few seconds: it keeps the text, or waits for it."""
    try:
        act = editing.look_editable(current_session(), current_actor(), id)
        held = locks.take(act, locks.RENEWED)
        current_session().commit()
    except DomainError as error:
        current_session().rollback()
        return jsonify(message=error.message), refusals.status_of(error)
    return jsonify(mine=held.mine, holder=held.holder, words=held.sentence, refused=held.refused)


@blueprint.post("/documents/<int:id>/lock")
def lock(id: int) -> Response:
    """Buttons: ask for the text, hand it over, keep it."""
    try:
        return _lock(id)
    except Conflict as error:
        refusals.undo_and_note(error)
        say(error.message, "warn")
        return make_response(redirect(url_for("desk.edit", id=id), 303))


@acting
def _lock(id: int) -> ResponseReturnValue:
    act = editing.look_editable(current_session(), current_actor(), id)
    verb = request.form.get("do")
    if verb == "ask":
        locks.ask(act)
    elif verb == "hand-over":
        held = locks.answer(act, consent=True)
        say(f"已转给{held.holder}修改。您没有保存的内容存在草稿里，再打开本页就能看到。")
    elif verb == "keep":
        locks.answer(act, consent=False)
        say("已答复对方暂不转交，请继续修改。")
    else:
        raise Conflict("没有这项操作，请刷新页面后重试。")
    return redirect(url_for("desk.edit", id=id), 303)


@blueprint.post("/documents/<int:id>/draft")
def keep_edit(id: int) -> ResponseReturnValue:
    def keep(actor: Actor) -> Values:
        act = editing.look_editable(current_session(), actor, id)
        return read(act.document)

    return _keep(str(id), keep, url_for("desk.edit", id=id))


@blueprint.post("/documents/new/draft")
def keep_draft() -> ResponseReturnValue:
    def keep(actor: Actor) -> Values:
        starting.ensure_may_draft(actor)
        return forms.drafting(request.form)

    return _keep(drafts.NEW, keep, url_for("desk.draft"))


@blueprint.post("/incoming/new/draft")
def keep_registering() -> ResponseReturnValue:
    def keep(actor: Actor) -> Values:
        starting.ensure_may_register(actor)
        return forms.incoming(request.form)

    return _keep(drafts.INCOMING, keep, url_for("desk.register"))


def _keep(place: str, values: Any, page: str) -> ResponseReturnValue:
    """For the script, which asks for JSON; the button 不要了 drops it and draws the page anew.

    Outside ``acting`` on purpose: the form goes on to be sent, with the same one-time token.
    """
    session, actor = current_session(), current_actor()
    try:
        typed = values(actor)
        if request.form.get("do") == "drop":
            drafts.drop(session, actor, place)
            session.commit()
            return redirect(page, 303)
        at = clock.now(session)
        drafts.keep(
            session, actor, place, typed, at, forms.version(request.form.get("version", ""))
        )
        session.commit()
    except REFUSED as error:
        refusals.undo_and_note(error)
        return jsonify(message=error.message), refusals.status_of(error)
    return jsonify(message=f"草稿已存 {at.astimezone(SHANGHAI):%H:%M}，还没有正式保存。")


def keep_refused(actor: Actor, document_id: int, typed: Values) -> None:
    """What could not be saved because a colleague has the text, kept as the script would have."""
    session = current_session()
    session.rollback()
    version = forms.version(request.form.get("version", ""))
    drafts.keep(session, actor, str(document_id), typed, clock.now(session), version)
    session.commit()


def kept(actor: Actor, place: str, shown: Mapping[str, Any]) -> Kept | None:
    """What was typed before and not saved; None where it says the same as the form anyway."""
    found = drafts.kept(current_session(), actor, place)
    if found is None:
        return None
    differs = any((shown.get(name) or "") != (value or "") for name, value in found.values.items())
    return found if differs else None


def read(document: Document) -> Values:
    """What was typed into the form of this document."""
    if document.scanned:
        return forms.scanned(request.form)
    if document.flow == "request":
        return forms.requested(request.form)
    if document.flow == "outgoing":
        return forms.outgoing(request.form)
    return forms.incoming(request.form)
