"""修改公文: the same forms for a document at a step open for editing, with its attachments."""

from contextlib import suppress
from dataclasses import replace

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents.attachments import Upload
from app.errors import DomainError, Invalid, NotAllowed
from app.handling import access
from app.handling.acts import editing
from app.handling.acts.editing import Save, Saved
from app.handling.writing import drafts, locks
from app.handling.writing.locks import BeingEdited
from app.organization.actors import Actor
from app.web import looking
from app.web.acts import acting
from app.web.current import current_actor
from app.web.desk import forms, importing, pages, saving, writing
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import Values
from app.web.desk.pages import Page
from app.web.messages import say


@blueprint.get("/documents/<int:id>/edit")
def edit(id: int) -> ResponseReturnValue:
    """The form; for whoever comes second, the text to read and a button to ask for it."""
    actor = current_actor()
    looking.document(id)
    act, held = writing.take(id)
    values = forms.of_document(act.document)
    kept = writing.kept(actor, str(id), values)
    page = Page(actor, values, act.document, task_id=act.stay.id, held=held, kept=kept)
    if not held.mine:
        return pages.held(page)
    if kept is None:
        return _draw(page)
    typed = {**values, **kept.values}
    older = kept.version != act.document.version
    newest = pages.differing(act.document, typed) if older else ()
    return _draw(replace(page, values=typed, newest=newest))


@blueprint.post("/documents/<int:id>/edit")
def save(id: int) -> ResponseReturnValue:
    """One form, several buttons: 保存, 添加附件, 从收文中选择, 替换, 移除, 预览, 导入.

    All but the last two save the text as well.
    """
    actor = current_actor()
    document, _ = access.document_of(current_session(), actor, id)
    values = writing.read(document)
    reads_word = importing.asked() and document.flow == "outgoing" and not document.scanned
    if reads_word or saving.previewing():
        act, held = writing.take(id)
        page = Page(actor, values, act.document, task_id=act.stay.id, held=held)
        return importing.into_form(page, _draw) if reads_word else _draw(page)
    current_session().rollback()  # files are checked while nothing is held
    try:
        verb, _, about = request.form.get("do", "save").partition(":")
        uploads = editing.take_in(pages.uploads())
        changes = forms.changed(forms.elements(values), document)
        given = _given(verb, forms.number(about), changes, uploads)
        return _save(actor, id, given, verb)
    except (*saving.REDRAWN, NotAllowed) as error:
        return _again(actor, id, values, error)


def _given(verb: str, about: int, changes: Values, uploads: list[Upload]) -> Save:
    if verb in ("attach", "replace") and not uploads:
        raise Invalid.at("file", "请先选择文件，再添加或者替换附件。")
    if verb == "replace" and len(uploads) > 1:
        raise Invalid.at("file", "替换附件时只能选择一个文件。")
    return Save(
        changes=changes,
        version=forms.version(request.form.get("version", "")),
        uploads=uploads,
        replaces=about if verb == "replace" else None,
        removes=about if verb == "remove" else None,
    )


@acting
def _save(actor: Actor, document_id: int, given: Save, verb: str) -> Response:
    """What is saved need not be kept; leaving the page lets go of the text as well."""
    saved = editing.save(current_session(), actor, document_id, given)
    drafts.drop(current_session(), actor, str(document_id))
    if verb == "save":
        locks.release(current_session(), actor, document_id)
    if verb == "received":
        return make_response(redirect(url_for("desk.received", id=document_id), 303))
    say(_words(given, saved))
    if verb != "save":
        return make_response(redirect(url_for("desk.edit", id=document_id), 303))
    return make_response(redirect(url_for("desk.task", id=saved.task_id), 303))


def _words(given: Save, saved: Saved) -> str:
    if not saved.changed:
        return "没有改动，仍为原来的版本。"
    done = f"已保存为第 {saved.version} 版。"
    if given.removes is not None:
        return f"附件已移除，{done}"
    if given.replaces is not None:
        return f"附件已替换，{done}"
    return f"已添加附件 {len(given.uploads)} 个，{done}" if given.uploads else done


def _again(actor: Actor, document_id: int, values: Values, error: DomainError) -> Response:
    """The typed input with the newest text beside it; without a button once it is not his to save.

    Raises NotFound when the document may no longer be seen at all.
    """
    page = Page(actor, values)
    if isinstance(error, BeingEdited):
        with suppress(Invalid):  # the refusal that is shown says it too
            writing.keep_refused(actor, document_id, values)

    def draw(refused: Page) -> str:
        try:
            act, held = writing.take(document_id)
            refused = replace(refused, task_id=act.stay.id, held=held)
            closed = not held.mine
        except DomainError:
            closed = True
        document, _ = access.document_of(current_session(), actor, document_id)
        newest = [] if isinstance(error, Invalid) else pages.differing(document, values)
        return _draw(replace(refused, document=document, newest=newest, closed=closed))

    return saving.again(draw, page, error)


def _draw(page: Page) -> str:
    if page.document is not None and page.document.scanned:
        return pages.scanned(page)
    if page.document is not None and page.document.flow == "request":
        return pages.requested(page)
    received = page.document is not None and page.document.flow == "incoming"
    return pages.incoming(page) if received else pages.outgoing(page)
