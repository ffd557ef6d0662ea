"""岗位交接 as pages show it: who leaves, who takes over, and who signed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.handling.acts.inventory import visible_to
from app.handling.models import PostHandover
from app.organization import Actor, Person
from app.organization.actors import Statement

STATES = {"prepared": "待监交签字", "done": "已交接", "dropped": "已撤销"}


@dataclass(frozen=True)
class Handover:
    """One hand-over; ``moved`` is what was signed for, empty until then."""

    id: int
    person_id: int
    person_login: str
    person: str
    successor_login: str
    successor: str
    reason: str
    state: str
    prepared_by: str
    prepared_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    moved: Sequence[str]

    @property
    def state_words(self) -> str:
        return STATES[self.state]


def listed(session: Session, actor: Actor) -> list[Handover]:
    """Those that the actor may see, waiting ones first, then the newest."""
    return _handovers(session, visible_to(actor))


def one(session: Session, actor: Actor, handover_id: int) -> Handover | None:
    found = _handovers(session, visible_to(actor), PostHandover.id == handover_id)
    return found[0] if found else None


def _handovers(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Handover]:
    person, successor, prepared, decided = (aliased(Person) for _ in range(4))
    query: Statement = (
        sa.select(
            PostHandover.id,
            PostHandover.person_id,
            person.login.label("person_login"),
            person.name.label("person"),
            successor.login.label("successor_login"),
            successor.name.label("successor"),
            PostHandover.reason,
            PostHandover.state,
            prepared.name.label("prepared_by"),
            PostHandover.prepared_at,
            decided.name.label("decided_by"),
            PostHandover.decided_at,
            PostHandover.moved,
        )
        .join(person, person.id == PostHandover.person_id)
        .join(successor, successor.id == PostHandover.successor_id)
        .join(prepared, prepared.id == PostHandover.prepared_by_id)
        .outerjoin(decided, decided.id == PostHandover.decided_by_id)
        .where(*conditions)
        .order_by((PostHandover.state == "prepared").desc(), PostHandover.id.desc())
    )
    return [Handover(**row._mapping) for row in session.execute(query)]
