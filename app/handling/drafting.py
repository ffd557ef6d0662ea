"""The text changes only at a step open for editing, by the person who acts there (OUT-36)."""

from collections.abc import Mapping
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.documents import attachments, operations
from app.documents.models import Attachment, DocumentVersion
from app.errors import NotAllowed
from app.handling.acts import Act, ensure_running, hold_task
from app.handling.equipment import equipment
from app.handling.history import document_of
from app.handling.models import Task, TaskCandidate
from app.organization import Actor


def revise(
    session: Session,
    actor: Actor,
    document_id: int,
    changes: Mapping[str, Any],
    *,
    version: int | None = None,
) -> DocumentVersion:
    """Save changed elements as a new version; Stale when somebody saved after ``version``."""
    act = hold_editable(session, actor, document_id)
    return operations.revise(
        session, act.document, actor, act.at, act.stay.step, changes, seen=version
    )


def attach(
    session: Session,
    actor: Actor,
    document_id: int,
    name: str,
    stream: BinaryIO,
    *,
    replaces: int | None = None,
) -> Attachment:
    """Add a file, or put it in the place of another one (ATT-03)."""
    document_of(session, actor, document_id)
    upload = attachments.take_in(name, stream, equipment().store)  # before any lock is held
    act = hold_editable(session, actor, document_id)
    return attachments.attach(
        session, act.document, actor, act.at, upload, step=act.stay.step, replaces=replaces
    )


def detach(session: Session, actor: Actor, document_id: int, attachment_id: int) -> None:
    act = hold_editable(session, actor, document_id)
    attachments.remove(session, act.document, attachment_id, actor, act.at, step=act.stay.step)


def hold_editable(session: Session, actor: Actor, document_id: int) -> Act:
    """The stay at which the actor may change the text now.

    Raises NotFound for a document he may not see, NotAllowed for one that he may only read.
    """
    _, case = document_of(session, actor, document_id)
    mine = session.scalar(
        sa.select(Task.id)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .where(
            Task.case_id == case.id,
            Task.state == "open",
            Task.blocked.is_(None),
            TaskCandidate.person_id == actor.person_id,
        )
    )
    if mine is None:
        raise NotAllowed("此件不在您手上，不能修改；请在轮到您办理时修改，或联系当前办理人。")
    act = hold_task(session, actor, mine)
    ensure_running(act.case)
    if act.step.properties.get("edit") != "yes":
        raise NotAllowed(f"“{act.step.name}”环节不修改公文；需要修改的，请退回后再改。")
    return act
