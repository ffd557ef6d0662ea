"""A bureau with a drafter and a leader, on SQLite per test and on PostgreSQL for races."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from app.database import Base, harden_sqlite
from app.documents import Document, OutgoingFields, Store, create_outgoing, read
from app.organization import Actor, Person, Post, Role, Unit, roles

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Shanghai."""

SERVER = os.environ.get("GONGWEN_TEST_DATABASE", "postgresql+psycopg://root@127.0.0.1:5432/test")

NOTICE = {
    "direction": "downward",
    "kind": "通知",
    "title": "江洲县水务局关于做好冬春水利建设的通知",
    "body": "各镇（街道）：\n\n现将有关事项通知如下。\n\n一、提高认识\n\n二、落实责任\n",
    "main_recipients": ["各镇人民政府", "各街道办事处"],
}

DRAFTER = Actor(
    person_id=1,
    login="drafter",
    name="拟稿人甲",
    unit_id=1,
    unit_key="jiangzhou-county-water",
    unit_name="江洲县水务局",
    department_id=None,
    department_name=None,
    posts=(),
)
LEADER = replace(DRAFTER, person_id=2, login="leader", name="分管领导乙")
CLERK = replace(DRAFTER, posts=(Post(roles.PRINTING_ROOM, 1, None, "文印室", False),))
ADMIN = replace(DRAFTER, posts=(Post(roles.PROCESS_ADMIN, 1, None, "流程管理员", False),))
PARTY = replace(DRAFTER, posts=(Post("party-office", 1, None, "党委办公室", False),))
"""The drafter with the posts of others: who gives numbers, who sets up series, another office."""


def install(session: Session) -> None:
    """The bureau, another one, the two people, and the roles of their offices."""
    shipped = [(each.key, each.label) for each in roles.SHIPPED]
    for place, (key, label) in enumerate([*shipped, ("party-office", "党委办公室")]):
        session.add(Role(key=key, label=label, scope="unit", position=place))
    for number, key, code in ((1, "jiangzhou-county-water", "江水"), (2, "other", "他水")):
        session.add(
            Unit(
                id=number,
                key=key,
                name=key,
                short_name=key,
                agency_code=code,
                letterhead=key,
                rank=2,
                parent_id=None,
            )
        )
    session.flush()
    for each in (DRAFTER, LEADER):
        session.add(
            Person(
                id=each.person_id,
                login=each.login,
                name=each.name,
                unit_id=1,
                department_id=None,
                active=True,
            )
        )
    session.flush()


@pytest.fixture(scope="session")
def office() -> Iterator[sa.Engine]:
    engine = sa.create_engine("sqlite://", poolclass=StaticPool)
    harden_sqlite(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        install(session)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def session(office: sa.Engine) -> Iterator[Session]:
    with office.connect() as connection, connection.begin() as undone:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        undone.rollback()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


@pytest.fixture
def draft(session: Session) -> Document:
    return create_outgoing(session, DRAFTER, AT, read(OutgoingFields, NOTICE))


@pytest.fixture(scope="session")
def bureau_on_postgres() -> Iterator[sessionmaker[Session]]:
    """Sessions in a schema of their own, dropped at the end."""
    schema = f"documents_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(SERVER)
    try:
        with admin.begin() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    except sa.exc.OperationalError:
        pytest.skip(f"no PostgreSQL server at {SERVER}")
    options = {"options": f"-c search_path={schema} -c lock_timeout=10s"}
    engine = sa.create_engine(SERVER, connect_args=options, pool_size=20)
    try:
        Base.metadata.create_all(engine)
        make = sessionmaker(engine)
        with make.begin() as session:
            install(session)
        yield make
    finally:
        engine.dispose()
        with admin.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        admin.dispose()
