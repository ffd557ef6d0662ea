"""How late limits take effect, with the schedulers and the effects of an office.

usage: python -m bench.lag [--minutes 3] [--rate 1000] [--hosts 2] [--postgres URL]

Real stays are marked overdue, recorded and their people told. Prints one line per engine:

  at once   rows per second while as many as fall due in a minute wait already (catching up)
  p50 …     seconds from the due time to the effect while RATE rows a minute fall due, one by one

A scheduler looks every 15 s, ± 5: half of that is the least that the median can be. SQLite has
one host. Aim: p99 at most 60 s.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import ROOT, clock, create_app
from app.config import Config
from app.database import db
from app.deadlines.models import Due, Effect
from bench.sweep import SERVER, postgres
from tests.conftest import install
from tests.faults import limits

SECRET = "of-measurements-" * 4
FIRST = timedelta(seconds=20)
LINE = "{:<12}{:>6}{:>10}{:>12}{:>8}{:>8}{:>8}"


@contextmanager
def schedulers(config: Config, hosts: int) -> Iterator[None]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "GONGWEN_DATA": str(config.data),
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
    }
    command = [str(Path(sys.executable).with_name("gongwen")), "scheduler"]
    running = [
        subprocess.Popen(command, env=environment)  # noqa: S603  (our own program)
        for _ in range(hosts)
    ]
    try:
        yield
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait()


def until_handled(session: Session, count: int) -> None:
    while limits.handled(session) < count:
        time.sleep(0.2)


def catching_up(session: Session, config: Config, hosts: int, rate: int) -> float:
    """Rows per second, from the first effect to the last one: the start of Python is not in it."""
    past = clock.now(session) - timedelta(hours=1)
    limits.stays(session, [past] * rate)
    with schedulers(config, hosts):
        until_handled(session, rate)
    first, last = session.execute(sa.select(sa.func.min(Effect.at), sa.func.max(Effect.at))).one()
    session.rollback()
    return float(rate / (last - first).total_seconds())


def lags(session: Session, config: Config, hosts: int, rate: int, minutes: float) -> list[float]:
    before = limits.handled(session)
    begin, count = clock.now(session) + FIRST, int(rate * minutes)
    ids = limits.stays(session, [begin + timedelta(minutes=each / rate) for each in range(count)])
    with schedulers(config, hosts):
        until_handled(session, before + count)
    query = sa.select(Due.due_at, Due.handled_at).join(Effect, Effect.due_id == Due.id)
    rows = session.execute(query.where(Due.subject_id >= ids[0])).all()
    return sorted((handled - due).total_seconds() for due, handled in rows if handled)


def measure(name: str, config: Config, hosts: int, options: argparse.Namespace) -> None:
    app = create_app(config)
    with app.app_context():
        install(app)
        session = db.session()
        speed = catching_up(session, config, hosts, options.rate)
        found = lags(session, config, hosts, options.rate, options.minutes)
        db.session.remove()
        db.engine.dispose()
    p99 = found[int(len(found) * 0.99) - 1]
    figures = (statistics.median(found), p99, found[-1])
    shown = (f"{each:.1f}" for each in figures)
    print(LINE.format(name, hosts, options.rate, f"{speed:.0f}", *shown), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--rate", type=int, default=1_000, help="rows that fall due in a minute")
    parser.add_argument("--hosts", type=int, default=2, help="schedulers on PostgreSQL")
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    options = parser.parse_args()
    print(LINE.format("engine", "hosts", "rows/min", "at once /s", "p50 s", "p99 s", "max s"))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        url = f"sqlite:///{data / 'gongwen.sqlite3'}"
        measure("sqlite", Config(data, url, SECRET), 1, options)
        try:
            with postgres(options.postgres) as url:
                measure("postgresql", Config(data, url, SECRET), options.hosts, options)
        except sa.exc.OperationalError as error:
            print(f"no PostgreSQL at {options.postgres}: {error.orig}")


if __name__ == "__main__":
    main()
