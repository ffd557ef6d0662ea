"""Tables whose rows the database itself will not change or delete, on both engines."""

from typing import Any

import sqlalchemy as sa

REFUSAL = "this table is append-only"


def statements(table: str, dialect: str) -> list[str]:
    """DDL that makes ``table`` refuse UPDATE and DELETE (on PostgreSQL also TRUNCATE)."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


GUARDED: list[str] = []
"""Names of the guarded tables, for migrations and tests."""


def append_only(table: sa.FromClause) -> None:
    """Guard ``table`` whenever it is created from the models."""
    assert isinstance(table, sa.Table)  # noqa: S101  (a declarative __table__ is typed wider)
    GUARDED.append(table.name)

    @sa.event.listens_for(table, "after_create")
    def guard(target: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in statements(target.name, connection.dialect.name):
            connection.exec_driver_sql(statement)
