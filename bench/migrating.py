"""What it costs to propose, confirm and undo a plan that moves two hundred cases.

usage: python -m bench.migrating [--cases 200] [--postgres URL]

The version inserts a step, moves the limit and gives the step at which every case stands to
another role, so that each move counts a limit and looks people up. Somebody who acts on a case of
the plan, or on SQLite on any, waits for one transaction at the most: the longest one.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, create_app
from app.config import Config
from app.database import Base, db
from app.handling.migrating import deciding, planning
from app.handling.migrating.carrying_out import carry_out
from app.handling.migrating.models import MigrationCase
from app.handling.migrating.planning import Plan
from app.handling.models import Case
from app.organization import Actor
from app.organization.passwords import hashed_by
from app.workflow import publishing, terms
from app.workflow.definitions import Definition
from app.workflow.models import DefinitionRow
from bench.rehearsing import CHEAP, MONDAY, edited, more, person, prepare
from bench.sweep import SERVER, postgres

LINE = "{:<12}{:>8}{:>10}{:>10}{:>15}{:>10}"
LONGEST = 1.0
"""Seconds that somebody who acts on one of the cases may wait, on a busy machine."""


def in_force(session: Session) -> Definition:
    new = edited(session)
    row = DefinitionRow(
        sha256=new.sha256,
        process_id=new.process_id,
        name=new.name,
        version=new.version,
        files=json.dumps({name: data.decode() for name, data in new.files.items()}),
        called="{}",
        state="submitted",
        submitted_by=person(session, "process.admin").person_id,
        submitted_at=MONDAY,
    )
    session.add(row)
    session.flush()
    terms.propose(session, row, person(session, "process.admin").signature(), MONDAY)
    by = person(session, "process.admin2").signature()
    publishing.put_in_force(session, new.sha256, by, MONDAY)
    session.commit()
    return new


def report(engine: str, session: Session, most: int) -> bool:
    first = prepare(session)
    more(session, first, most - 1)
    new = in_force(session)
    ids = list(session.scalars(sa.select(Case.id).order_by(Case.id)))
    one, two = person(session, "process.admin"), person(session, "process.admin2")
    begun = time.perf_counter()
    plan = Plan(new.sha256, ids, "新办法执行。", "会议纪要", with_limits=True)
    migration = planning.propose(session, one, plan).migration.id
    session.commit()
    proposed = time.perf_counter() - begun
    decided, longest = confirmed(session, two, migration)
    moved = session.scalar(
        sa.select(sa.func.count()).select_from(MigrationCase).where(MigrationCase.state == "moved")
    )
    begun = time.perf_counter()
    undone(session, one, migration)
    spent = time.perf_counter() - begun
    figures = [f"{each:.2f}" for each in (proposed, decided, longest, spent)]
    print(LINE.format(engine, moved or 0, *figures))
    return moved == most and longest <= LONGEST


def confirmed(session: Session, actor: Actor, migration: int) -> tuple[float, float]:
    """Seconds of all of it, and of its longest transaction."""
    begun = time.perf_counter()
    deciding.decide(session, actor, migration, agree=True)
    session.commit()
    longest = carried_out(session)
    return time.perf_counter() - begun, longest


def undone(session: Session, actor: Actor, migration: int) -> None:
    deciding.undo(session, actor, migration, "迁移有误。")
    session.commit()
    carried_out(session)


def carried_out(session: Session) -> float:
    """Case by case; seconds of the longest transaction."""
    longest, done = 0.0, 1
    while done:
        begun = time.perf_counter()
        done = carry_out(session, MONDAY)
        session.commit()
        longest = max(longest, time.perf_counter() - begun)
    return longest


def measure(engine: str, url: str, most: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data=Path(folder), database_url=url, secret_key="of-bench-" * 8, demo=True)
        app = create_app(config)
        with app.app_context(), clock.moved_to(MONDAY), hashed_by(CHEAP):
            Base.metadata.create_all(db.engine)
            session = db.session()
            met = report(engine, session, most)
            db.session.remove()
            db.engine.dispose()
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    options = parser.parse_args()
    print(LINE.format("engine", "moved", "propose s", "confirm s", "longest wait s", "undo s"))
    with tempfile.TemporaryDirectory() as folder:
        met = measure("sqlite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", options.cases)
    try:
        with postgres(options.postgres) as url:
            met &= measure("postgresql", url, options.cases)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {options.postgres}: {error.orig}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
