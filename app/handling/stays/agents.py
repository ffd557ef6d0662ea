"""Delegations begin and end: the agents of what lies with the principal follow them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.deadlines import DueRow, Result
from app.documents.models import Document
from app.handling.act import Act
from app.handling.models import Case, Task, TaskCandidate
from app.handling.stays.people import renew_agents
from app.handling.stays.reposting import NOBODY
from app.organization.models import Delegation
from app.workflow.models import WorkflowCase

SUBJECT = "delegation"


def follow_delegations(
    session: Session, principal_id: int, at: datetime, *, wait: bool = True
) -> bool:
    """Find the agents of every open stay of a principal anew, case by case in the order of ids.

    wait  False: change nothing and answer False when somebody else holds one of the cases
    """
    wanted = list(session.scalars(_stays(principal_id)))
    if not wanted:
        return True
    query = (
        sa.select(Task, Case, WorkflowCase, Document)
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(Document, Document.id == Case.document_id)
        .where(Task.id.in_(wanted))
        .order_by(Case.id, Task.id)
        .with_for_update(
            of=(WorkflowCase, Case, Document, Task), key_share=True, skip_locked=not wait
        )
        .execution_options(populate_existing=True)
    )
    held = session.execute(query).all()
    if len(held) < len(wanted):
        return False
    for task, case, run, document in held:
        if task.state == "open":
            renew_agents(Act(session, NOBODY, at, case, run, document, task), task)
    return True


def _stays(principal_id: int) -> sa.Select[int]:
    """His own, and those where somebody still stands in for him."""
    return (
        sa.select(Task.id)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .where(
            Task.state == "open",
            sa.or_(
                TaskCandidate.principal_id == principal_id,
                sa.and_(
                    TaskCandidate.person_id == principal_id, TaskCandidate.principal_id.is_(None)
                ),
            ),
        )
        .distinct()
    )


def watch(session: Session, delegation: Delegation, at: datetime) -> None:
    """Let a delegation take effect now or at its beginning, and run out by itself.

    The next sweep looks once more at one that has begun: a stay that was opening at the same
    moment has asked who stands in before this was there to be found.
    """
    moment = max(delegation.since, at)
    deadlines.open_limits(session, SUBJECT, [(delegation.id, moment)], kind="timer")
    if delegation.since <= at:
        follow_delegations(session, delegation.principal_id, at)


def unwatch(session: Session, delegation: Delegation, at: datetime) -> None:
    """A delegation has been ended by hand: what was with the agent goes back at once."""
    deadlines.close_limits(session, SUBJECT, [delegation.id], at)
    follow_delegations(session, delegation.principal_id, at)


class DelegationTimes:
    """Effects of due rows whose subject is a delegation: its beginning, then its end."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        delegation = session.scalars(
            sa.select(Delegation)
            .where(Delegation.id == due.subject_id)
            .with_for_update(key_share=True, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if delegation is None:
            return Result.BUSY
        if delegation.ended_at is not None:
            return Result.NOT_OPEN
        if not follow_delegations(session, delegation.principal_id, now, wait=False):
            return Result.BUSY
        if now < delegation.until:
            deadlines.open_next(session, due, delegation.until)
        return Result.DONE
