"""What 拟稿, 收文登记 and 修改 share: one act, and on a refusal the page again as it was typed."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response, make_response, redirect, request, url_for

from app.database import current_session
from app.documents.attachments import Upload
from app.errors import Conflict, DomainError, Invalid
from app.handling.acts import editing
from app.handling.acts.done import Done
from app.organization.actors import Actor
from app.web.acts import acting
from app.web.desk import pages
from app.web.desk.pages import Page
from app.web.messages import say
from app.web.refusals import status_of, undo_and_note

Draw = Callable[[Page], str]
REDRAWN = (Invalid, Conflict)
"""Refusals that hand the input back; others end on the page that says so."""


def previewing() -> bool:
    """预览 and 发前检查 draw the page again from what was typed and save nothing."""
    return request.form.get("do") in ("preview", "check")


def begin(page: Page, draw: Draw, operation: Callable[[], Done], sentence: str) -> Response:
    """Create a document with its files; its person goes on where it is handled."""
    try:
        return _begin(page.actor, operation, editing.take_in(pages.uploads()), sentence)
    except REDRAWN as error:
        return again(draw, page, error)


@acting
def _begin(
    actor: Actor, operation: Callable[[], Done], uploads: list[Upload], sentence: str
) -> Response:
    done = operation()
    editing.attach_all(current_session(), actor, done, uploads)
    say(sentence)
    return make_response(redirect(url_for("desk.task", id=done.opened[0].id), 303))


def again(draw: Draw, page: Page, error: DomainError) -> Response:
    """The page with its input and the sentences of the refusal; nothing has changed."""
    undo_and_note(error)
    return make_response(draw(replace(page, error=error)), status_of(error))
