"""The migrations make what the models say, guarded, on both engines."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from app import ROOT, create_app
from app.audit import guard
from app.commands.schema import migrations, upgrade
from app.config import Config
from app.database import Base, db
from app.documents.text import of_stored, plain
from app.handling.inspection import grams
from app.handling.stays.trials import Trial

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
        context = MigrationContext.configure(connection, opts={"include_name": _is_of_a_model})
        found = compare_metadata(context, Base.metadata)
        assert sa.inspect(connection).has_table(grams.TABLE)
    assert found == []


def _is_of_a_model(name: str | None, kind: str, _parents: Any) -> bool:
    """All but the index of Chinese, which no model can say, and what FTS5 keeps beside it."""
    return kind != "table" or not (name or "").startswith(grams.TABLE)


CHECKS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'c'
"""


def checked(table: str, name: str, definition: str) -> tuple[str, str, str]:
    """A check as it is told apart: the values of a list come in any order."""
    lists = re.compile(r"ARRAY\[(.*?)\]")
    in_order = lists.sub(lambda found: str(sorted(found[1].split(", "))), definition)
    return table.removeprefix("made."), name, in_order


@pytest.mark.postgres
def test_checks_are_those_of_the_models(on_postgres: str, tmp_path: Path) -> None:
    """Autogenerate does not compare them, so a migration could leave an old list of values."""
    app = create_app(Config(tmp_path, on_postgres, "of-tests-" * 8, demo=True))
    with app.app_context():
        upgrade(app)
        with db.engine.connect() as connection:
            migrated = {checked(*row) for row in connection.execute(sa.text(CHECKS))}
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA made; SET LOCAL search_path TO made")
            Base.metadata.create_all(connection)
            made = {
                checked(*row)
                for row in connection.execute(sa.text(CHECKS))
                if not row[0].startswith("public.")
            }
            connection.exec_driver_sql("DROP SCHEMA made CASCADE")
        db.engine.dispose()
    assert made == migrated


def unwatched(connection: sa.Connection) -> None:
    """Rows need not refer to anything, in this transaction."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def filler(kind: sa.types.TypeEngine[Any]) -> Any:
    if isinstance(kind, sa.DateTime):
        return datetime(2026, 11, 23, tzinfo=UTC)
    if isinstance(kind, sa.JSON):
        return {}
    return "x" if isinstance(kind, sa.String) else 1


def fill(connection: sa.Connection, name: str, **values: Any) -> None:
    """A row of which only this matters; what it refers to need not be there."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    missing = [c for c in table.columns if not c.nullable and c.name not in values]
    rest = {each.name: filler(each.type) for each in missing}
    connection.execute(table.insert().values({**rest, **values}))


def test_an_incident_from_before_can_still_be_tried_again(empty: Flask) -> None:
    """0003: so far only finished steps were kept, with outcome and variables."""
    alembic.command.upgrade(migrations(empty), "0002")
    with db.engine.connect() as connection:
        unwatched(connection)
        fill(connection, "task", id=7, token="t-1", state="open", kind="step", given_by="post")
        fill(connection, "incident", task_id=7, outcome="seal", variables={"urgency": "none"})
        connection.commit()
    alembic.command.upgrade(migrations(empty), "0003")
    incident = sa.table("incident", sa.column("trial", sa.JSON), sa.column("tried_at_id"))
    with db.engine.connect() as connection:
        row = connection.execute(sa.select(incident)).one()
    given = {"outcome": "seal", "variables": {"urgency": "none"}, "person": None}
    trial = Trial.of(row.trial)
    assert row.tried_at_id == 7
    assert trial == Trial("办结", [("complete", {"token_uuid": "t-1", **given})])


def test_texts_of_lines_become_blocks_and_lines_again(empty: Flask) -> None:
    """0009."""
    given = {1: "", 2: "各镇：\n\n一、巡查\n# 办法", 3: "\n"}
    alembic.command.upgrade(migrations(empty), "0009")
    alembic.command.downgrade(migrations(empty), "0009-1")
    states = {"flow": "outgoing", "direction": "downward", "urgency": "none", "state": "draft"}
    with db.engine.connect() as connection:
        unwatched(connection)
        for key, body in given.items():
            fill(connection, "document", id=key, body=body, **states)
        connection.commit()
    alembic.command.upgrade(migrations(empty), "0009")
    table = sa.table("document", sa.column("id"), sa.column("text", sa.JSON))
    with db.engine.connect() as connection:
        rows = {row.id: row.text for row in connection.execute(sa.select(table))}
    assert {key: plain(of_stored(stored)) for key, stored in rows.items()} == given
    alembic.command.downgrade(migrations(empty), "0009-1")
    table = sa.table("document", sa.column("id"), sa.column("body"))
    with db.engine.connect() as connection:
        rows = {row.id: row.body for row in connection.execute(sa.select(table))}
    assert rows == given


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


def test_numbers_from_before_stay_in_their_books(empty: Flask) -> None:
    """0011: a code becomes the series of its unit, each year of it a book; and back again."""
    alembic.command.upgrade(migrations(empty), "0008")
    book = {"agency_code": "江水", "last": 2}
    line = {"series_id": 5, "state": "used", "reason": None, "document_id": 3}
    with db.engine.connect() as connection:
        unwatched(connection)
        fill(connection, "unit", id=9, agency_code="江水", short_name="县水务局")
        fill(connection, "number_series", id=4, year=2025, **book)
        fill(connection, "number_series", id=5, year=2026, **book)
        fill(connection, "issued_number", id=1, number=1, text="江水〔2026〕1号", **line)
        void = {**line, "state": "void", "reason": "印错"}
        fill(connection, "issued_number", id=2, number=2, text="江水〔2026〕2号", **void)
        connection.commit()
    alembic.command.upgrade(migrations(empty), "0011")
    with db.engine.connect() as connection:
        series = connection.execute(sa.text("SELECT unit_id, code, name, form FROM number_series"))
        assert [tuple(row) for row in series] == [(9, "江水", "县水务局发文", "number")]
        books = connection.execute(sa.text("SELECT id, year, last, reserved FROM number_book"))
        assert sorted(tuple(row) for row in books) == [(4, 2025, 2, 0), (5, 2026, 2, 0)]
        lines = connection.execute(sa.text("SELECT book_id, number, state FROM issued_number"))
        assert sorted(tuple(row) for row in lines) == [(5, 1, "used"), (5, 2, "void")]
    alembic.command.downgrade(migrations(empty), "0008")
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT id, agency_code, year, last FROM number_series"))
        assert sorted(tuple(row) for row in rows) == [
            (4, "江水", 2025, 2),
            (5, "江水", 2026, 2),
        ]
        assert connection.scalar(sa.text("SELECT count(*) FROM issued_number")) == 2
