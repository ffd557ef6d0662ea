"""Schedulers die, freeze and lose their database: each limit takes effect once, none is lost."""

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import clock, create_app
from app.database import db
from app.deadlines.models import Due, Heartbeat
from tests.conftest import LONG, install, settings
from tests.faults import limits
from tests.faults.clusters import FAKETIME, PROGRAMS, Cluster, clock_of, moved_clock, new_cluster
from tests.faults.conftest import Office, Start
from tests.faults.processes import Process

ROWS = 10_000 if LONG else 200
SECONDS = 1_800 if LONG else 240
"""After which a test gives up."""
EVERY = 1
SLOW = "sweep-effect:wait=0.004" if LONG else "sweep-effect:wait=0.01"
"""Each effect takes a little, so that most of what strikes strikes in the middle of a batch."""
IDLE = 30 if LONG else 3
"""Seconds after which PostgreSQL ends the transaction of a frozen sweep; 30 in an office."""
ALONE = (0.8, 1.6)
"""Seconds between two kills of a scheduler that nobody helps: it needs a batch to get on."""
ALIVE = 8 if LONG else 3
"""Seconds that a database lives between two crashes, at least a tick of every scheduler."""

SCHEDULERS = 4
Found = TypeVar("Found")
FORKED = ("-m", "tests.faults.schedulers")


@dataclass
class Storm:
    """What strikes the schedulers, once of each kind and then at random, and what has struck.

    pause  seconds between two strikes, at least and at most
    """

    schedulers: Process
    chance: random.Random
    cluster: Cluster | None = None
    pause: tuple[float, float] = (0.1, 0.8)
    struck: Counter[str] = field(default_factory=Counter)
    frozen: list[int] = field(default_factory=list)
    crashed_at: float = field(default_factory=time.monotonic)

    def strike(self) -> None:
        living = [each for each in self.schedulers.children() if each not in self.frozen]
        lacking = [each for each in ("SIGSTOP", "SIGKILL", "crash") if not self.struck[each]]
        if living and self.cluster and lacking:
            self._begin(lacking[0], living[0], self.cluster)
        elif self.cluster and time.monotonic() - self.crashed_at > ALIVE:
            self._crash(self.cluster)
        elif self.frozen and self.chance.random() < 0.3:
            self._send(self.frozen.pop(0), signal.SIGCONT)
        elif living and self.cluster and len(self.frozen) < 2 and self.chance.random() < 0.3:
            self._send(self.chance.choice(living), signal.SIGSTOP)
        elif living:
            self._send(self.chance.choice(living), signal.SIGKILL)
        time.sleep(self.chance.uniform(*self.pause))

    def _begin(self, kind: str, process: int, cluster: Cluster) -> None:
        if kind == "crash":
            self._crash(cluster)
        else:
            self._send(process, signal.Signals[kind])

    def calm(self) -> None:
        """Whoever is frozen goes on, and finds its rows taken by others."""
        for each in self.frozen:
            self._send(each, signal.SIGCONT)

    def _send(self, process: int, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # it has just ended with its database
            os.kill(process, number)
        self.struck[number.name] += 1
        if number == signal.SIGSTOP:
            self.frozen.append(process)

    def _crash(self, cluster: Cluster) -> None:
        cluster.crash()
        time.sleep(self.chance.uniform(0.1, 1.0))
        cluster.start()
        self.struck["crash"] += 1
        self.crashed_at = time.monotonic()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    if not PROGRAMS:
        if os.environ.get("CI"):
            raise FileNotFoundError("initdb")
        pytest.skip("no PostgreSQL programs to start a server with")
    with new_cluster() as cluster:
        yield cluster


@pytest.fixture
def office_of_its_own(cluster: Cluster, tmp_path: Path) -> Office:
    """An installation whose database may be crashed."""
    url = cluster.create(f"office_{time.monotonic_ns()}")
    app = create_app(settings(tmp_path, url))
    with app.app_context():
        install(app)
        db.engine.dispose()
    return Office(app, app.config["SETTINGS"], tmp_path, {})


@pytest.fixture
def start_schedulers(tmp_path: Path) -> Iterator[Start]:
    """``start_schedulers(office, count, fault, …)``; all are killed at the end of the test."""
    running: list[Process] = []

    def start(office: Office, count: int, *faults: str, **environment: str) -> Process:
        arguments = [*FORKED, str(count), str(EVERY), str(IDLE), *faults]
        log = tmp_path / f"schedulers-{len(running)}.log"
        process = Process(office.config, arguments, log, environment=environment)
        process.start()
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()


def in_office(office: Office, read: Callable[[Session], Found]) -> Found:
    """What ``read`` finds, over connections that a crash has not taken."""
    with office.app.app_context():
        while True:
            try:
                return read(db.session())
            except sa.exc.OperationalError:
                time.sleep(0.1)
            finally:
                db.session.remove()
                db.engine.dispose()


def overdue(office: Office, count: int) -> list[int]:
    with office.app.app_context():
        ids = limits.stays(db.session(), [limits.ago(hours=1)] * count)
        db.session.remove()
        db.engine.dispose()
    return ids


def until_handled(office: Office, count: int, meanwhile: Callable[[], None]) -> float:
    """Seconds until so many rows are done."""
    begun = time.monotonic()
    while in_office(office, limits.handled) != count:
        assert time.monotonic() - begun < SECONDS, in_office(office, limits.handled)
        meanwhile()
    return time.monotonic() - begun


def until_frozen(schedulers: Process) -> int:
    """Id of the one that has stopped itself."""
    while True:
        for each in schedulers.children():
            if Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                return each
        time.sleep(0.05)


def quiet() -> None:
    time.sleep(0.2)


@pytest.mark.postgres
def test_four_schedulers_die_freeze_and_lose_their_database(
    office_of_its_own: Office,
    cluster: Cluster,
    start_schedulers: Start,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """R5 and R6: kill -9, SIGSTOP and immediate stops of PostgreSQL while limits take effect."""
    office = office_of_its_own
    ids = overdue(office, ROWS)
    seed = random.randrange(2**32)  # noqa: S311  (no secret)
    schedulers = start_schedulers(office, SCHEDULERS, SLOW if LONG else "sweep-effect:wait=0.04")
    storm = Storm(schedulers, random.Random(seed), cluster)  # noqa: S311  (no secret)
    lasted = until_handled(office, ROWS, storm.strike)
    storm.calm()
    time.sleep(3 * EVERY)
    found = in_office(office, lambda session: limits.broken(session, ids))
    with capsys.disabled():
        print(
            f"\nseed {seed}: {ROWS} limits in {lasted:.0f} s, {dict(storm.struck)}, wrong {found}"
        )
    assert found == {}
    assert min(storm.struck[each] for each in ("SIGKILL", "SIGSTOP", "crash")) >= 1


def test_one_scheduler_on_sqlite_is_killed_again_and_again(
    app: Flask, tmp_path: Path, start_schedulers: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(app, app.config["SETTINGS"], tmp_path, {})
    ids = overdue(office, ROWS)
    seed = random.randrange(2**32)  # noqa: S311  (no secret)
    schedulers = start_schedulers(office, 1, SLOW)
    chance = random.Random(seed)  # noqa: S311  (no secret)
    storm = Storm(schedulers, chance, pause=ALONE)
    lasted = until_handled(office, ROWS, storm.strike)
    found = in_office(office, lambda session: limits.broken(session, ids))
    with capsys.disabled():
        print(
            f"\nseed {seed}: {ROWS} limits in {lasted:.0f} s, {dict(storm.struck)}, wrong {found}"
        )
    assert found == {}
    assert storm.struck["SIGKILL"] >= 2


@pytest.mark.postgres
def test_a_frozen_sweeper_loses_its_rows_within_the_set_time(
    office_of_its_own: Office, start_schedulers: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    """R6 and R15: it is frozen with its batch in hand; woken again, it overwrites nothing."""
    office, count = office_of_its_own, 120
    ids = overdue(office, count)
    schedulers = start_schedulers(office, 2, "sweep-effect:stop:20", "sweep-taken:wait=0.5")
    frozen = until_frozen(schedulers)
    lasted = until_handled(office, count, quiet)
    with capsys.disabled():
        print(
            f"\nfrozen with its batch: all {count} done {lasted:.1f} s later, idle limit {IDLE} s"
        )
    assert lasted < IDLE + 3 * EVERY + 5
    os.kill(frozen, signal.SIGCONT)
    late = overdue(office, 1)
    until_handled(office, count + 1, quiet)
    time.sleep(3 * EVERY)
    assert frozen in schedulers.children()
    assert in_office(office, lambda session: limits.broken(session, ids + late)) == {}


@pytest.fixture
def other_clocks() -> None:
    """Skipped where clocks cannot be moved, but never in the long pass."""
    if FAKETIME is None and LONG:
        raise FileNotFoundError("libfaketime: apt-get install faketime")
    if FAKETIME is None:
        pytest.skip("needs libfaketime to move clocks: apt-get install faketime")


@pytest.mark.postgres
@pytest.mark.usefixtures("other_clocks")
def test_an_office_that_stood_still_for_three_days_catches_up(
    office_of_its_own: Office,
    cluster: Cluster,
    start_schedulers: Start,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """R7: everything is stopped; three days later database and scheduler start again."""
    office = office_of_its_own
    days = [timedelta(hours=1 + number % 70) for number in range(ROWS)]
    ids = coming(office, days)
    schedulers = start_schedulers(office, 1)
    time.sleep(5)
    assert in_office(office, limits.handled) == 0
    schedulers.kill()
    in_office(office, started_anew)
    cluster.crash()
    cluster.start(moved_clock("+3d"))
    try:
        start_schedulers(office, 1, **moved_clock("+3d"))
        lasted = until_handled(office, ROWS, quiet)
        found = in_office(office, lambda session: limits.broken(session, ids))
        waited = in_office(office, longest_overdue)
    finally:
        cluster.crash()
        cluster.start()
    with capsys.disabled():
        print(f"\n{ROWS} limits of three days caught up in {lasted:.0f} s")
    assert found == {}
    assert lasted < 300
    assert timedelta(hours=70) < waited < timedelta(hours=72)  # due and handled are both on record


@pytest.mark.postgres
@pytest.mark.usefixtures("other_clocks")
def test_a_clock_that_is_set_an_hour_off_does_no_harm(
    office_of_its_own: Office, start_schedulers: Start, tmp_path: Path
) -> None:
    """R8: nothing early, nothing twice; that host stops sweeping and says so, and comes back."""
    office, seconds = office_of_its_own, 12 * (5 if LONG else 1)
    due = coming(office, [timedelta(seconds=3 + each / 5) for each in range(5 * seconds)])
    coming(office, [timedelta(minutes=each) for each in range(20, 60)])
    setting = tmp_path / "clock"
    set_clock(setting, 0)
    changing = start_schedulers(office, 1, **clock_of(setting))
    steady = start_schedulers(office, 1)
    time.sleep((seconds + 3) / 4)
    for off in (3600, -3600):
        set_clock(setting, off)
        until_said(changing, off)
    set_clock(setting, 0)
    until_handled(office, len(due), quiet)
    assert in_office(office, lambda session: limits.broken(session, due)) == {}
    steady.kill()
    alone = coming(office, [timedelta()])
    assert until_handled(office, len(due) + 1, quiet) < 5 * EVERY
    assert in_office(office, lambda session: limits.broken(session, due + alone)) == {}


def set_clock(file: Path, seconds: int) -> None:
    """As libfaketime reads it, whole or not at all."""
    new = file.with_suffix(".new")
    new.write_text(f"{seconds:+d}\n")
    new.rename(file)


def until_said(scheduler: Process, off: int) -> None:
    """Wait until it says that its clock is so many seconds off, about, and that it does not sweep.

    On a busy machine it takes its time to start.
    """
    begun, said = time.monotonic(), set[int]()
    while off not in said:
        assert time.monotonic() - begun < SECONDS, said
        time.sleep(EVERY / 5)
        found = re.findall(r"clock is off by ([+-]\d+) s: not sweeping", scheduler.log.read_text())
        said = {round(int(each), -1) for each in found}


def coming(office: Office, after: list[timedelta]) -> list[int]:
    """Stays that run out so long from now."""
    with office.app.app_context():
        now = clock.now(db.session())
        ids = limits.stays(db.session(), [now + each for each in after])
        db.session.remove()
        db.engine.dispose()
    return ids


def started_anew(session: Session) -> None:
    """As after a start of the machine: its steady clock says nothing of the three days."""
    session.execute(sa.update(Heartbeat).values(boot="of before"))
    session.commit()


def longest_overdue(session: Session) -> timedelta:
    query = sa.select(Due.handled_at, Due.due_at).where(Due.state == "done")
    return max(handled - due for handled, due in session.execute(query) if handled)
