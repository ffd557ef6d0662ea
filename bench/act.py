"""What completing one step costs, and whether a long history makes it dearer.

usage: python -m bench.act [--rounds 40] [--postgres URL] [--statements]

One document goes round and round: its drafter submits, its reviewer returns it. The submission is
measured after 10, 100 and 400 acts of the same case:

  http       POST /api/v1/tasks/{id}/complete through Flask's test client, with a personal token:
             everything but the sockets, commit included
  operation  handling.complete and its flush, rolled back again, so the length stays what it is

Rounds take the lengths in turn, so that whatever else the machine does hits all of them alike;
``x10`` is the median of each round's cost over that of the same round at 10 acts. Statements are
counted by SQLAlchemy's events: those of sign-in (``in``), of the request key and the answer kept
with it (``key``), of the act, of reading back what is answered, and of the audit chain (``link``).
Ends with status 1 if an act takes more than 12 statements or costs at 400 acts more than 1.1 times
what it costs at 10.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import ROOT, clock, create_app, organization
from app.config import Config
from app.database import Base, db
from app.documents.fields import OutgoingFields
from app.handling.acts import completing, returning, starting
from app.handling.models import Task
from app.handling.routes import publish_shipped
from app.organization import Actor, accounts, demo
from app.organization.passwords import Hasher, hashed_by
from app.web.api import tasks as api
from bench.sweep import SERVER, postgres

LENGTHS = (10, 100, 400)
CASES = 4
"""Of each length, used in turn: a measured submission and its return lengthen a case by two."""
MOST, FLAT = 12, 1.1
PURPOSES = ("in", "key", "act", "answer", "link")
LINE = "{:<11}{:<11}{:>6}{:>10}{:>8}{:>6}{:>6}{:>6}{:>8}{:>6}"
NOTICE = {
    "direction": "downward",
    "kind": "通知",
    "title": "江洲县水务局关于做好冬季堤防巡查的通知",
    "body": "现就冬季堤防巡查通知如下。\n一、按日巡查。\n二、及时报告。",
    "main_recipients": ["各乡镇水务站"],
}


@dataclass
class Counting:
    """The statements of what runs while ``on``, each with what it is for."""

    on: bool = False
    phase: str = "in"
    seen: list[tuple[str, str]] = field(default_factory=list)

    def statement(self, _c: Any, _k: Any, text: str, _p: Any, _x: Any, _many: bool) -> None:
        if self.on and not text.startswith("BEGIN"):
            self.seen.append((self._purpose(text), " ".join(text.split())))

    def committed(self, _connection: Any) -> None:
        """The first commit of a request is that of its sign-in."""
        self.phase = "act" if self.phase == "in" else self.phase

    def _purpose(self, text: str) -> str:
        if self.phase != "in" and "audit_" in text:
            return "link"
        if "request_key" in text:
            return "key"
        reads = text.startswith("SELECT") and self.phase == "answer"
        return "answer" if reads else self.phase.replace("answer", "act")

    @contextmanager
    def counted(self, phase: str) -> Iterator[None]:
        self.seen, self.phase, self.on = [], phase, True
        yield
        self.on = False

    @property
    def numbers(self) -> Counter[str]:
        return Counter(purpose for purpose, _ in self.seen)


@dataclass
class Office:
    """An installation with cases of every length, each waiting at its drafter."""

    app: Flask
    counting: Counting
    people: dict[str, Actor] = field(default_factory=dict)
    token: str = ""
    cases: dict[int, list[int]] = field(default_factory=dict)

    def prepare(self) -> None:
        Base.metadata.create_all(db.engine)
        at = clock.now(db.session())
        with hashed_by(Hasher(memory_kib=8, passes=1, lanes=1)):
            demo.install(db.session(), at)
        publish_shipped(db.session(), ROOT / "processes", at)
        for login in ("drafter", "dept.head"):
            person = organization.person_by_login(db.session(), login)
            self.people[login] = organization.actor(db.session(), person.id)
        person_id = self.people["drafter"].person_id
        self.token = accounts.new_token(db.session(), person_id, "bench", at)
        db.session.commit()
        self.cases = {length: [self._case(length) for _ in range(CASES)] for length in LENGTHS}

    def _case(self, length: int) -> int:
        fields = OutgoingFields.model_validate(NOTICE)
        case = starting.create_document(db.session(), self.people["drafter"], fields).case.id
        db.session.commit()
        for _ in range(length // 2):
            self.submit(case)
            db.session.commit()
            self.give_back(case)
        db.session.remove()
        return case

    def open(self, case: int) -> tuple[int, int]:
        query = sa.select(Task.id, Task.revision).where(Task.case_id == case, Task.state == "open")
        task_id, revision = db.session.execute(query).one()
        return task_id, revision

    def submit(self, case: int) -> None:
        task_id, revision = self.open(case)
        form = completing.Completion("submit", revision)
        completing.complete(db.session(), self.people["drafter"], task_id, form)

    def give_back(self, case: int) -> None:
        task_id, revision = self.open(case)
        form = returning.Return("draft", "请再核对数据。", revision)
        returning.return_task(db.session(), self.people["dept.head"], task_id, form)
        db.session.commit()

    def by_operation(self, case: int) -> float:
        """Milliseconds of the operation and its flush, undone afterwards."""
        task_id, revision = self.open(case)
        db.session.remove()
        db.session.connection()
        form = completing.Completion("submit", revision)
        with self.counting.counted("act"):
            begun = time.perf_counter()
            completing.complete(db.session(), self.people["drafter"], task_id, form)
            db.session.flush()
            taken = time.perf_counter() - begun
        db.session.rollback()
        db.session.remove()
        return taken * 1000

    def by_http(self, case: int) -> float:
        """Milliseconds of the request; the reviewer sends it back, unmeasured."""
        task_id, revision = self.open(case)
        db.session.remove()
        body = {"outcome": "submit", "revision": revision}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"{task_id}"}
        path, client = f"/api/v1/tasks/{task_id}/complete", self.app.test_client()
        with self.counting.counted("in"):
            begun = time.perf_counter()
            answer = client.post(path, json=body, headers=headers)
            taken = time.perf_counter() - begun
        assert answer.status_code == 200, answer.json
        self.give_back(case)
        db.session.remove()
        return taken * 1000


def note_the_end_of_the_operation(counting: Counting) -> Callable[[], None]:
    """What a request reads after ``complete`` has returned is for its answer."""
    complete = api.complete

    def noted(*values: Any) -> Any:
        done = complete(*values)
        counting.phase = "answer"
        return done

    api.complete = noted

    def undo() -> None:
        api.complete = complete

    return undo


def measure(engine: str, url: str, rounds: int, *, listed: bool) -> bool:
    """Print one line per way and length; whether both aims are met."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data=Path(folder), database_url=url, secret_key="of-bench-" * 8, demo=True)
        app, counting = create_app(config), Counting()
        undo = note_the_end_of_the_operation(counting)
        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", counting.statement)
            sa.event.listen(db.engine, "commit", counting.committed)
            office = Office(app, counting)
            office.prepare()
            ways = {"http": office.by_http, "operation": office.by_operation}
            met = [report(engine, name, way, office, rounds, listed) for name, way in ways.items()]
            db.session.remove()
            db.engine.dispose()
        undo()
    return all(met)


def report(
    engine: str,
    name: str,
    way: Callable[[int], float],
    office: Office,
    rounds: int,
    listed: bool,
) -> bool:
    taken: dict[int, list[float]] = {length: [] for length in LENGTHS}
    numbers: dict[int, Counter[str]] = {}
    for turn in range(-2, rounds):  # two to warm up
        for length in LENGTHS:
            cost = way(office.cases[length][turn % CASES])
            numbers[length] = office.counting.numbers
            if turn >= 0:
                taken[length].append(cost)
    ratios: dict[int, float] = {}
    for length in LENGTHS:
        pairs = zip(taken[length], taken[LENGTHS[0]], strict=True)
        ratios[length] = statistics.median(cost / first for cost, first in pairs)
        counts = [numbers[length][purpose] for purpose in PURPOSES]
        median = f"{statistics.median(taken[length]):.2f}"
        print(LINE.format(engine, name, length, median, f"{ratios[length]:.2f}", *counts))
    if listed:
        for purpose, text in office.counting.seen:
            print(f"    {purpose:<7}{text[:150]}")
    most = max(each["act"] for each in numbers.values())
    return most <= MOST and ratios[LENGTHS[-1]] <= FLAT


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="measured submissions per length")
    parser.add_argument("--postgres", default=SERVER, help="server for a throw-away database")
    parser.add_argument("--statements", action="store_true", help="list those of one act each")
    options = parser.parse_args()
    print(LINE.format("engine", "way", "acts", "ms", "x10", *PURPOSES))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        met = measure("sqlite", url, options.rounds, listed=options.statements)
    try:
        with postgres(options.postgres) as url:
            met &= measure("postgresql", url, options.rounds, listed=options.statements)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {options.postgres}: {error.orig}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
