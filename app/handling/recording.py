"""The entry that an act on a case leaves: who, by which post, where, and on which text."""

from collections.abc import Sequence
from typing import Any

from app import audit
from app.audit import Signature
from app.handling.act import Act
from app.handling.models import Task
from app.workflow.moves import Token


def record_act(
    act: Act,
    action: str,
    *,
    by: Signature | None = None,
    opened: Sequence[Task | Token] = (),
    closed: Sequence[Task] = (),
    reason: str | None = None,
    **detail: Any,
) -> None:
    """Record an act with the hash of the text it was done on (S11) and what it opened and closed.

    From these alone ``replaying.rebuilding`` finds again which stays were open after every act,
    and the figures (``figures.measuring``) who was late.

    by      the actor with the post that let him act at the stay, unless a rule signs
    closed  stays of others that ended with this act
    """
    task = act.task
    if task is not None:
        detail = {
            "step_name": task.step_name,
            "arrived_at": task.arrived_at.isoformat(),
            "due_at": task.due_at.isoformat() if task.due_at else None,
            **detail,
        }
        if by is None:
            detail["actor_department"] = act.actor.department_name
    audit.record(
        act.session,
        action,
        by or act.signature,
        at=act.at,
        subject=("task", task.id) if task is not None else ("case", act.case.id),
        case_id=act.case.id,
        document_id=act.document.id,
        step=task.step if task is not None else None,
        reason=reason,
        detail={
            "version": act.document.version,
            "content_sha256": act.document.content_sha256,
            "opened": [each.step for each in opened],
            "closed": [each.step for each in closed],
            "opened_stays": [each.id for each in opened if isinstance(each, Task)],
            "closed_stays": [each.id for each in closed],
            "case_state": act.case.state,
            **detail,
        },
    )
