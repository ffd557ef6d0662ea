"""Databases of this room's tests: a file of SQLite, and a throw-away database of PostgreSQL."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit import AuditCheckpoint, AuditEntry, AuditHead, guard
from app.audit.cosigning.models import Cosignature, Witness
from app.database import Base
from app.deadlines import models
from app.organization.models import Department, Person, Unit

from . import subjects

SERVER = os.environ.get(
    "GONGWEN_TEST_DATABASE", "postgresql+psycopg://root@127.0.0.1:5432/test?connect_timeout=3"
)
TABLES = [
    cast(sa.Table, model.__table__)
    for model in (
        Unit,
        Department,
        Person,
        AuditEntry,
        AuditHead,
        AuditCheckpoint,
        Witness,
        Cosignature,
        models.Due,
        models.Effect,
        models.Heartbeat,
        models.WorkdayOverride,
        models.CalendarYear,
        models.WorkingHours,
        models.UnitPolicy,
        models.CalendarVersion,
    )
]


NAMES = ", ".join(table.name for table in [*TABLES, *subjects.metadata.sorted_tables])
APPEND_ONLY = [table.name for table in TABLES if table.name in guard.GUARDED]
"""They refuse to be emptied."""
EMPTY = [
    *(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in APPEND_ONLY),
    f"TRUNCATE {NAMES} RESTART IDENTITY",
    *(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in APPEND_ONLY),
]


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database that exists for this run only."""
    server = sa.create_engine(SERVER, isolation_level="AUTOCOMMIT")
    name = f"deadlines_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except sa.exc.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server at GONGWEN_TEST_DATABASE: {error.orig}")
    url = server.url.set(database=name, query={}).render_as_string(hide_password=False)
    made = subjects.connect(url)
    Base.metadata.create_all(made, tables=TABLES)
    subjects.metadata.create_all(made)
    made.dispose()
    yield url
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both engines, one after the other."""
    if request.param == "postgres":
        return cast(str, request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'deadlines.sqlite3'}"


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """Empty tables; PostgreSQL's are made once and emptied, which is faster than making them."""
    engine = subjects.connect(url)
    Base.metadata.create_all(engine, tables=TABLES)
    subjects.metadata.create_all(engine)
    yield engine
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for statement in EMPTY:
                connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sessions(engine: sa.Engine) -> sessionmaker[Session]:
    return sessionmaker(engine)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session
