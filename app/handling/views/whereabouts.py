"""现在何处: where cases stand, with whom and since when; what can still be taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import clock
from app.deadlines import load, working_minutes
from app.handling.models import CASE_STATES, Case, Task, TaskCandidate
from app.organization import Actor, Person
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase


@dataclass(frozen=True)
class Place:
    """A step that is open now. Nobody in ``people`` stands there without a reason in the record."""

    step_name: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Whereabouts:
    """Where one case stands.

    state    在办, 办结, 已撤销 or 暂停
    places   the open steps, oldest first; none once the case has ended
    minutes  working minutes from its start to its end, or to now
    """

    state: str
    running: bool
    places: tuple[Place, ...]
    started_at: datetime
    ended_at: datetime | None
    minutes: int


def whereabouts(session: Session, case_ids: Collection[int]) -> dict[int, Whereabouts]:
    """Each case by its id; the caller has established that these cases may be seen."""
    if not case_ids:
        return {}
    query = (
        sa.select(Case, Task.id, Task.step_name, Person.name)
        .outerjoin(Task, sa.and_(Task.case_id == Case.id, Task.state == "open"))
        .outerjoin(TaskCandidate, TaskCandidate.task_id == Task.id)
        .outerjoin(Person, Person.id == TaskCandidate.person_id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id, Task.id, Person.id)
    )
    cases: dict[int, Case] = {}
    open_steps: dict[int, dict[int, tuple[str, list[str]]]] = {}
    for case, task_id, step_name, person in session.execute(query):
        cases[case.id] = case
        steps = open_steps.setdefault(case.id, {})
        if task_id is not None:
            _, people = steps.setdefault(task_id, (step_name, []))
            people.extend([person] if person else [])
    now = clock.now(session)
    return {
        case_id: _of(session, case, list(open_steps[case_id].values()), now)
        for case_id, case in cases.items()
    }


def _of(
    session: Session, case: Case, steps: list[tuple[str, list[str]]], now: datetime
) -> Whereabouts:
    calendar = load(session, case.unit_id)
    return Whereabouts(
        state=CASE_STATES[case.state],
        running=case.state == "running",
        places=tuple(Place(name, tuple(people)) for name, people in steps),
        started_at=case.started_at,
        ended_at=case.ended_at,
        minutes=working_minutes(case.started_at, case.ended_at or now, calendar),
    )


def withdrawable(session: Session, actor: Actor, task_ids: Collection[int]) -> frozenset[int]:
    """Which of the stays that the actor ended he may take back: nobody has opened what he sent.

    For showing a button in a list, in one statement; ``withdrawing.withdraw`` decides (OUT-18).
    """
    if not task_ids:
        return frozenset()
    sent = aliased(Task)
    query = (
        sa.select(Task.id, Task.step, WorkflowCase.sha256)
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(sent, (sent.sent_from_id == Task.id) & (sent.state != "skipped"))
        .where(
            Task.id.in_(task_ids),
            Task.done_by_id == actor.person_id,
            Task.state == "done",
            Case.state == "running",
        )
        .group_by(Task.id, Task.step, WorkflowCase.sha256)
        .having(sa.func.max(_taken_up(sent)) == 0)
    )
    rows = session.execute(query)
    return frozenset(task_id for task_id, step, sha256 in rows if _allows(session, sha256, step))


def _taken_up(stay: Any) -> sa.ColumnElement[int]:
    """1 for a stay that somebody has opened, ended, or that the system has moved on."""
    return sa.case((sa.and_(stay.state == "open", stay.opened_at.is_(None)), 0), else_=1)


def _allows(session: Session, sha256: str, step_id: str) -> bool:
    step = definition(session, sha256).step(step_id)
    return step.signing is None and step.properties.get("withdraw") != "no"
