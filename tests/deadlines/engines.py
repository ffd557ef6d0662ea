"""What tests say about the two database engines."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

on_postgres = pytest.mark.parametrize(
    "url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""For what SQLite, with its one writer, cannot show."""


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that an engine is sent, without those that begin a transaction."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
