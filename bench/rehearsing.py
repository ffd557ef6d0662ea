"""What a rehearsal of a new version costs, with 100 to 10,000 cases on the way.

usage: python -m bench.rehearsing [--cases 10000] [--postgres URL]

The version inserts a step and moves the limit at which every case stands, which is the worst case.
Cases stand at several places of the route. Aims: ten thousand in seconds, time in proportion to
their number. A page after the first one, and the first one after somebody has acted, cost little
whatever their number is. From above: the same cases for who decides on routes of the unit above.
"""

import argparse
import json
import sys
import tempfile
import time
import tracemalloc
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import ROOT, audit, clock, create_app, organization
from app.clock import SHANGHAI
from app.config import Config
from app.database import Base, db
from app.deadlines.models import Due
from app.documents.fields import OutgoingFields
from app.handling.acts import starting
from app.handling.migrating import walks
from app.handling.migrating.rehearsing import Rehearsal, rehearse
from app.handling.models import Case, Task
from app.handling.routes import publish_shipped
from app.organization import Actor, demo
from app.organization.passwords import Hasher, hashed_by
from app.workflow.definitions import Definition, digest
from app.workflow.models import DefinitionRow, WorkflowCase
from app.workflow.parser import parse
from bench.act import NOTICE
from bench.sweep import SERVER, postgres

CHEAP = Hasher(memory_kib=8, passes=1, lanes=1)
LINE = "{:<12}{:>8}{:>10}{:>14}{:>10}{:>10}{:>10}{:>12}"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
PLACES = 40
LONGEST = 20.0
"""Seconds for all of them, on a busy machine."""
NEXT_PAGE = 3.0
"""Seconds for a page when all of them have been looked at."""
STEP = (
    '<bpmn:userTask id="legal" name="法规审核" camunda:candidateGroups="office-head"/>'
    '<bpmn:sequenceFlow id="to_legal" sourceRef="legal" targetRef="office_check"/>'
)


def person(session: Session, login: str) -> Actor:
    return organization.actor(session, organization.person_by_login(session, login).id)


def prepare(session: Session) -> int:
    demo.install(session, MONDAY)
    publish_shipped(session, ROOT / "processes", MONDAY)
    fields = OutgoingFields.model_validate(NOTICE)
    done = starting.create_document(session, person(session, "drafter"), fields)
    session.commit()
    return done.case.id


def more(session: Session, first: int, count: int) -> None:
    """Copies of the first case with its stay and limit, at one of many places each."""
    state = json.loads(session.get_one(WorkflowCase, first).state)
    tokens = [str(uuid.uuid4()) for _ in range(count)]
    rows = []
    for number, token in enumerate(tokens):
        signers = [f"p{each}" for each in range(number % PLACES)]
        copied = json.loads(json.dumps(state))
        copied["variables"] |= {"countersigners": signers, "needs_countersign": bool(signers)}
        copied["tasks"][-1][0] = token
        rows.append({"state": json.dumps(copied)})
    ids = _copy(session, WorkflowCase, WorkflowCase.id == first, rows)
    _copy(session, Case, Case.id == first, [{"id": each} for each in ids])
    stays = [{"case_id": each, "token": token} for each, token in zip(ids, tokens, strict=True)]
    tasks = _copy(session, Task, Task.case_id == first, stays)
    stay = session.scalar(sa.select(Task.id).where(Task.case_id == first))
    of = (Due.subject_type == "task") & (Due.subject_id == stay) & (Due.kind == "overdue")
    _copy(session, Due, of, [{"subject_id": each} for each in tasks])
    session.commit()
    session.expunge_all()


def _copy(
    session: Session,
    model: type[Base],
    which: sa.ColumnElement[bool],
    changes: list[dict[str, Any]],
) -> list[int]:
    """Rows like the one that fits, each with its difference; the ids of the new ones."""
    table = cast(sa.Table, model.__table__)
    row = dict(session.execute(sa.select(table).where(which)).mappings().one())
    row.pop("id")
    last = session.scalar(sa.select(sa.func.max(table.c.id))) or 0
    session.execute(sa.insert(table), [{**row, **each} for each in changes])
    return list(session.scalars(sa.select(table.c.id).where(table.c.id > last)))


def edited(session: Session) -> Definition:
    query = sa.select(DefinitionRow).where(
        DefinitionRow.process_id == "outgoing", DefinitionRow.state == "in_force"
    )
    files = {
        name: text.encode() for name, text in json.loads(session.scalars(query).one().files).items()
    }
    text = (
        files["outgoing.bpmn"]
        .decode()
        .replace('name="limit" value="P1D"', 'name="limit" value="P3D"')
    )
    bent = 'sourceRef="dept_review" targetRef="office_check" />'
    assert bent in text
    files["outgoing.bpmn"] = text.replace(
        bent, bent.replace("office_check", "legal") + STEP
    ).encode()
    sha256 = digest("outgoing", files)
    return parse(sha256, "outgoing", 2, "发文办理", files)


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


def report(engine: str, session: Session, most: int) -> bool:
    first, there, met = prepare(session), 1, True
    new, actor = edited(session), person(session, "process.admin")
    session.commit()
    for count in (100, 1_000, 3_000, most):
        more(session, first, count - there)
        there = count
        walks.forget()
        spent, found = timed(session, actor, new)
        again, _ = timed(session, actor, new, after=found.following or 0)
        audit.record(session, "task.opened", actor.signature(), at=MONDAY, subject=("case", first))
        session.commit()
        touched, _ = timed(session, actor, new)
        above, over = timed(session, person(session, "city.process.admin"), new)
        walks.forget()
        tracemalloc.start()
        rehearse(session, actor, new, MONDAY)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        session.rollback()
        met &= found.total == found.counts["limit"] == found.counts["more"] == count
        met &= sum(each.total for each in over.below) == count and over.listed == []
        met &= max(spent, above) <= LONGEST and max(again, touched) <= NEXT_PAGE
        each = f"{spent / count * 1e3:.2f}"
        seconds = (
            f"{spent:.2f}",
            each,
            f"{peak:.1f}",
            f"{again:.2f}",
            f"{touched:.2f}",
            f"{above:.2f}",
        )
        print(LINE.format(engine, count, *seconds))
    return met


def timed(
    session: Session, actor: Actor, new: Definition, after: int = 0
) -> tuple[float, Rehearsal]:
    begun = time.perf_counter()
    found = rehearse(session, actor, new, MONDAY, after=after)
    spent = time.perf_counter() - begun
    session.rollback()
    return spent, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    options = parser.parse_args()
    print(
        LINE.format(
            "engine", "cases", "s", "ms per case", "peak MiB", "next page", "touched", "from above"
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        met = measure("sqlite", url, options.cases)
    try:
        with postgres(options.postgres) as url:
            met &= measure("postgresql", url, options.cases)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {options.postgres}: {error.orig}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
