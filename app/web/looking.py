"""Requests that only show: they wait for nobody, and what they leave is that they were here."""

from contextlib import ExitStack

from flask import Flask, g, request

from app import clock
from app.database import current_session, reading
from app.documents.models import Document
from app.handling import access
from app.handling.act import Act, look_at_case, look_at_task
from app.handling.acts import copies, opening
from app.handling.stays import notices
from app.web.acts import SAFE
from app.web.current import current_actor


def register(app: Flask) -> None:
    app.before_request(_only_read)
    app.teardown_request(_write_again)


def task(task_id: int) -> Act:
    """A stay that the person may see, whose case he has opened now."""
    note(look_at_task(current_session(), current_actor(), task_id).case.id)
    return look_at_task(current_session(), current_actor(), task_id)


def case(case_id: int) -> Act:
    """A case that the person may see and has opened now."""
    note(look_at_case(current_session(), current_actor(), case_id).case.id)
    return look_at_case(current_session(), current_actor(), case_id)


def document(document_id: int) -> tuple[Document, int]:
    """A document that the person may see and has opened now, and its case."""
    session, actor = current_session(), current_actor()
    note(access.document_of(session, actor, document_id)[1].id)
    found, of = access.document_of(session, actor, document_id)
    return found, of.id


def note(case_id: int) -> None:
    """The person reads this case: its notices are read, and what lies with him has been opened.

    Committed before anything is answered: what somebody has read cannot be taken back (OUT-18).
    The caller has found that he may see it; what else was read must be read again afterwards.
    """
    session, actor = current_session(), current_actor()
    unseen = notices.unseen(session, actor, case_id) or copies.has_unread(session, actor, case_id)
    session.rollback()
    if not unseen:
        return
    with reading(False):
        opening.note_reading(session, actor, case_id)
        copies.note_read(session, actor, case_id, clock.now(session))
        notices.mark_read(session, actor, case_id, clock.now(session))
        session.commit()


def _only_read() -> None:
    """What writes all the same says so, as ``acting`` does."""
    if request.method in SAFE:
        g.only_reads = ExitStack()
        g.only_reads.enter_context(reading())


def _write_again(_: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("only_reads", None)
    if stack is not None:
        current_session().rollback()  # or the next transaction would be this one, going on
        stack.close()
