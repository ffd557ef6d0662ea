"""Who took over from somebody who has left, as the record of hand-overs has it (岗位交接)."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.handling.models import PostHandover
from app.organization import Person


def successor_of(session: Session, login: str) -> str:
    """The login itself while its person is there; else of who took over, or over from him.

    Diagrams and signings go on naming who was named: that is the record.
    """
    seen: set[str] = set()
    present = login
    while present not in seen:  # a cycle: both have left
        seen.add(present)
        present = _next(session, present) or present
    return present


def _next(session: Session, login: str) -> str | None:
    successor = aliased(Person)
    query = (
        sa.select(successor.login)
        .join(PostHandover, PostHandover.successor_id == successor.id)
        .join(Person, Person.id == PostHandover.person_id)
        .where(Person.login == login, ~Person.active, PostHandover.state == "done")
        .order_by(PostHandover.id.desc())
    )
    return session.scalars(query).first()
