"""How Alembic reaches the database of the application; the same migrations on both engines."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.audit import guard
from app.database import UtcDateTime, db

LOCK = 7243001
"""Any number of our own: two hosts that start together upgrade one after the other."""


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations stand on their own: they name no type of the application."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def prepare(connection: sa.Connection) -> None:
    """Inside the transaction: one upgrade at a time, as long as it takes."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def guard_tables(connection: sa.Connection) -> None:
    """Triggers are no part of the models: put them on new tables and on those made anew."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
    else:
        query = (
            "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:name) AND NOT tgisinternal"
        )
    present = set(sa.inspect(connection).get_table_names())
    for table in guard.GUARDED:
        guarded = connection.execute(sa.text(query), {"name": table}).first()
        if table in present and guarded is None:
            for statement in guard.statements(table, connection.dialect.name):
                connection.exec_driver_sql(statement)


def foreign_keys(connection: sa.Connection, state: str) -> None:
    """SQLite rebuilds a table to alter it, which must not look like deleting what refers to it.

    Before any transaction: inside one the setting has no effect.
    """
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA foreign_keys={state}")


def upgrade() -> None:
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        foreign_keys(connection, "OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_item=render_item,
                transactional_ddl=True,
                **options,
            )
            with context.begin_transaction():
                prepare(connection)
                context.run_migrations()
                guard_tables(connection)
        finally:
            connection.rollback()
            foreign_keys(connection, "ON")


upgrade()
