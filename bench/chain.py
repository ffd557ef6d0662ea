"""What the record costs as it grows: writing, verifying, signing, proving.

usage: python -m bench.chain [--most 1000000] [--seconds 3] [--postgres URL]

At each size, on SQLite and on PostgreSQL:

  written    entries per second, one commit each, by one writer and by eight at once; on PostgreSQL
             eight must leave no gap and no fork, on SQLite they take turns
  cpu        milliseconds of our own processor time for an entry, of one writer
  verified   entries per second of the whole record, with the tree over it
  checkpoint milliseconds to sign what has come, a thousand entries at most
  proof      milliseconds to prove one entry
  memory     MiB that a process has at most while it verifies, and while it proves

The entries that make up the size are put there in bulk, with right hashes. Ends with status 1
where a record is not whole, or where verifying takes a tenth more memory at the largest size.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session, sessionmaker

from app import audit
from app.audit import AuditCheckpoint, AuditEntry, AuditHead, chain, checkpoints, proofs
from app.database import Base, engine_options, harden_sqlite
from bench.sweep import SERVER, postgres

SIZES = (10_000, 100_000, 1_000_000)
WRITERS, CASES, FLAT = 8, 500, 1.1
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RULE = audit.signed_by_rule("bench")
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
DETAIL = {"opinion": "同意。", "outcome_label": "同意", "content_sha256": "0" * 64, "opened": ["x"]}
LINE = "{:<11}{:>10}{:>7}{:>7}{:>7}{:>10}{:>12}{:>9}{:>12}{:>9}"


@contextmanager
def engine_of(url: str) -> Iterator[sa.Engine]:
    options = {**engine_options(url), "pool_size": WRITERS + 1} if "sqlite" not in url else {}
    engine = sa.create_engine(url, **options)
    harden_sqlite(engine)
    yield engine
    engine.dispose()


def fill(engine: sa.Engine, size: int) -> None:
    """Entries as acts write them, linked, in bulk."""
    with Session(engine) as session:
        head = session.execute(sa.select(AuditHead.seq, AuditHead.hash)).first()
        seq, previous = (head.seq, head.hash) if head else (0, chain.GENESIS)
        if head is None:
            session.execute(sa.insert(AuditHead).values(log="main", seq=0, hash=previous))
        while seq < size:
            rows = []
            for _ in range(min(5_000, size - seq)):
                seq += 1
                body = chain.canonical(_body(seq, previous))
                previous = chain.leaf_hash(body)
                rows.append(_row(seq, body, previous))
            session.execute(sa.insert(AuditEntry), rows)
        session.execute(sa.update(AuditHead).values(seq=seq, hash=previous))
        session.commit()
        checkpoints.make(session, KEY, AT, now=True)
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _body(seq: int, previous: str) -> dict[str, Any]:
    names = ("principal", "address", "step", "reason")
    return {
        **dict.fromkeys(names),
        "actor": {"id": None, "login": "rule", "name": "自动"},
        "authority": "bench",
        "action": "task.completed",
        "at": AT.isoformat(timespec="microseconds"),
        "subject": ["task", seq],
        "case": seq % CASES,
        "document": seq % CASES,
        "outcome": "done",
        "detail": DETAIL,
        "seq": seq,
        "previous": previous,
    }


def _row(seq: int, body: str, digest: str) -> dict[str, Any]:
    row = {"seq": seq, "body": body, "hash": digest, "sm3": chain.sm3(body), "at": AT}
    of_case = {"case_id": seq % CASES, "document_id": seq % CASES}
    return {**row, **of_case, "action": "task.completed", "outcome": "done", "actor_id": None}


def written(engine: sa.Engine, writers: int, seconds: float) -> float:
    """Entries per second, each committed by itself."""
    counts = [0] * writers
    end = time.monotonic() + seconds

    def write(place: int) -> None:
        with Session(engine) as session:
            while time.monotonic() < end:
                case = place * 100 + counts[place] % 100
                audit.record(
                    session, "task.completed", RULE, at=AT, case_id=case, document_id=case,
                    detail=DETAIL,
                )  # fmt: skip
                session.commit()
                counts[place] += 1

    threads = [threading.Thread(target=write, args=(place,)) for place in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def timed(sessions: sessionmaker[Session], work: Callable[[Session], object]) -> float:
    """Seconds that the work takes."""
    with sessions() as session:
        begun = time.perf_counter()
        work(session)
        taken = time.perf_counter() - begun
        session.commit()
    return taken


def apart(url: str, what: str) -> tuple[float, float]:
    """Seconds and MiB at most, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return cast(tuple[float, float], pool.apply(_alone, (url, what)))


def _alone(url: str, what: str) -> tuple[float, float]:
    with engine_of(url) as engine:
        work = {"verify": _verify, "prove": lambda session: proofs.of_entry(session, 1)}[what]
        taken = timed(sessionmaker(engine), work)
    return taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _verify(session: Session) -> None:
    found = audit.verify(session)
    if not found.ok:
        sys.exit(f"the record is not whole: {found.reason}")


def measure(name: str, url: str, sizes: list[int], seconds: float) -> bool:
    """Print a line for each size; whether memory stayed flat."""
    tables = [Base.metadata.tables[each.__tablename__] for each in _MODELS]
    memory = []
    with engine_of(url) as engine:
        Base.metadata.create_all(engine, tables=tables)
        for size in sizes:
            fill(engine, size)
            begun = time.process_time()
            one = written(engine, 1, seconds)
            cpu = (time.process_time() - begun) / max(1, one * seconds)
            eight = written(engine, WRITERS, seconds)
            signing = timed(sessionmaker(engine), lambda it: checkpoints.make(it, KEY, AT))
            verifying, most = apart(url, "verify")
            proving, at_most = apart(url, "prove")
            with Session(engine) as session:
                count = audit.entries(session)
            memory.append(most)
            print(
                LINE.format(
                    *(name, f"{count:,}", f"{one:,.0f}", f"{eight:,.0f}", f"{cpu * 1000:.1f}"),
                    *(f"{count / verifying:,.0f}", f"{signing * 1000:,.0f} ms"),
                    *(f"{proving * 1000:,.0f}", f"{most:,.0f} MiB", f"{at_most:,.0f}"),
                ),
                flush=True,
            )
    return memory[-1] <= memory[0] * FLAT


_MODELS = (AuditEntry, AuditHead, AuditCheckpoint)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=SIZES[-1])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--postgres", default=SERVER)
    given = parser.parse_args()
    sizes = [size for size in SIZES if size <= given.most]
    heads = ("engine", "entries", "1 w/s", "8 w/s", "cpu", "verify/s", "checkpoint", "proof ms")
    print(LINE.format(*heads, "verifying", "proving"))
    with tempfile.TemporaryDirectory() as folder:
        flat = measure("SQLite", f"sqlite:///{Path(folder) / 'bench'}", sizes, given.seconds)
    try:
        with postgres(given.postgres) as url:
            flat &= measure("PostgreSQL", url, sizes, given.seconds)
    except sa.exc.OperationalError as failure:
        print(f"PostgreSQL left out: {failure.orig}")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
