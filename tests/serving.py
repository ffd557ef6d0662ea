"""A role of PostgreSQL that serves and owns nothing, as an office should run with."""

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from app.audit import rights
from app.commands.database import needed

ROLE = "gongwen_serving"


def make_role(connection: sa.Connection, name: str) -> None:
    """Once for the whole server; several runs may share it."""
    with suppress(ProgrammingError, IntegrityError):
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")


def served(url: str, role: str = ROLE) -> str:
    """Grant the role what it needs in this database; the address by which it connects."""
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        make_role(connection, role)
    with Session(admin.execution_options(isolation_level="READ COMMITTED")) as session:
        for statement in rights.statements(role, "public", needed(session)):
            session.execute(sa.text(statement))
        session.commit()
    admin.dispose()
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)
