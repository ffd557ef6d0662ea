"""The demonstration offices with people who want to be reached, on both engines."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, messages, organization
from app.database import db
from app.messages import Channels, Message, Parcel
from app.messages.models import Contact, Outbox
from tests.world import MONDAY

TELEPHONE = "13900000000"


@dataclass
class Recorder:
    """A channel that keeps what it is given; ``trouble`` says what it raises instead."""

    got: list[Parcel] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def deliver(self, parcel: Parcel) -> None:
        with self.lock:
            if self.trouble:
                raise self.trouble.pop(0)
            self.got.append(parcel)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Both channels lead there."""
    found = Recorder()
    yield found
    messages.use(Channels())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sessions(request: pytest.FixtureRequest, recorder: Recorder) -> Iterator[sessionmaker[Session]]:
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    messages.use(Channels({"mail": recorder, "sms": recorder}, "http://oa.example.cn"))
    with app.app_context():
        yield sessionmaker(db.engine)
        db.session.remove()


def reach(session: Session, login: str, *, mail: bool = True, sms: bool = False) -> int:
    """Give a person both addresses and let him choose; his id."""
    person = organization.person_by_login(session, login)
    contact = Contact(
        person_id=person.id,
        email=f"{login}@example.cn",
        phone=TELEPHONE,
        by_mail=mail,
        by_sms=sms,
        changed_at=MONDAY,
    )
    session.merge(contact)
    session.commit()
    return person.id


def say(session: Session, person_id: int, key: str = "k", at: datetime = MONDAY) -> int:
    """How many messages that wrote."""
    with clock.moved_to(at):
        found = messages.queue(
            session, Message(key, "urged", f"催办 {key}", "请办。", "/tasks/1"), [person_id], at
        )
        session.commit()
    return found


def rows(sessions: sessionmaker[Session]) -> list[Outbox]:
    with sessions() as session:
        return list(session.query(Outbox).order_by(Outbox.id))


def deliver_at(sessions: sessionmaker[Session], at: datetime = MONDAY, **later: float) -> int:
    with clock.moved_to(at + timedelta(**later)):
        return messages.deliver(sessions)
