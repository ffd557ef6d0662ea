"""Timers drawn on a route are counted again like limits after a change of the calendar (DDL-34).

Those that wait for a moment do not depend on any calendar. What is still to do stands in the due
rows: those that wait and hold by another version of the calendar than the present one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, deadlines
from app.deadlines import Deadline, WorkCalendar
from app.deadlines.models import Due
from app.deadlines.queries import Limit
from app.deadlines.recomputing import moved_from, recomputed
from app.handling.models import Case, Task, TaskCandidate
from app.handling.stays.notices import tell
from app.handling.stays.recomputing import BATCH, RULE
from app.handling.stays.timers import KIND, SUBJECT
from app.workflow.definitions import Definition
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase, WorkflowTimer


@dataclass(frozen=True)
class Ticking:
    """A timer that waits, with the row of its end. ``name``: as the diagram calls it."""

    timer: WorkflowTimer
    case: Case
    drawn: Definition
    limit: Limit

    @property
    def name(self) -> str:
        return self.drawn.element(self.timer.element).name or self.timer.element


def recompute_timers(session: Session, now: datetime) -> int:
    """One batch; how many timers it looked at, 0 when nothing is left or others hold the rest."""
    version = deadlines.version(session)
    outdated = Due.calendar_version != version
    found = with_inputs(session, session.execute(_locked(ticking(outdated).limit(BATCH))).all())
    for each in found:
        _count_again(session, each, deadlines.load(session, each.case.unit_id), now)
    of = [each.timer.id for each in found]
    if of:
        deadlines.stamp_limits(session, SUBJECT, of, version, kind=KIND)
    return len(found)


def timers_to_do(session: Session) -> int:
    """Timers that do not hold by the present calendar yet."""
    outdated = ticking(Due.calendar_version != deadlines.version(session))
    return session.scalar(sa.select(sa.func.count()).select_from(outdated.subquery())) or 0


def ticking(*conditions: sa.ColumnElement[bool]) -> sa.Select[WorkflowTimer, Case, str]:
    """Timers of running cases whose end was counted, with their case and its diagram."""
    row = (Due.subject_type == SUBJECT) & (Due.subject_id == WorkflowTimer.id)
    return (
        sa.select(WorkflowTimer, Case, WorkflowCase.sha256)
        .join(Due, row)
        .join(Case, Case.id == WorkflowTimer.case_id)
        .join(WorkflowCase, WorkflowCase.id == WorkflowTimer.case_id)
        .where(WorkflowTimer.closed_at.is_(None), Case.state == "running")
        .where(Due.kind == KIND, Due.state == "pending", Due.started_at.is_not(None), *conditions)
        .order_by(WorkflowTimer.id)
    )


def with_inputs(session: Session, rows: Sequence[Any]) -> list[Ticking]:
    """(timer, case, sha256) with the latest row of each timer."""
    known = deadlines.limits_of(session, SUBJECT, [row[0].id for row in rows])
    latest = {each.subject_id: each for each in known}  # the last has the highest revision
    return [
        Ticking(timer, case, definition(session, sha256), latest[timer.id])
        for timer, case, sha256 in rows
    ]


def _locked(query: sa.Select[WorkflowTimer, Case, str]) -> sa.Select[WorkflowTimer, Case, str]:
    """The due row too: one that a sweep has in hand is firing, and nothing moves it any more."""
    return query.with_for_update(
        of=(Case, WorkflowTimer, Due), key_share=True, skip_locked=True
    ).execution_options(populate_existing=True)


def _count_again(session: Session, each: Ticking, calendar: WorkCalendar, now: datetime) -> None:
    before = each.limit.due_at
    found = recomputed(each.limit, before, calendar, now)
    if found is None or found.due_at == before:
        return
    deadlines.move_limit(
        session,
        SUBJECT,
        each.timer.id,
        found,
        revision=each.limit.deadline_revision + 1,
        at=now,
        kind=KIND,
    )
    _tell_and_record(session, each, found, moved_from(each.limit, found, before, now), now)


def _tell_and_record(
    session: Session, each: Ticking, found: Deadline, said: str, now: datetime
) -> None:
    """On record in the case; who has the document at the step of the timer is told."""
    host = each.drawn.element(each.timer.element).attached_to
    steps = each.drawn.within(host) if host else ()
    sentence = f"定时器“{each.name}”：{said}"
    query = sa.select(Task.id, TaskCandidate.person_id).where(
        Task.case_id == each.case.id, Task.state == "open", Task.step.in_(steps)
    )
    people = query.join(TaskCandidate, TaskCandidate.task_id == Task.id)
    for task_id, person_id in session.execute(people.order_by(Task.id, TaskCandidate.person_id)):
        tell(session, [person_id], "moved", each.case.id, task_id, sentence, now)
    audit.record(
        session,
        "timer.moved",
        audit.signed_by_rule(RULE),
        at=now,
        subject=("case", each.case.id),
        case_id=each.case.id,
        document_id=each.case.document_id,
        step=host,
        reason=sentence,
        detail={
            "timer": each.timer.element,
            "step_name": each.drawn.element(host).name if host else each.name,
            "from": each.limit.due_at.isoformat(),
            "to": found.due_at.isoformat(),
            "old_calendar": each.limit.calendar_version,
            "new_calendar": found.version,
            "provisional": found.provisional,
        },
    )
