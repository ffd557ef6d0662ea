"""The text changes only at a step open for editing, by the person who acts there (OUT-36)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import organization
from app.documents import attachments, operations
from app.documents.attachments import Upload
from app.documents.errors import WrongState
from app.documents.history import EDITABLE
from app.documents.models import Document
from app.errors import FieldError, Invalid, NotAllowed
from app.handling.access import document_of
from app.handling.act import Act, ensure_mine_and_open, hold_task, look_at_task
from app.handling.acts.done import Done
from app.handling.acts.enclosing import original
from app.handling.equipment import equipment
from app.handling.models import CASE_STATES, Task, TaskCandidate
from app.handling.writing import locks
from app.organization import Actor, roles
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase

SIGNERS = (roles.LEADER_IN_CHARGE, roles.UNIT_HEAD, roles.OFFICE_HEAD, roles.DEPT_HEAD)
"""Whom a draft offers as countersigners, in this order; programs may name anybody of the unit."""


@dataclass(frozen=True)
class Save:
    """What a person saves at a step open for editing: elements and files, all of it or nothing.

    changes   elements by their names in the API
    version   of the document that the form was drawn from
    uploads   files that were taken in, to be added
    replaces  attachment whose place the only upload takes (ATT-03)
    received  attachments of received documents to be added as they are (ATT-02)
    removes   attachment to take off
    """

    changes: Mapping[str, Any]
    version: int | None = None
    uploads: Sequence[Upload] = ()
    replaces: int | None = None
    removes: int | None = None
    received: Sequence[int] = ()


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
    """Save elements, then files.

    Raises Stale, Invalid, or what :func:`hold_editable` raises.

    What was changed has to be seen before anybody acts on it: every form of the case that was
    drawn before is stale from here on (S11).
    """
    act = hold_editable(session, actor, document_id)
    before = act.document.version
    document, by, at, step = act.document, act.as_candidate, act.at, act.stay.step
    operations.revise(session, document, by, at, step, given.changes, seen=given.version)
    if given.removes is not None:
        attachments.remove(session, document, given.removes, by, at, step=step)
    for upload in given.uploads:
        attachments.attach(session, document, by, at, upload, step=step, replaces=given.replaces)
    for number in given.received:
        upload, received = original(session, actor, document, number)
        attachments.attach(session, document, by, at, upload, step=step, received=received)
    changed = act.document.version != before
    if changed:
        make_forms_stale(act)
    return Saved(act.stay.id, act.document.version, changed)


def make_forms_stale(act: Act) -> None:
    """Whoever has a form of the case open has not seen what was changed."""
    act.session.execute(
        sa.update(Task)
        .where(Task.case_id == act.case.id, Task.state == "open")
        .values(revision=Task.revision + 1)
    )


def attach_all(session: Session, actor: Actor, done: Done, uploads: Sequence[Upload]) -> None:
    """Files that came with a form that has just begun a case."""
    document = session.get_one(Document, done.case.document_id)
    for upload in uploads:
        attachments.attach(
            session, document, actor, document.created_at, upload, step=done.opened[0].step
        )


def hold_editable(session: Session, actor: Actor, document_id: int) -> Act:
    """The stay at which the actor may change the text now, under its lock.

    Raises NotFound for a document he may not see, NotAllowed for one that he may only read,
    Conflict when the stay has ended, stopped or been suspended while this act waited for its lock,
    and BeingEdited while somebody else has the text in hand (SRC-10).
    """
    task_id = _stay_of(session, actor, document_id)
    act = _ensure_editable(hold_task(session, actor, task_id))
    locks.ensure_not_held_by_other(act)
    return act


def look_editable(session: Session, actor: Actor, document_id: int) -> Act:
    """The same for a page that shows the form, without a lock."""
    task_id = _stay_of(session, actor, document_id)
    return _ensure_editable(look_at_task(session, actor, task_id))


def _ensure_editable(act: Act) -> Act:
    ensure_mine_and_open(act, act.stay.revision)
    if act.stay.kind == "consult":
        raise NotAllowed("征求意见时不修改公文，请把修改建议写在意见里。")
    if act.step.properties.get("edit") != "yes":
        raise NotAllowed(f"“{act.step.name}”环节不修改公文；需要修改的，请退回后再改。")
    if act.document.scanned and not _as_dispatcher(act):
        raise NotAllowed("扫描件只能由收发员登记和修改，请交回收发员办理。（OUT-17）")
    if act.document.state not in EDITABLE:
        raise WrongState("此件已签发，内容不能再改。确需修改的，请先收回签发，改后重新送审。")
    return act


def _as_dispatcher(act: Act) -> bool:
    """The dispatcher or his agent; a colleague to whom the stay was handed types no signatory."""
    principal = act.candidate.principal_id if act.candidate else None
    holder = act.actor if principal is None else organization.actor(act.session, principal)
    return holder.holds(roles.DISPATCHER, unit_id=act.case.unit_id)


def edits_now(act: Act) -> bool:
    """Whether the text is open at the stay in hand; from the sign-off on it never is (S11).

    Who is only asked for his opinion writes what he would change into it.
    """
    open_here = act.step.properties.get("edit") == "yes" and act.stay.kind == "step"
    open_here &= not act.document.scanned or _as_dispatcher(act)
    return open_here and act.document.state in EDITABLE


def _stay_of(session: Session, actor: Actor, document_id: int) -> int:
    """The stay of its case that lies with the actor; of several, one open for editing."""
    _, case = document_of(session, actor, document_id)
    query = (
        sa.select(Task.id, Task.step, WorkflowCase.sha256)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .join(WorkflowCase, WorkflowCase.id == Task.case_id)
        .where(
            Task.case_id == case.id,
            Task.state == "open",
            Task.blocked.is_(None),
            TaskCandidate.person_id == actor.person_id,
        )
        .order_by(Task.id)
    )
    stays = session.execute(query).all()
    for task_id, step, sha256 in stays:
        if definition(session, sha256).step(step).properties.get("edit") == "yes":
            return int(task_id)
    if not stays and case.ended_at is not None:
        raise NotAllowed(f"此件{CASE_STATES[case.state]}，正文、要素和附件都不能再改。")
    if not stays:
        raise NotAllowed("此件不在您手上，不能修改；请在轮到您办理时修改，或联系当前办理人。")
    return int(stays[0].id)


def signers(session: Session, actor: Actor) -> list[Signer]:
    """Whom a drafter may name for 会签, each once, without himself."""
    found: dict[str, Signer] = {}
    for role in SIGNERS:
        for each in organization.people_of_role(session, role, actor.unit_id):
            title = each.title or each.department or ""
            found.setdefault(each.login, Signer(each.login, each.name, title))
    found.pop(actor.login, None)
    return list(found.values())
