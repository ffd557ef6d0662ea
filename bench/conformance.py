"""What checking, exporting and measuring cost, and how it grows with the number of cases.

usage: python -m bench.conformance [--cases 1000 3000 10000] [--quick] [--postgres URL]

One notice is played from draft to dispatch by the operations, once returned; its case, stays and
entries are copied until there are as many cases as asked for (new numbers, the same acts; the
copies are not chained, since nothing here reads the chain). Measured on each size:

  check    one check of every case, results kept (``gongwen check-conformance``); cases per second
  xes      the whole log as XES, OCEL and CSV to a file; events per second, and the most memory that
  ocel     Python held more than before (tracemalloc, in a pass of its own; not with --quick)
  csv
  flow     the figures of the version (流程分析)

Rates are by the time of this process (CPU), which other work on the machine does not change; the
database of PostgreSQL works besides.
"""

import argparse
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import ROOT, clock, create_app
from app.audit.models import AuditEntry
from app.config import Config
from app.database import Base, db, reading
from app.documents.models import Document
from app.handling.conformance.checking import check, next_to_check
from app.handling.conformance.entitled import Posts
from app.handling.eventlogs import exporting
from app.handling.eventlogs.gathering import Wanted
from app.handling.flow import measuring
from app.handling.models import Case, Task
from app.handling.routes import publish_shipped
from app.organization import demo
from app.organization.passwords import Hasher, hashed_by
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase
from bench.sweep import postgres
from tests.world import World

SIZES = (1000, 3000, 10_000)
LINE = "{:<12}{:>8}{:>9}{:>10}{:>9}{:>10}{:>10}"
COPIED = 500
"""Cases put in with one statement."""


def prepare(session: Session) -> int:
    """An office with one case that was returned once and dispatched; its number."""
    Base.metadata.create_all(db.engine)
    at = clock.now(session)
    with hashed_by(Hasher(memory_kib=8, passes=1, lanes=1)):
        demo.install(session, at)
    publish_shipped(session, ROOT / "processes", at)
    session.commit()
    world = World(session, at=at - timedelta(days=30))
    done = world.draft()
    office = world.run(done, until="office_check")
    assert office is not None
    world.send_back(office, "office.head", "draft")
    world.run(done)
    return done.case.id


def grow(session: Session, case_id: int, cases: int) -> None:
    """Copy the case until there are so many, with all that is read here."""
    have = session.scalar(sa.select(sa.func.count(Case.id))) or 0
    models = (Document, WorkflowCase, Case, Task, AuditEntry)
    rows = {model: _rows(session, model, case_id) for model in models}
    while have < cases:
        number = min(COPIED, cases - have)
        _copy(session, case_id, rows, number)
        session.commit()
        have += number


def _rows(session: Session, model: Any, case_id: int) -> list[dict[str, Any]]:
    table = model.__table__
    of_case = {
        Document: Document.id.in_(sa.select(Case.document_id).where(Case.id == case_id)),
        WorkflowCase: WorkflowCase.id == case_id,
        Case: Case.id == case_id,
    }
    condition = of_case.get(model)
    if condition is None:
        condition = model.case_id == case_id
    return [dict(row._mapping) for row in session.execute(sa.select(table).where(condition))]


def _copy(session: Session, case_id: int, rows: dict[Any, Any], number: int) -> None:
    highest = {
        model: session.scalar(sa.select(sa.func.max(model.id))) or 0
        for model in (Document, WorkflowCase, Task)
    }
    seq = session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    made: dict[Any, list[dict[str, Any]]] = {model: [] for model in rows}
    for place in range(1, number + 1):
        case, document = highest[WorkflowCase] + place, highest[Document] + place
        tasks = {
            row["id"]: highest[Task] + (place - 1) * len(rows[Task]) + offset
            for offset, row in enumerate(rows[Task], 1)
        }
        number_ = f"量〔2026〕{document}号"
        made[Document] += [{**row, "number": number_, "id": document} for row in rows[Document]]
        made[WorkflowCase] += [{**row, "id": case} for row in rows[WorkflowCase]]
        made[Case] += [{**row, "id": case, "document_id": document} for row in rows[Case]]
        for row in rows[Task]:
            links = {
                name: tasks.get(row[name])
                for name in ("sent_from_id", "comes_back_to_id", "instead_of_id", "asked_from_id")
            }
            new = {"id": tasks[row["id"]], "case_id": case, "token": f"{row['token'][:20]}-{case}"}
            made[Task].append({**row, **links, **new})
        for row in rows[AuditEntry]:
            seq += 1
            body = _renumbered(json.loads(row["body"]), seq, case, document, tasks)
            text = json.dumps(body, ensure_ascii=False)
            new = {"seq": seq, "body": text, "case_id": case, "document_id": document}
            made[AuditEntry].append({**row, **new})
    for model, values in made.items():
        session.execute(sa.insert(model.__table__), values)


def _renumbered(body: Any, seq: int, case: int, document: int, tasks: dict[int, int]) -> Any:
    subject = body["subject"]
    if subject and subject[0] == "task":
        body["subject"] = ["task", tasks[subject[1]]]
    for name in ("opened_stays", "closed_stays"):
        if name in body["detail"]:
            body["detail"][name] = [tasks[each] for each in body["detail"][name]]
    return {**body, "seq": seq, "case": case, "document": document}


def timed(act: Callable[[], int]) -> tuple[float, float]:
    """Seconds by the clock and of this process alone."""
    begun, used = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - used


def check_all(session: Session) -> int:
    posts, since, done = Posts(), clock.now(session), 0
    while cases := next_to_check(session, since):
        posts.read_on(session)
        check(session, cases, posts, clock.now(session))
        done += len(cases)
        session.commit()
    return done


def exported(session: Session, form: str) -> int:
    with tempfile.TemporaryFile() as file, reading():
        return exporting.write(session, form, Wanted(), file)


def flow(session: Session) -> int:
    definition = routes.in_force(session, "outgoing")
    steps = [(each.id, each.name) for each in definition.steps]
    wanted = measuring.Wanted("outgoing", definition.version)
    return measuring.measure(session, wanted, steps, clock.now(session)).cases


def report(session: Session, engine: str, cases: int, quick: bool) -> None:
    entries = session.scalar(
        sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.case_id.is_not(None))
    )
    session.rollback()
    ways: dict[str, Callable[[], int]] = {"check": lambda: check_all(session)}
    for form in exporting.FORMS:
        ways[form] = lambda form=form: exported(session, form)
    ways["flow"] = lambda: flow(session)
    for name, way in ways.items():
        seconds, used = timed(way)
        rate = (entries or 0) if name in exporting.FORMS else cases
        session.rollback()
        memory = ""
        if name in exporting.FORMS and not quick:
            tracemalloc.start()
            way()
            memory = f"{tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB"
            tracemalloc.stop()
        print(
            LINE.format(
                engine,
                cases,
                name,
                *(f"{seconds:.1f} s", f"{used:.1f} s"),
                f"{rate / used:.0f}/s",
                memory,
            )
        )
        sys.stdout.flush()


def measure(engine: str, url: str, sizes: list[int], quick: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data=Path(folder), database_url=url, secret_key="of-bench-" * 8, demo=True)
        app = create_app(config)
        with app.app_context():
            session = db.session()
            case_id = prepare(session)
            for cases in sizes:
                grow(session, case_id, cases)
                report(session, engine, cases, quick)
            db.session.remove()
            db.engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--quick", action="store_true", help="without the passes for memory")
    parser.add_argument("--postgres", help="server for a throw-away database; else SQLite alone")
    options = parser.parse_args()
    print(LINE.format("engine", "cases", "what", "time", "CPU", "rate", "memory"))
    with tempfile.TemporaryDirectory() as folder:
        measure(
            "sqlite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", options.cases, options.quick
        )
    if options.postgres:
        with postgres(options.postgres) as url:
            measure("postgresql", url, options.cases, options.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
