"""The migrations make what the models say, guarded, on both engines."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from app import ROOT, create_app
from app.audit import guard
from app.commands.schema import upgrade
from app.config import Config
from app.database import Base, db

pytestmark = pytest.mark.skipif(
    not list((ROOT / "migrations/versions").glob("*.py")),
    reason="no migration yet: scripts/new_migration.py writes it",
)
TRIGGERS = {
    "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture
def on_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[str]:
    """A database of its own: the tables of the others come from the models."""
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"gongwen_migrated_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(
    params=["on_sqlite", pytest.param("on_postgres", marks=pytest.mark.postgres)],
)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application before its first `gongwen init`."""
    url = request.getfixturevalue(request.param)
    app = create_app(Config(tmp_path, url, "of-tests-" * 8, demo=True))
    with app.app_context():
        yield app
        db.engine.dispose()


def test_migrations_make_what_the_models_say(empty: Flask) -> None:
    assert upgrade(empty)
    with db.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert found == []


def test_a_second_upgrade_has_nothing_to_do(empty: Flask) -> None:
    upgrade(empty)
    assert not upgrade(empty)


def test_guarded_tables_are_guarded(empty: Flask) -> None:
    upgrade(empty)
    with db.engine.connect() as connection:
        guarded = set(connection.scalars(sa.text(TRIGGERS[connection.dialect.name])))
    assert guarded == set(guard.GUARDED)


def test_foreign_keys_are_watched_again_afterwards(empty: Flask) -> None:
    upgrade(empty)
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
