"""The demonstration organization, installed once; each test works in a transaction undone after."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app.database import Base, harden_sqlite
from app.organization import Actor, Person, accounts, actor, demo, passwords, person_by_login
from app.organization.factors import sealing

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Shanghai."""


def sign_in(
    session: Session, login: str, password: str, address: str | None, at: datetime
) -> accounts.SignedIn:
    """As the page does it."""
    attempt = passwords.tried(accounts.usable_hash(session, login, address, at), password)
    return accounts.sign_in(session, login, attempt, address, at)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashing() -> Iterator[passwords.Hasher]:
    with passwords.hashed_by(passwords.Hasher(memory_kib=8, passes=1, lanes=1)) as hasher:
        yield hasher


@pytest.fixture(scope="session")
def office(cheap_hashing: passwords.Hasher) -> Iterator[tuple[sa.Engine, dict[str, str]]]:
    sealing.use("of-tests-" * 8)
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    harden_sqlite(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        installed = demo.install(session, AT)
        session.commit()
    yield engine, installed
    engine.dispose()


@pytest.fixture
def session(office: tuple[sa.Engine, dict[str, str]]) -> Iterator[Session]:
    engine, _ = office
    with engine.connect() as connection, connection.begin() as undone:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        undone.rollback()


@pytest.fixture(scope="session")
def password(office: tuple[sa.Engine, dict[str, str]]) -> str:
    """The common password of the demonstration accounts."""
    return office[1]["drafter"]


@pytest.fixture
def person(session: Session) -> Callable[[str], Person]:
    return lambda login: person_by_login(session, login)


@pytest.fixture
def acting(session: Session) -> Callable[[str], Actor]:
    return lambda login: actor(session, person_by_login(session, login).id)


@pytest.fixture
def statements(office: tuple[sa.Engine, dict[str, str]], session: Session) -> Iterator[list[str]]:
    """SQL sent from now on, without the words that begin and end transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            sent.append(statement)

    sa.event.listen(office[0], "before_cursor_execute", note)
    yield sent
    sa.event.remove(office[0], "before_cursor_execute", note)
