"""How fast the sweep is, and whether what is finished slows it down.

usage: python -m bench.sweep [--rows 2000] [--postgres URL]

Prints one line per engine and number of finished rows already in the table: rows per second
that one sweeper lets take effect (each locks and marks a subject), and milliseconds of a sweep
that finds nothing. SQLite pauses 50 ms between batches for the sake of people at work; the pause
is in the figure. Without a server PostgreSQL is left out, and that is said.
"""

import argparse
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

import app.organization.models  # noqa: F401  (units and people, to which our tables refer)
from app import clock
from app.database import Base, engine_options, harden_sqlite
from app.deadlines import models
from app.deadlines.effects import DueRow, Result
from app.deadlines.sweep import sweep

SERVER = "postgresql+psycopg://root@127.0.0.1:5432/test?connect_timeout=3"
FINISHED = (0, 20_000, 200_000)
LINE = "{:<12}{:>10}{:>10}{:>12}{:>16}"

DUE = cast(sa.Table, models.Due.__table__)
subject = sa.Table(
    "bench_subject",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("overdue", sa.Boolean, nullable=False, default=False),
)
tables = [
    cast(sa.Table, model.__table__) for model in (models.Due, models.Effect, models.Heartbeat)
]


class Mark:
    """The least that an effect does: lock the subject, mark it."""

    def apply(self, session: Session, due: DueRow, now: datetime) -> Result:
        mine = sa.select(subject.c.id).where(subject.c.id == due.subject_id)
        if not session.execute(mine.with_for_update(skip_locked=True, key_share=True)).first():
            return Result.BUSY
        session.execute(
            sa.update(subject).where(subject.c.id == due.subject_id).values(overdue=True)
        )
        return Result.DONE


@contextmanager
def postgres(server_url: str) -> Iterator[str]:
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    name = f"bench_{uuid.uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield server.url.set(database=name, query={}).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


def fill(sessions: sessionmaker[Session], first: int, count: int, state: str) -> None:
    with sessions() as session:
        at = clock.now(session) - timedelta(hours=1)
        for start in range(first, first + count, 5_000):
            ids = range(start, min(start + 5_000, first + count))
            session.execute(sa.insert(subject), [{"id": number} for number in ids])
            rows = [
                {
                    "kind": "overdue",
                    "subject_type": "task",
                    "subject_id": number,
                    "due_at": at,
                    "next_try_at": at,
                    "state": state,
                }
                for number in ids
            ]
            session.execute(sa.insert(DUE), rows)
        session.commit()


def measure(name: str, url: str, rows: int) -> None:
    engine = sa.create_engine(url, **engine_options(url))
    harden_sqlite(engine)
    Base.metadata.create_all(engine, tables=tables)
    subject.create(engine)
    sessions = sessionmaker(engine)
    present = 0
    for finished in FINISHED:
        fill(sessions, present, finished - present, "done")
        fill(sessions, finished, rows, "pending")
        present = finished + rows
        begun = time.perf_counter()
        handled = sweep(sessions, {"task": Mark()})
        seconds = time.perf_counter() - begun
        assert handled == rows
        begun = time.perf_counter()
        for _ in range(20):
            assert sweep(sessions, {"task": Mark()}) == 0
        idle = (time.perf_counter() - begun) * 1000 / 20
        print(LINE.format(name, finished, rows, f"{rows / seconds:.0f}", f"{idle:.1f}"), flush=True)
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000, help="due at once")
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    options = parser.parse_args()
    print(LINE.format("engine", "finished", "due", "rows/s", "idle sweep ms"))
    with tempfile.TemporaryDirectory() as folder:
        measure("sqlite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", options.rows)
    try:
        with postgres(options.postgres) as url:
            measure("postgresql", url, options.rows)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {options.postgres}: {error.orig}")


if __name__ == "__main__":
    main()
