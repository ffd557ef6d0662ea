"""现在何处: where cases stand, with whom and since when; what can still be taken back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app import clock
from app.deadlines import load, working_minutes
from app.handling.models import CASE_STATES, Case, Task, TaskCandidate
from app.handling.views.waiting import for_time
from app.organization import Actor, Person
from app.workflow.loading import definition
from app.workflow.models import WorkflowCase


@dataclass(frozen=True)
class Place:
    """A step that is open now. Nobody in ``people`` stands there without a reason in the record.

    task_id, holders  the stay, and the ids of its people
    """

    step_name: str
    people: tuple[str, ...]
    task_id: int
    holders: tuple[int, ...]


@dataclass(frozen=True)
class Whereabouts:
    """Where one case stands.

    state    在办, 办结, 已撤销 or 暂停; or what it waits for while it lies with nobody
    places   the open steps, oldest first; none once the case has ended
    minutes  working minutes from its start to its end, or to now
    """

    state: str
    running: bool
    places: tuple[Place, ...]
    started_at: datetime
    ended_at: datetime | None
    minutes: int


Stays = dict[int, tuple[str, list[tuple[Person, str]]]]
"""Step and people of each open stay, an agent with 代 whom, by the id of the stay."""


def whereabouts(session: Session, case_ids: Collection[int]) -> dict[int, Whereabouts]:
    """Each case by its id; the caller has established that these cases may be seen."""
    if not case_ids:
        return {}
    principal = aliased(Person)
    query = (
        sa.select(Case, Task.id, Task.step_name, Person, principal.name)
        .outerjoin(Task, sa.and_(Task.case_id == Case.id, Task.state == "open"))
        .outerjoin(TaskCandidate, TaskCandidate.task_id == Task.id)
        .outerjoin(Person, Person.id == TaskCandidate.person_id)
        .outerjoin(principal, principal.id == TaskCandidate.principal_id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id, Task.id, TaskCandidate.principal_id.is_not(None), Person.id)
    )
    cases: dict[int, Case] = {}
    stays: dict[int, Stays] = {}
    for case, task_id, step_name, person, of in session.execute(query):
        cases[case.id] = case
        open_stays = stays.setdefault(case.id, {})
        if task_id is not None:
            _, people = open_stays.setdefault(task_id, (step_name, []))
            if person:
                people.append((person, f"{person.name}（代{of}）" if of else person.name))
    now = clock.now(session)
    idle = [each.id for each in cases.values() if each.state == "running" and not stays[each.id]]
    waiting = for_time(session, idle, now)
    return {
        case_id: _of(session, case, stays[case_id], waiting.get(case_id), now)
        for case_id, case in cases.items()
    }


def _of(
    session: Session, case: Case, stays: Stays, waiting: str | None, now: datetime
) -> Whereabouts:
    calendar = load(session, case.unit_id)
    return Whereabouts(
        state=waiting or CASE_STATES[case.state],
        running=case.state == "running",
        places=tuple(
            Place(
                name,
                tuple(words for _, words in people),
                task_id,
                tuple(person.id for person, _ in people),
            )
            for task_id, (name, people) in stays.items()
        ),
        started_at=case.started_at,
        ended_at=case.ended_at,
        minutes=working_minutes(case.started_at, case.ended_at or now, calendar),
    )


def urgeable(places: Mapping[int, Whereabouts], actor: Actor) -> dict[int, int]:
    """The oldest open stay of each running case that does not lie with the actor, by the case.

    For links in the lists of those who have a part in the case; ``urging.urge`` decides.
    """
    return {
        case_id: others[0]
        for case_id, where in places.items()
        if where.running
        and (
            others := [each.task_id for each in where.places if actor.person_id not in each.holders]
        )
    }


def withdrawable(session: Session, actor: Actor, task_ids: Collection[int]) -> frozenset[int]:
    """Which of the stays that the actor ended he may take back: somebody has not opened it yet.

    For showing a button in a list, in one statement; ``withdrawing.withdraw`` decides (OUT-18).
    """
    if not task_ids:
        return frozenset()
    sent = aliased(Task)
    query = (
        sa.select(Task.id, Task.step, WorkflowCase.sha256, sa.func.max(sent.step))
        .join(Case, Case.id == Task.case_id)
        .join(WorkflowCase, WorkflowCase.id == Case.id)
        .join(sent, (sent.sent_from_id == Task.id) & (sent.state != "skipped"))
        .where(
            Task.id.in_(task_ids),
            Task.done_by_id == actor.person_id,
            Task.state.in_(("done", "handed_over", "consulting")),
            Case.state == "running",
        )
        .group_by(Task.id, Task.step, WorkflowCase.sha256)
        .having(sa.func.min(_taken_up(sent)) == 0)
    )
    rows = session.execute(query.add_columns(sa.func.max(_taken_up(sent))))
    return frozenset(
        task_id
        for task_id, step, sha256, sent_to, taken_up in rows
        if _allows(session, sha256, step) and not (taken_up and _single(session, sha256, sent_to))
    )


def _taken_up(stay: Any) -> sa.ColumnElement[int]:
    """1 for a stay that somebody has opened, ended, or that the system has moved on."""
    return sa.case((sa.and_(stay.state == "open", stay.opened_at.is_(None)), 0), else_=1)


def _allows(session: Session, sha256: str, step_id: str) -> bool:
    return definition(session, sha256).step(step_id).properties.get("withdraw") != "no"


def _single(session: Session, sha256: str, step_id: str) -> bool:
    """A step without several signers: there is nobody else who could lose it."""
    return definition(session, sha256).step(step_id).signing is None
