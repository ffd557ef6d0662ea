"""Saving a whole form: the elements and the files beside them are one act, or none of it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from app import organization
from app.documents import attachments, operations
from app.documents.attachments import Upload
from app.documents.models import Document
from app.errors import FieldError, Invalid
from app.handling.completing import Done
from app.handling.drafting import hold_editable
from app.handling.equipment import equipment
from app.organization import Actor, roles

SIGNERS = (roles.LEADER_IN_CHARGE, roles.UNIT_HEAD, roles.OFFICE_HEAD, roles.DEPT_HEAD)
"""Whom a draft offers as countersigners, in this order; programs may name anybody of the unit."""


@dataclass(frozen=True)
class Save:
    """What a person saves at a step open for editing.

    changes   elements by their names in the API
    version   of the document that the form was drawn from
    uploads   files that were taken in, to be added
    replaces  attachment whose place the only upload takes
    removes   attachment to take off
    """

    changes: Mapping[str, Any]
    version: int | None = None
    uploads: Sequence[Upload] = ()
    replaces: int | None = None
    removes: int | None = None


@dataclass(frozen=True)
class Saved:
    """The stay at which it was saved, and the version that the document has now."""

    task_id: int
    version: int
    changed: bool


@dataclass(frozen=True)
class Signer:
    login: str
    name: str
    title: str


def take_in(files: Iterable[tuple[str, BinaryIO]]) -> list[Upload]:
    """Check uploads and keep their bytes, before the act and so without any lock.

    Raises what ``attachments.take_in`` raises, at the field ``file`` and with the name of the file.
    """
    taken = []
    for name, stream in files:
        try:
            taken.append(attachments.take_in(name, stream, equipment().store))
        except Invalid as refusal:
            refusal.errors = [FieldError("file", f"“{name[-60:]}”：{refusal.message}")]
            raise
    return taken


def save(session: Session, actor: Actor, document_id: int, given: Save) -> Saved:
    """Save elements, then files. Raises Stale, Invalid, NotAllowed or NotFound; all or nothing."""
    act = hold_editable(session, actor, document_id)
    before = act.document.version
    step = act.stay.step
    operations.revise(session, act.document, actor, act.at, step, given.changes, seen=given.version)
    if given.removes is not None:
        attachments.remove(session, act.document, given.removes, actor, act.at, step=step)
    for upload in given.uploads:
        attachments.attach(
            session, act.document, actor, act.at, upload, step=step, replaces=given.replaces
        )
    return Saved(act.stay.id, act.document.version, act.document.version != before)


def attach_all(session: Session, actor: Actor, done: Done, uploads: Sequence[Upload]) -> None:
    """Files that came with a form that has just begun a case."""
    document = session.get_one(Document, done.case.document_id)
    for upload in uploads:
        attachments.attach(
            session, document, actor, document.created_at, upload, step=done.opened[0].step
        )


def signers(session: Session, actor: Actor) -> list[Signer]:
    """Whom a drafter may name for 会签, each once, without himself."""
    found: dict[str, Signer] = {}
    for role in SIGNERS:
        for each in organization.people_of_role(session, role, actor.unit_id):
            title = each.title or each.department or ""
            found.setdefault(each.login, Signer(each.login, each.name, title))
    found.pop(actor.login, None)
    return list(found.values())
