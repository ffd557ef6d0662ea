"""Check-ins that people have missed in a period, by where they belong now."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.handling.checkins.models import MissedCheck
from app.handling.figures.asking import Place, Wanted, place_of
from app.organization import Department, Person, Unit


def places(session: Session, wanted: Wanted, units: Sequence[int]) -> list[Place]:
    """One for each check that closed in the period."""
    query = (
        sa.select(
            MissedCheck.unit_id,
            Unit.name.label("unit"),
            Person.id.label("person_id"),
            Person.name.label("person"),
            Department.id.label("department_id"),
            Department.name.label("department"),
            Department.position,
        )
        .join(Unit, Unit.id == MissedCheck.unit_id)
        .join(Person, Person.id == MissedCheck.person_id)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(
            MissedCheck.unit_id.in_(units),
            MissedCheck.closes_at >= wanted.begins,
            MissedCheck.closes_at < wanted.ends,
        )
        .order_by(MissedCheck.id)
    )
    return [place_of(row, row.person_id, row.person) for row in session.execute(query)]
