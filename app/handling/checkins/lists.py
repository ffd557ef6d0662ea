"""未按时查收 of a month: one's own, and those of everybody whom one supervises or leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import deadlines
from app.clock import SHANGHAI
from app.deadlines import checkins
from app.errors import NotAllowed
from app.handling.checkins import people
from app.handling.checkins.models import MissedCheck
from app.handling.supervision import rights
from app.organization import Actor, Department, Person


@dataclass(frozen=True)
class Month:
    """A month of the calendar."""

    first: date

    @property
    def following(self) -> "Month":
        year, month = self.first.year + self.first.month // 12, self.first.month % 12 + 1
        return Month(date(year, month, 1))

    @property
    def before(self) -> "Month":
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return Month(date(year, month + 1, 1))

    @property
    def key(self) -> str:
        """``2026-11``."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Missed:
    """One check that was missed; ``rule`` as it held then."""

    opens_at: datetime
    closes_at: datetime
    rule: str
    at: datetime


@dataclass(frozen=True)
class OfPerson:
    """All that one person missed, earliest first."""

    person_id: int
    person: str
    department: str
    items: Sequence[Missed]


def rule_for(session: Session, actor: Actor) -> str:
    """What is asked of a person in words; "" where nothing is."""
    policy = deadlines.load(session, actor.unit_id).policy
    return checkins.words(policy) if people.may_concern(actor, policy) else ""


def own(session: Session, actor: Actor, month: Month) -> list[Missed]:
    """The actor's own, earliest first."""
    found = _rows(session, month, MissedCheck.person_id == actor.person_id)
    return [each for _, each in found]


def of_others(session: Session, actor: Actor, month: Month) -> list[OfPerson]:
    """By person, who missed most on top.

    Raises NotAllowed for who neither supervises nor leads a department.
    """
    departments, all_of = rights.leads(actor)
    if not rights.units(actor) and not departments and not all_of:
        raise NotAllowed("查收情况由办公室负责人、督办人员和部门负责人查看，请联系本单位办公室。")
    units = sorted({post.unit_id for post in actor.posts})
    found: dict[int, tuple[Person, str, list[Missed]]] = {}
    for (person, unit_id, department), each in _rows(
        session, month, MissedCheck.unit_id.in_(units)
    ):
        if rights.answers_for(actor, unit_id, person.department_id):
            found.setdefault(person.id, (person, department, []))[2].append(each)
    lines = [
        OfPerson(person.id, person.name, department or "单位领导", items)
        for person, department, items in found.values()
    ]
    return sorted(lines, key=lambda line: (-len(line.items), line.person_id))


Row = tuple[tuple[Person, int, str], Missed]


def _rows(session: Session, month: Month, *conditions: sa.ColumnElement[bool]) -> list[Row]:
    begins, ends = (
        datetime.combine(each.first, time(), SHANGHAI) for each in (month, month.following)
    )
    query = (
        sa.select(MissedCheck, Person, Department.name)
        .join(Person, Person.id == MissedCheck.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(MissedCheck.closes_at >= begins, MissedCheck.closes_at < ends, *conditions)
        .order_by(MissedCheck.closes_at, MissedCheck.id)
    )
    return [
        (
            (person, each.unit_id, department),
            Missed(each.opens_at, each.closes_at, each.rule, each.at),
        )
        for each, person, department in session.execute(query)
    ]
