"""Several sweepers, people and deaths at once: still exactly once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.deadlines import sweep as sweeping
from app.deadlines.models import Due, Effect
from app.deadlines.operations import close_limits, open_limits
from app.deadlines.sweep import sweep

from . import subjects
from .engines import on_postgres
from .subjects import Mark, subject

ROOT = Path(__file__).parents[2]
Sessions = sessionmaker[Session]


def together(*acts: Callable[[], object]) -> list[Exception]:
    """Run these at once; what they raised."""
    raised: list[Exception] = []

    def guarded(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def sweeper(url: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(Path(subjects.__file__)), url, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment)  # noqa: S603  (our own file)


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "SQLITE_PAUSE", 0.002)


def test_four_sweepers_at_once_and_each_limit_takes_effect_once(sessions: Sessions) -> None:
    subjects.create(sessions, 2_000)
    handled: list[int] = []

    def one(worker: str) -> None:
        handled.append(sweep(sessions, {"task": Mark()}, worker=worker))

    raised = together(*[partial(one, f"host-{number}") for number in range(4)])
    assert raised == []
    assert sum(handled) == 2_000
    assert subjects.violations(sessions, 2_000) == {}


def test_a_sweeper_killed_in_mid_batch_loses_and_doubles_nothing(
    sessions: Sessions, url: str
) -> None:
    subjects.create(sessions, 300)
    assert sweeper(url, "125").wait(60) == -signal.SIGKILL
    with sessions() as session:
        done = session.execute(sa.select(sa.func.count()).where(Due.state == "done")).scalar_one()
        effects = session.execute(sa.select(sa.func.count()).select_from(Effect)).scalar_one()
    assert done == effects == 100  # two batches whole, the third not at all
    assert sweep(sessions, {"task": Mark()}) == 200
    assert subjects.violations(sessions, 300) == {}


@on_postgres
def test_two_sweepers_go_on_while_a_third_is_killed(sessions: Sessions, url: str) -> None:
    subjects.create(sessions, 600)
    killed = [sweeper(url, fatal) for fatal in ("30", "330")]
    raised = together(*[lambda: sweep(sessions, {"task": Mark()})] * 2)
    for process in killed:
        process.wait(60)
    sweep(sessions, {"task": Mark()})
    assert raised == []
    assert subjects.violations(sessions, 600) == {}


@on_postgres
def test_a_frozen_sweeper_keeps_its_own_batch_only(sessions: Sessions) -> None:
    subjects.create(sessions, 60)
    with sessions() as frozen:
        frozen.execute(sa.select(Due).where(Due.subject_id <= 50).with_for_update()).all()
        assert sweep(sessions, {"task": Mark()}) == 10  # waiting would end at lock_timeout
    assert sweep(sessions, {"task": Mark()}) == 50
    assert subjects.violations(sessions, 60) == {}


@on_postgres
def test_a_person_who_holds_a_subject_makes_no_sweep_wait(sessions: Sessions) -> None:
    subjects.create(sessions, 60)
    with sessions() as acting:
        acting.execute(sa.select(subject).where(subject.c.id == 10).with_for_update()).all()
        assert sweep(sessions, {"task": Mark()}) == 59  # waiting would end at lock_timeout
    with sessions() as session:
        held = session.execute(sa.select(Due).where(Due.subject_id == 10)).scalar_one()
        assert (held.state, held.attempts) == ("pending", 0)


@on_postgres
def test_finished_at_the_deadline_is_in_time_or_overdue_never_both(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BUSY_AGAIN", timedelta(milliseconds=50))
    count, ready = 200, timedelta(milliseconds=300)
    with sessions() as session:
        start = clock.now(session) + ready
        ends = {n: start + n * timedelta(milliseconds=8) for n in range(1, count + 1)}
        session.execute(sa.insert(subject), [{"id": n} for n in ends])
        open_limits(session, "task", list(ends.items()))
        session.commit()
    stop = threading.Event()

    def person(share: int) -> None:
        for n in range(share, count + 1, 4):  # every second subject is finished
            left = (ends[n] - datetime.now(UTC)).total_seconds()
            time.sleep(max(0.0, left - 0.002 * (n % 3)))
            finish(sessions, n)

    def sweeps() -> None:
        while not stop.wait(0.003):
            sweep(sessions, {"task": Mark()})

    def people() -> None:
        raised.extend(together(lambda: person(1), lambda: person(3)))
        time.sleep(0.3)
        stop.set()

    raised: list[Exception] = []
    raised += together(people, sweeps, sweeps)
    assert raised == []
    sweep(sessions, {"task": Mark()})
    with sessions() as session:
        rows = session.execute(
            sa.select(subject, Due.due_at, Due.state, Effect.at)
            .join(Due, Due.subject_id == subject.c.id)
            .outerjoin(Effect, Effect.due_id == Due.id)
        ).all()
    assert [row for row in rows if row.done_at and row.done_at <= row.due_at and row.marks] == []
    assert [row for row in rows if row.done_at and row.at and row.at > row.done_at] == []
    assert [row for row in rows if not row.done_at and row.marks != 1] == []
    assert {row.state for row in rows} <= {"done", "cancelled"}
    assert sum(row.done_at is not None for row in rows) == count / 2


def finish(sessions: Sessions, number: int) -> None:
    """As a person's act does: lock, then read the time, then close the limit."""
    with sessions() as session:
        mine = sa.select(subject.c.id).where(subject.c.id == number)
        session.execute(mine.with_for_update(key_share=True)).one()
        at = clock.now(session)
        changes = {"open": False, "done_at": at}
        session.execute(sa.update(subject).where(subject.c.id == number).values(changes))
        close_limits(session, "task", [number], at)
        session.commit()
