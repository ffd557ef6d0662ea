"""建议追究: departments that were late again and again, each with the list of what was late.

It is a proposal for people to decide on (DDL-18): nothing follows from it by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines
from app.deadlines import working_minutes
from app.documents.models import Document
from app.handling.figures.asking import Place, Wanted
from app.handling.figures.measuring import Measured
from app.handling.models import Case, Task
from app.organization import Person


@dataclass(frozen=True)
class Late:
    """One late item; ``done_at`` None: it still lay there at the end of the period, or by now.

    delay  minutes of working time past the limit
    """

    task_id: int
    case_id: int
    title: str
    number: str | None
    step: str
    person: str
    due_at: datetime
    done_at: datetime | None
    delay: int


@dataclass(frozen=True)
class Proposal:
    """A department with its late items, the longest delay first; ``most``: what the unit bears."""

    unit: str
    department: str
    most: int
    items: Sequence[Late]


def proposals(session: Session, measured: Measured, wanted: Wanted) -> list[Proposal]:
    """Of what was measured for somebody: the same items as in the figures, and no others."""
    late = [(each.place, each.task_id) for each in measured.own if each.late]
    late += [(each.place, each.task_id) for each in measured.waiting]
    found = []
    for place, task_ids in _by_department(late).items():
        most = deadlines.load(session, place.unit_id).policy.accountable_after
        if len(task_ids) >= most:
            items = _items(session, task_ids, wanted)
            found.append(Proposal(place.unit, place.department, most, items))
    return found


def _by_department(late: Iterable[tuple[Place, int]]) -> dict[Place, list[int]]:
    """By the place without its person, in the order of the lists."""
    found: dict[Place, list[int]] = {}
    for place, task_id in late:
        of = Place(*(getattr(place, name) for name in _OF_DEPARTMENT))
        found.setdefault(of, []).append(task_id)
    return dict(sorted(found.items(), key=lambda each: (each[0].unit_id, each[0].position)))


_OF_DEPARTMENT = ("unit_id", "unit", "department_id", "department", "position")


def _items(session: Session, task_ids: Sequence[int], wanted: Wanted) -> list[Late]:
    ends = min(clock.now(session), wanted.ends)
    query = (
        sa.select(
            Task.id,
            Task.case_id,
            Case.unit_id,
            Document.title,
            Document.number,
            Task.step_name,
            Person.name,
            Task.due_at,
            Task.done_at,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Document, Document.id == Case.document_id)
        .outerjoin(Person, Person.id == Task.done_by_id)
        .where(Task.id.in_(task_ids))
    )
    found = []
    for row in session.execute(query):
        done = row.done_at if row.done_at is not None and row.done_at < ends else None
        found.append(
            Late(
                task_id=row.id,
                case_id=row.case_id,
                title=row.title.replace("\n", ""),
                number=row.number,
                step=row.step_name,
                person=row.name if done and row.name else "",
                due_at=row.due_at,
                done_at=done,
                delay=working_minutes(
                    row.due_at, done or ends, deadlines.load(session, row.unit_id)
                ),
            )
        )
    return sorted(found, key=lambda each: (-each.delay, each.task_id))
