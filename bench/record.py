"""What looks cost a page, and what a search over a long record costs, on both engines.

usage: python -m bench.record [--entries N] [--postgres URL]

Looks: milliseconds of the question whether there was the same look just now, and of the row that
is written when there was not, with 100,000 rows beside; and of sealing a batch. Aim: a page pays
less than 2 ms for the question. Search: milliseconds of the first fifty hits and of their count.
Aim: below one second for every word, of two characters too.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import audit
from app.audit import Access, Signature, accesses
from app.audit.accesses import Look
from app.database import Base, engine_options, harden_sqlite
from app.handling import models  # noqa: F401  (its tables are referred to)
from app.handling.inspection import indexing, searching
from app.handling.inspection.searching import Wanted
from bench.sweep import SERVER, postgres

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LOOK = Look(
    *(1, "drafter", "张三", "read", "document", 1),
    *("desk.case", "", "127.0.0.1", "Mozilla/5.0 (X11; Linux x86_64)", False),
)
ROWS, ROUNDS = 100_000, 50
SIGNS = "关于做好冬季堤防巡查工作通知意见同意请示报告水利工程建设管理办公室汛期安全生产检查整改落实"
RARE, COMMON = "蓄滞洪区", "同意"
LINE = "{:<12}{:<34}{:>12}{:>12}"


def fill_looks(session: Session) -> None:
    for first in range(0, ROWS, 5000):
        rows = [
            {
                **vars(LOOK),
                "person_id": number % 300,
                "number": number % 7000,
                "at": BEGAN + timedelta(seconds=30 * number),
            }
            for number in range(first, first + 5000)
        ]
        session.execute(sa.insert(Access), rows)
        session.commit()


def fill_record(session: Session, entries: int) -> None:
    """Acts with an opinion each of some forty characters; one in ten thousand has the rare word."""
    chance = random.Random(7)  # noqa: S311  (a measurement)
    actions = ("task.completed", "task.opened", "task.returned", "document.revised")
    for number in range(entries):
        words = "".join(chance.choices(SIGNS, k=40))
        words += RARE if number % 10_000 == 0 else COMMON if number % 4 == 0 else ""
        audit.record(
            session,
            actions[number % 4],
            Signature(number % 300 + 1, f"p{number % 300}", "张三", "工程科科员"),
            at=BEGAN + timedelta(seconds=150 * number),
            detail={"opinion": words, "step_name": "部门负责人核稿"},
        )
        if number % 2000 == 1999:
            session.commit()
    session.commit()


def measured(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median and slowest, in milliseconds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), max(took)


def measure(name: str, url: str, entries: int) -> None:
    engine = sa.create_engine(url, **engine_options(url))
    harden_sqlite(engine)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)

    def told(what: str, work: Callable[[], object], rounds: int = ROUNDS) -> None:
        median, slowest = measured(work, rounds)
        print(LINE.format(name, what, f"{median:.2f}", f"{slowest:.2f}"), flush=True)

    with sessions() as session:
        fill_looks(session)
        at = BEGAN + timedelta(seconds=30 * ROWS)
        number = iter(range(10_000_000))

        def ask() -> None:
            accesses.is_new(session, replace(LOOK, number=next(number)), at)
            session.rollback()

        def write() -> None:
            accesses.note(session, replace(LOOK, number=next(number)), at)
            session.commit()

        def seal() -> None:
            accesses.seal(session, at)
            session.commit()

        told("a look: asked for", ask)
        told("a look: written", write)
        told("a batch of looks sealed", seal, 10)
        fill_record(session, entries)
        began = time.perf_counter()
        while indexing.catch_up(session):
            session.commit()
        rate = entries / (time.perf_counter() - began)
        print(LINE.format(name, "entries indexed per second", f"{rate:.0f}", ""), flush=True)
        session.execute(sa.text("ANALYZE"))
        session.commit()
        for what, wanted in (
            ("rare word of four", Wanted(words=RARE)),
            ("rare word of two", Wanted(words="滞洪")),
            ("word in every fourth", Wanted(words=COMMON)),
            ("two common words", Wanted(words="通知 报告")),
            ("word in none", Wanted(words="不存在")),
            (
                "returned, in March",
                Wanted(deviation="returned", since=BEGAN.date().replace(month=3)),
            ),
            ("person by login", Wanted(person="p7")),
        ):
            told(f"{what}: first 50", lambda w=wanted: searching.search(session, w, 50), 5)  # type: ignore[misc]
            told(f"{what}: count", lambda w=wanted: searching.count(session, w), 5)  # type: ignore[misc]
    engine.dispose()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--entries", type=int, default=200_000)
    asked.add_argument("--postgres", default=SERVER)
    given = asked.parse_args()
    print(LINE.format("engine", "", "median ms", "slowest ms"))
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'bench.sqlite3'}", given.entries)
    try:
        with postgres(given.postgres) as url:
            measure("PostgreSQL", url, given.entries)
    except sa.exc.OperationalError as error:
        print(f"no PostgreSQL at {given.postgres}: {error.orig}")


if __name__ == "__main__":
    main()
