"""What was handled in a period: one row for each stay that somebody ended by his own act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, deadlines
from app.deadlines import working_minutes
from app.documents.models import Document
from app.errors import Invalid, NotAllowed
from app.handling.figures import missing
from app.handling.figures.asking import Place, Wanted, place_of
from app.handling.models import Case, Task, TaskCandidate
from app.handling.supervision import rights
from app.organization import Actor, Department, Person, Unit

COUNTED = ("done", "returned")
"""Stays that count: handed on with an outcome or an answer, or sent back; nothing taken back."""
LONGEST = timedelta(days=366)
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
"""Nothing was handled here before; after that a day has no instant that a database could hold."""


@dataclass(frozen=True)
class Handled:
    """One item. ``minutes`` of working time from arrival to the act, ``delay`` past the limit.

    limited  the step had a limit; without one nothing is on time or late
    """

    task_id: int
    place: Place
    flow: str
    kind: str
    minutes: int
    limited: bool
    late: bool
    delay: int


@dataclass(frozen=True)
class Lying:
    """A stay that is past its limit and that nobody has ended, and where it lies."""

    task_id: int
    place: Place


@dataclass(frozen=True)
class Measured:
    """``own``: of units and departments that the actor answers for; ``below``: subordinate units.

    waiting  past the limit and not ended by the end of the period, or by now: they are late, and
             nobody has handled them
    missed   a place for each check-in that somebody has missed; None where only some kinds of
             documents were asked for, with which check-ins have nothing to do
    """

    own: Sequence[Handled]
    below: Sequence[Handled]
    waiting: Sequence[Lying]
    missed: Sequence[Place] | None = None


def measure(session: Session, actor: Actor, wanted: Wanted) -> Measured:
    """Raises NotAllowed for who neither supervises nor leads, Invalid for a period that cannot be.

    Of subordinate units only sums are shown: their documents are theirs.
    """
    _ensure_sensible(wanted)
    supervised = rights.units(actor)
    departments, all_of = rights.leads(actor)
    if not supervised and not departments and not all_of:
        raise NotAllowed("统计由办公室负责人、督办人员和部门负责人查看，请联系本单位办公室。")
    subordinate = sa.select(Unit.id).where(Unit.parent_id.in_(supervised))
    below = set(session.scalars(subordinate)) - set(supervised)
    own = {post.unit_id for post in actor.posts}
    handled = _handled(session, wanted, sorted(own | below))
    waiting = _waiting(session, wanted, sorted(own))
    every = not wanted.flow and not wanted.kind
    missed = missing.places(session, wanted, sorted(own)) if every else None

    def answers(place: Place) -> bool:
        return rights.answers_for(actor, place.unit_id, place.department_id)

    return Measured(
        own=[row for row in handled if answers(row.place)],
        below=[row for row in handled if row.place.unit_id in below],
        waiting=[each for each in waiting if answers(each.place)],
        missed=None if missed is None else [place for place in missed if answers(place)],
    )


def _ensure_sensible(wanted: Wanted) -> None:
    for field, of in (("since", wanted.since), ("until", wanted.until)):
        if not EARLIEST <= of <= LATEST:
            raise Invalid.at(field, f"请选择 {EARLIEST.year} 至 {LATEST.year} 年之间的日期。")
    if wanted.until < wanted.since:
        raise Invalid.at("until", "止日不能早于起日。")
    if wanted.until - wanted.since > LONGEST:
        raise Invalid.at("until", "一次最多统计一年，请缩短起止日期。")


def _handled(session: Session, wanted: Wanted, units: Sequence[int]) -> list[Handled]:
    query = (
        sa.select(
            Task.id,
            Task.arrived_at,
            Task.done_at,
            Task.due_at,
            Case.unit_id,
            Unit.name.label("unit"),
            Person.id.label("person_id"),
            Person.name.label("person"),
            Department.id.label("department_id"),
            Department.name.label("department"),
            Department.position,
            Document.flow,
            Document.kind,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .join(Document, Document.id == Case.document_id)
        .join(Person, Person.id == Task.done_by_id)
        .outerjoin(Department, Department.id == Task.done_in_id)
        .where(
            Task.state.in_(COUNTED),
            Task.done_at >= wanted.begins,
            Task.done_at < wanted.ends,
            *_about(wanted, units),
        )
        .order_by(Task.id)
    )
    return [_row(session, row) for row in session.execute(query)]


def _about(wanted: Wanted, units: Sequence[int]) -> list[sa.ColumnElement[bool]]:
    """Requests (审批事项) are no documents and count nowhere."""
    conditions = [Case.unit_id.in_(units), Document.flow != "request"]
    if wanted.flow:
        conditions.append(Document.flow == wanted.flow)
    if wanted.kind:
        conditions.append(Document.kind == wanted.kind)
    return conditions


def _row(session: Session, row: Any) -> Handled:
    calendar = deadlines.load(session, row.unit_id)
    late = row.due_at is not None and row.done_at > row.due_at  # decision 13: at it is in time
    return Handled(
        task_id=row.id,
        place=place_of(row, row.person_id, row.person),
        flow=row.flow,
        kind=row.kind or "",
        minutes=working_minutes(row.arrived_at, row.done_at, calendar),
        limited=row.due_at is not None,
        late=late,
        delay=working_minutes(row.due_at, row.done_at, calendar) if late else 0,
    )


def _waiting(session: Session, wanted: Wanted, units: Sequence[int]) -> list[Lying]:
    """The department of the first of its people answers for a stay that nobody has ended."""
    at = min(clock.now(session), wanted.ends)
    query = (
        sa.select(
            Task.id,
            Case.unit_id,
            Unit.name.label("unit"),
            Department.id.label("department_id"),
            Department.name.label("department"),
            Department.position,
        )
        .join(Case, Case.id == Task.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .join(Document, Document.id == Case.document_id)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .join(Person, Person.id == TaskCandidate.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(
            Task.due_at < at,
            Case.state != "suspended",
            sa.or_(Task.done_at.is_(None), Task.done_at >= at),
            *_about(wanted, units),
        )
        .order_by(Task.id, TaskCandidate.principal_id.is_not(None), Person.id)
    )
    found: dict[int, Lying] = {}
    for row in session.execute(query):
        found.setdefault(row.id, Lying(row.id, place_of(row)))
    return list(found.values())
