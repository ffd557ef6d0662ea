"""Reads for pages: the outbox as its administrator sees it, and one's own messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.messages.channels import LABELS
from app.messages.models import KINDS, STATES, Outbox
from app.organization import Person

TROUBLED = sa.and_(Outbox.state == "waiting", Outbox.attempts > 0)


@dataclass(frozen=True)
class Row:
    """A message as pages show it. ``trouble``: it was tried in vain and is tried again."""

    id: int
    person: str
    kind: str
    channel: str
    address: str
    subject: str
    body: str
    state: str
    attempts: int
    next_try_at: datetime
    last_error: str | None
    at: datetime
    sent_at: datetime | None

    @property
    def channel_words(self) -> str:
        return LABELS[self.channel]

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def trouble(self) -> bool:
        return self.state == "waiting" and self.attempts > 0


@dataclass(frozen=True)
class Counts:
    waiting: int
    troubled: int
    given_up: int


def counts(session: Session) -> Counts:
    """What has not gone out."""
    query = sa.select(
        sa.func.count().filter(Outbox.state == "waiting"),
        sa.func.count().filter(TROUBLED),
        sa.func.count().filter(Outbox.state == "given_up"),
    ).where(Outbox.state.in_(("waiting", "given_up")))
    return Counts(*session.execute(query).one())


def latest(session: Session, limit: int, skip: int = 0, state: str | None = None) -> Sequence[Row]:
    """The newest messages to anybody."""
    conditions = [Outbox.state == state] if state else []
    return _rows(session, limit, skip, *conditions)


def own(session: Session, person_id: int, limit: int) -> Sequence[Row]:
    """The newest messages to one person."""
    return _rows(session, limit, 0, Outbox.person_id == person_id)


def _rows(
    session: Session, limit: int, skip: int, *conditions: sa.ColumnElement[bool]
) -> list[Row]:
    names = [name for name in Row.__dataclass_fields__ if name not in ("id", "person")]
    query = (
        sa.select(Outbox.id, Person.name, *(getattr(Outbox, name) for name in names))
        .join(Person, Person.id == Outbox.person_id)
        .where(*conditions)
        .order_by(Outbox.id.desc())
        .limit(limit)
        .offset(skip)
    )
    return [Row(*row) for row in session.execute(query)]
