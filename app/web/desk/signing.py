"""签名并提交: the page that is signed, the proof of identity, and the act once more."""

import io
from collections.abc import Callable

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.errors import DomainError, NotFound
from app.handling.act import look_at_task
from app.handling.signing import needs, pages
from app.handling.signing.needs import SignatureNeeded
from app.web import refusals, signing
from app.web.acts import SECRET
from app.web.current import current_actor
from app.web.desk import task_page
from app.web.desk.blueprint import blueprint
from app.web.desk.papers import PDF_POLICY
from app.web.desk.task_form import Typed
from app.web.desk.task_page import Signing
from app.web.signing import Given


@blueprint.get("/tasks/<int:id>/paper.pdf")
def paper_to_sign(id: int) -> Response:
    """The very file that the person of this stay would sign or seal."""
    act = look_at_task(current_session(), current_actor(), id)
    need = needs.of_stay(act)
    if need is None:
        raise NotFound("这一环节没有待签的版式文件。")
    shown = pages.shown(current_session(), need)
    current_session().commit()
    name = "待签文件.pdf" if need.kind == "signatory" else "待用印文件.pdf"
    response = send_file(io.BytesIO(shown.content), mimetype="application/pdf", download_name=name)
    response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


def go_on(
    id: int, typed: Typed, needed: SignatureNeeded, again: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    """With a proof the signer is asked and the act repeated; without one the page asks for it."""
    given = _given()
    if not given.password:
        return _ask(id, typed, needed)
    try:
        signing.have_signed(needed, typed.completion(), given)
        return again()
    except SignatureNeeded as changed:
        return _ask(id, typed, changed)
    except DomainError as error:
        refusals.undo_and_note(error)
        return _ask(id, typed, needed, error)


def _ask(
    id: int, typed: Typed, needed: SignatureNeeded, error: DomainError | None = None
) -> ResponseReturnValue:
    """The page of the stay with everything typed, the file to read, and fields for the proof."""
    session = current_session()
    session.rollback()
    try:
        shown = pages.shown(session, needed.need)
    except DomainError as refusal:
        refusals.undo_and_note(refusal)
        return task_page.draw(id, typed=typed, error=refusal)
    session.rollback()
    asked = Signing(needed.need.kind, shown.sha256)
    notice = "" if error else needed.message
    return task_page.draw(id, typed=typed, error=error, notice=notice, asked=asked)


def _given() -> Given:
    password, code = (request.form.get(name, "") for name in SECRET)
    return Given(password, code.strip(), request.form.get(signing.SHOWN, ""))
