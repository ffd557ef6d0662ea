"""Addresses of the demonstration office, of a name that leads nowhere (RFC 2606)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.messages.models import Contact
from app.organization import Person


def install(session: Session, now: datetime) -> None:
    """Everybody wants mail; nobody has been told anything so far."""
    session.add_all(
        Contact(
            person_id=person_id,
            email=f"{login}@jiangzhou.example",
            phone=None,
            by_mail=True,
            by_sms=False,
            changed_at=now,
        )
        for person_id, login in session.execute(sa.select(Person.id, Person.login)).tuples()
    )
