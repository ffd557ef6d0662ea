"""Reads for pages: the outbox as its administrator sees it, and one's own messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.messages.channels import LABELS
from app.messages.models import KINDS, STATES, Outbox
from app.organization import Person

GIVEN_UP = sa.and_(Outbox.state == "given_up", Outbox.dropped_at.is_(None))
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
    dropped_at: datetime | None

    @property
    def channel_words(self) -> str:
        return LABELS[self.channel]

    @property
    def state_words(self) -> str:
        return STATES[self.state] + ("，不再发送" if self.dropped_at else "")

    @property
    def given_up(self) -> bool:
        return self.state == "given_up" and self.dropped_at is None

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind]

    @property
    def trouble(self) -> bool:
        return self.state == "waiting" and self.attempts > 0


@dataclass(frozen=True)
class Unsent:
    """Messages of one channel that were given up, without what they say and where they went.

    people  names of those who were not reached; ``since``: the oldest of them
    """

    channel: str
    count: int
    people: Sequence[str]
    since: datetime

    @property
    def channel_words(self) -> str:
        return LABELS[self.channel]


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
        sa.func.count().filter(GIVEN_UP),
    ).where(Outbox.state.in_(("waiting", "given_up")))
    return Counts(*session.execute(query).one())


def unsent(session: Session, units: Collection[int]) -> list[Unsent]:
    """What was given up for people of these units, a line for each channel."""
    query = (
        sa.select(Outbox.channel, Person.name, sa.func.count(), sa.func.min(Outbox.at))
        .join(Person, Person.id == Outbox.person_id)
        .where(GIVEN_UP, Person.unit_id.in_(units))
        .group_by(Outbox.channel, Person.id, Person.name)
        .order_by(Outbox.channel, Person.id)
    )
    found: dict[str, list[sa.Row[str, str, int, datetime]]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(row)
    return [
        Unsent(
            channel,
            sum(row[2] for row in rows),
            [row[1] for row in rows],
            min(row[3] for row in rows),
        )
        for channel, rows in found.items()
    ]


def unsent_channels(units: Collection[int]) -> sa.ScalarSelect[int]:
    """How many lines ``unsent`` has, as a part of another statement."""
    return (
        sa.select(sa.func.count(Outbox.channel.distinct()))
        .join(Person, Person.id == Outbox.person_id)
        .where(GIVEN_UP, Person.unit_id.in_(units))
        .scalar_subquery()
    )


def warnings(session: Session) -> list[str]:
    """For ``/healthz``: what did not go out and nobody has seen to."""
    count = counts(session).given_up
    return [f"有 {count} 条提醒未能发出，请系统管理员在发件箱处理。"] if count else []


def latest(session: Session, limit: int, skip: int = 0, state: str | None = None) -> Sequence[Row]:
    """The newest messages to anybody."""
    conditions = [GIVEN_UP if state == "given_up" else Outbox.state == state] if state else []
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
