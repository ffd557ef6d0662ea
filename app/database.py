"""SQLAlchemy base, column types and connection rules; the same code on PostgreSQL and SQLite."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, registry

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Aware UTC in Python; timestamptz on PostgreSQL, fixed-width text that sorts on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive time")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


Identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Type of every numeric primary and foreign key."""


class Base(DeclarativeBase):
    """Base of all models; nullable follows the annotation, times are UtcDateTime."""

    registry = registry(  # not two class attributes: Flask-SQLAlchemy derives a class from this one
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: UtcDateTime(),
            str: sa.Text(),
            int: Identifier,
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
            list[dict[str, Any]]: sa.JSON(),
        },
    )


db = SQLAlchemy(model_class=Base)


def current_session() -> Session:
    """The session of this request or command; whoever serves it commits once, at the end."""
    return db.session()


def engine_options(url: str) -> dict[str, Any]:
    """How Flask-SQLAlchemy opens the database; limits end a session that hangs (reliability).

    Lists of one page are not compiled by PostgreSQL (``jit``): that takes ten times as long as
    running them.
    """
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30, "check_same_thread": False}}
    return {
        "pool_pre_ping": True,
        "connect_args": {
            "connect_timeout": 5,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "options": "-c idle_in_transaction_session_timeout=30s"
            " -c statement_timeout=20s -c lock_timeout=2s -c jit=off",
        },
    }


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading(yes: bool = True) -> Iterator[None]:
    """Transactions that begin in this block only read; ``reading(False)`` lets them write again.

    On SQLite they then wait for nobody and keep nobody waiting, and a statement that would write
    fails. PostgreSQL needs none of this.
    """
    token = _reading.set(yes)
    try:
        yield
    finally:
        _reading.reset(token)


def harden_sqlite(engine: Engine) -> None:
    """One writer at a time, durable, with foreign keys: what PostgreSQL does by itself."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=30000",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def single_writer(connection: sa.Connection) -> None:
        """The write lock stands in for row locks. Whoever only reads needs none, and is held to it:

        a reader that began to write would fail at once when somebody else has written meanwhile.
        """
        only_reads = _reading.get()
        if connection.info.get("only_reads", False) != only_reads:
            driver: Any = connection.connection.dbapi_connection
            driver.execute(f"PRAGMA query_only={'ON' if only_reads else 'OFF'}")
            connection.info["only_reads"] = only_reads
        connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")


def insert_once(session: Session, model: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert unless a unique key exists already; True when this call inserted the row.

    RETURNING, because the rowcount of an INSERT is -1 on PostgreSQL with SQLAlchemy's defaults.
    """
    table = cast(sa.Table, model.__table__)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(table)
        .values(dict(values))
        .on_conflict_do_nothing()
        .returning(*table.primary_key)
    )
    return session.execute(statement).first() is not None
