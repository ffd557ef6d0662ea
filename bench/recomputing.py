"""What a change of the calendar costs: the preview, and counting ten thousand open limits again.

usage: python -m bench.recomputing [--limits 10000] [--postgres URL]

Every limit moves by a day and is recorded, which is the worst case. A batch is one transaction
that holds its stays; aims at no batch longer than the two seconds that an act waits for a lock.
"""

import argparse
import sys
import tempfile
import time
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import ROOT, audit, clock, create_app, organization
from app.clock import SHANGHAI
from app.config import Config
from app.database import Base, db
from app.deadlines import changes
from app.deadlines.days import enter_day
from app.deadlines.models import Due
from app.documents.fields import OutgoingFields
from app.handling.acts import starting
from app.handling.models import Task, TaskCandidate
from app.handling.routes import publish_shipped
from app.handling.stays.recomputing import recompute
from app.handling.views.forecast import forecast
from app.organization import demo
from app.organization.passwords import Hasher, hashed_by
from bench.act import NOTICE
from bench.sweep import SERVER, postgres

LONGEST = 2.0
"""Seconds: ``lock_timeout`` of the database sessions."""
CHEAP = Hasher(memory_kib=8, passes=1, lanes=1)
LINE = "{:<12}{:>8}{:>12}{:>14}{:>12}{:>12}{:>12}"
BY = audit.signed_by_rule("测量")
MONDAY, OFF = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI), date(2026, 11, 24)


def prepare(session: Session, limits: int) -> int:
    """One draft, and as many copies of its stay, its people and its due row; its unit."""
    demo.install(session, MONDAY)
    publish_shipped(session, ROOT / "processes", MONDAY)
    drafter = organization.actor(session, organization.person_by_login(session, "drafter").id)
    done = starting.create_document(session, drafter, OutgoingFields.model_validate(NOTICE))
    session.flush()
    (stay,) = done.opened
    more = [uuid.uuid4().hex for _ in range(limits - 1)]
    copies = _copy(session, Task, Task.id == stay.id, [{"token": token} for token in more])
    for model, of in ((Due, Due.subject_id), (TaskCandidate, TaskCandidate.task_id)):
        _copy(session, model, of == stay.id, [{of.key: each} for each in copies])
    session.commit()
    return drafter.unit_id


def _copy(
    session: Session,
    model: type[Base],
    which: sa.ColumnElement[bool],
    differences: list[dict[str, object]],
) -> list[int]:
    """Rows like the first one that fits, each with its difference; their ids where they have."""
    table = cast(sa.Table, model.__table__)
    row = dict(session.execute(sa.select(table).where(which)).mappings().first() or {})
    row.pop("id", None)
    session.execute(sa.insert(table), [{**row, **each} for each in differences])
    if "id" not in table.c:
        return []
    first = session.scalar(sa.select(sa.func.min(table.c.id)))
    return list(session.scalars(sa.select(table.c.id).where(table.c.id != first)))


def measure(engine: str, url: str, limits: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data=Path(folder), database_url=url, secret_key="of-bench-" * 8, demo=True)
        app = create_app(config)
        with app.app_context(), clock.moved_to(MONDAY), hashed_by(CHEAP):
            Base.metadata.create_all(db.engine)
            session = db.session()
            unit = prepare(session, limits)
            met = report(engine, session, unit, limits)
            db.session.remove()
            db.engine.dispose()
    return met


def report(engine: str, session: Session, unit: int, limits: int) -> bool:
    begun = time.perf_counter()
    change = changes.of_day(unit, OFF, False, "测量", "测量")
    moved = forecast(session, change, MONDAY).later
    preview = time.perf_counter() - begun
    session.rollback()
    enter_day(session, unit, OFF, False, "测量", BY, MONDAY)
    session.commit()
    batches: list[float] = []
    looked = 1
    while looked:
        begun = time.perf_counter()
        looked = recompute(session, MONDAY)
        session.commit()
        batches.append(time.perf_counter() - begun)
    batches.sort()
    figures = (preview, sum(batches), batches[len(batches) // 2], batches[-1])
    print(LINE.format(engine, limits, moved, *(f"{each:.3f}" for each in figures)))
    return moved == limits and batches[-1] <= LONGEST


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limits", type=int, default=10_000)
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    options = parser.parse_args()
    print(LINE.format("engine", "limits", "moved", "preview s", "all s", "median s", "longest s"))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        met = measure("sqlite", url, options.limits)
    try:
        with postgres(options.postgres) as url:
            met &= measure("postgresql", url, options.limits)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {options.postgres}: {error.orig}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
