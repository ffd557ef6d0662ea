"""What both sides said of a supervision, from early to late: reports, urges, later dates."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.handling.supervision.models import (
    EXTENSION_STATES,
    SupervisionExtension,
    SupervisionReport,
    SupervisionUrge,
)
from app.organization import Person


@dataclass(frozen=True)
class Report:
    person: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Urge:
    person: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Extension:
    """A request for a later date and what became of it."""

    id: int
    old_due_at: datetime
    due_at: datetime
    reason: str
    state: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None

    @property
    def state_words(self) -> str:
        return EXTENSION_STATES[self.state]


def reports(session: Session, supervision_id: int) -> list[Report]:
    query = (
        sa.select(Person.name, SupervisionReport.at, SupervisionReport.text)
        .join(Person, Person.id == SupervisionReport.person_id)
        .where(SupervisionReport.supervision_id == supervision_id)
        .order_by(SupervisionReport.id)
    )
    return [Report(*row) for row in session.execute(query)]


def urges(session: Session, supervision_id: int) -> list[Urge]:
    query = (
        sa.select(Person.name, SupervisionUrge.at, SupervisionUrge.reason)
        .join(Person, Person.id == SupervisionUrge.person_id)
        .where(SupervisionUrge.supervision_id == supervision_id)
        .order_by(SupervisionUrge.id)
    )
    return [Urge(*row) for row in session.execute(query)]


def extensions(session: Session, supervision_id: int) -> list[Extension]:
    asker, decider = aliased(Person), aliased(Person)
    query = (
        sa.select(SupervisionExtension, asker.name, decider.name)
        .join(asker, asker.id == SupervisionExtension.asked_by_id)
        .outerjoin(decider, decider.id == SupervisionExtension.decided_by_id)
        .where(SupervisionExtension.supervision_id == supervision_id)
        .order_by(SupervisionExtension.id)
    )
    return [
        Extension(
            id=each.id,
            old_due_at=each.old_due_at,
            due_at=each.due_at,
            reason=each.reason,
            state=each.state,
            asked_by=asked_by,
            asked_at=each.asked_at,
            decided_by=decided_by,
            decided_at=each.decided_at,
            answer=each.answer,
        )
        for each, asked_by, decided_by in session.execute(query)
    ]
