"""Tables whose rows the database itself will not change or delete, on both engines."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import sqlalchemy as sa

REFUSAL = "this table is append-only"


Rules = Callable[[str], list[str]]
"""DDL of triggers for a dialect."""

_own_rules: dict[str, Rules] = {}


def statements(table: str, dialect: str) -> list[str]:
    """DDL that makes ``table`` refuse UPDATE and DELETE (on PostgreSQL also TRUNCATE).

    A table with rules of its own has those instead.
    """
    if table in _own_rules:
        return _own_rules[table](dialect)
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
CHANGING: dict[str, tuple[str, ...]] = {}
"""Columns of guarded tables that change all the same, as far as their own rules allow."""
CLEARED: set[str] = set()
"""Names of the tables from which daily work deletes rows."""


def append_only(
    table: sa.FromClause, rules: Rules | None = None, fixed: Sequence[str] | None = None
) -> None:
    """Guard ``table`` whenever it is created from the models.

    rules  of its own, for what may be deleted some day; without them: never
    fixed  columns that these rules never let change; the others may. None: nothing changes
    """
    assert isinstance(table, sa.Table)  # noqa: S101  (a declarative __table__ is typed wider)
    GUARDED.append(table.name)
    if rules:
        _own_rules[table.name] = rules
    if fixed is not None:
        keys = {*fixed, *(column.name for column in table.primary_key)}
        CHANGING[table.name] = tuple(each.name for each in table.columns if each.name not in keys)

    @sa.event.listens_for(table, "after_create")
    def guard(target: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in statements(target.name, connection.dialect.name):
            connection.exec_driver_sql(statement)


def cleared(*tables: sa.FromClause) -> None:
    """Say that daily work deletes rows of these tables: the serving role may (``rights``).

    Everything else stays; what only the operator clears, such as the records of certificates
    past their time, is cleared by the owner of the tables.
    """
    CLEARED.update(cast(sa.Table, table).name for table in tables)
