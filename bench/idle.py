"""What a sweep costs that finds nothing, with more and more open limits beside.

usage: python -m bench.idle [--postgres URL]

Prints one line per engine and number of open limits, all of them due in a month: milliseconds of
one sweep from beginning to end, heartbeat included, the median and the slowest of fifty. Aim:
flat, because every host sweeps four times a minute whether anything is due or not.
"""

import argparse
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.database import Base, UtcDateTime, engine_options, harden_sqlite
from app.deadlines.sweep import sweep
from bench.sweep import SERVER, Mark, postgres, tables

OPEN = (1_000, 100_000, 1_000_000)
SWEEPS = 50
PART = 50_000
LINE = "{:<12}{:>12}{:>12}{:>12}"

FILL = sa.text(
    "INSERT INTO due (kind, subject_type, subject_id, deadline_revision, occurrence,"
    " due_at, next_try_at, state, attempts, provisional)"
    " WITH RECURSIVE numbers (i) AS"
    " (SELECT :first UNION ALL SELECT i + 1 FROM numbers WHERE i < :last)"
    " SELECT 'overdue', 'task', i, 1, 1, :at, :at, 'pending', 0, false FROM numbers"
).bindparams(
    sa.bindparam("at", type_=UtcDateTime()),
    sa.bindparam("first", type_=sa.Integer()),
    sa.bindparam("last", type_=sa.Integer()),
)


def fill(sessions: sessionmaker[Session], present: int, wanted: int) -> None:
    """In parts, because the office's own limit of a statement is 20 s."""
    with sessions() as session:
        at = clock.now(session) + timedelta(days=30)
        for first in range(present + 1, wanted + 1, PART):
            last = min(first + PART - 1, wanted)
            session.execute(FILL, {"at": at, "first": first, "last": last})
            session.commit()
        session.execute(sa.text("ANALYZE due"))
        session.commit()


def measure(name: str, url: str) -> None:
    engine = sa.create_engine(url, **engine_options(url))
    harden_sqlite(engine)
    Base.metadata.create_all(engine, tables=tables)
    sessions = sessionmaker(engine)
    present = 0
    for count in OPEN:
        fill(sessions, present, count)
        present = count
        taken = []
        for _ in range(SWEEPS):
            begun = time.perf_counter()
            assert sweep(sessions, {"task": Mark()}) == 0
            taken.append((time.perf_counter() - begun) * 1000)
        median, slowest = statistics.median(taken), max(taken)
        print(LINE.format(name, count, f"{median:.1f}", f"{slowest:.1f}"), flush=True)
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    options = parser.parse_args()
    print(LINE.format("engine", "open", "median ms", "slowest ms"))
    with tempfile.TemporaryDirectory() as folder:
        measure("sqlite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
    try:
        with postgres(options.postgres) as url:
            measure("postgresql", url)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {options.postgres}: {error.orig}")


if __name__ == "__main__":
    main()
