"""The scheduler process: it sweeps, stops cleanly, and ends itself when a sweep hangs."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.deadlines import scheduler
from app.deadlines.models import Heartbeat

from . import subjects

ROOT = Path(__file__).parents[2]
SERVE = """
import sys
sys.path.insert(0, {folder!r})
import subjects
from sqlalchemy.orm import sessionmaker
from app.deadlines import scheduler
scheduler.run(sessionmaker(subjects.connect(sys.argv[1])), {{"task": subjects.Mark()}})
print("stopped", flush=True)
"""
HANG = """
import time
from app.deadlines.scheduler import watchdog
with watchdog(0.2):
    time.sleep(30)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  (this very test's own program)
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_sweeps_at_once_and_stops_cleanly(
    sessions: sessionmaker[Session], url: str, engine: sa.Engine
) -> None:
    ending = signal.SIGINT if engine.dialect.name == "sqlite" else signal.SIGTERM
    subjects.create(sessions, 60)
    process = start(SERVE.format(folder=str(Path(__file__).parent)), url)
    until = time.monotonic() + 20
    while time.monotonic() < until and not swept(sessions):
        time.sleep(0.05)
    process.send_signal(ending)
    said, complained = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "stopped\n"), complained
    assert subjects.violations(sessions, 60) == {}


def swept(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return bool(session.execute(sa.select(Heartbeat.worker)).all())


def test_a_sweep_that_hangs_ends_the_process() -> None:
    process = start(HANG)
    _, complained = process.communicate(timeout=20)
    assert process.returncode == scheduler.HUNG
    assert "a sweep has lasted" in complained
    assert "most recent call first" in complained


def test_the_job_keeps_no_business_time_and_never_drops_a_tick() -> None:
    built = scheduler.build(lambda: pytest.fail("not started"), {})
    (job,) = built.get_jobs()
    assert (job.trigger.interval.total_seconds(), job.trigger.jitter) == (15, 5)
    assert str(built.timezone) == "UTC"
    assert built._job_defaults["misfire_grace_time"] is None


@pytest.mark.parametrize(("away", "again"), [(3600, True), (-3600, True), (14, False)])
def test_a_clock_that_was_set_back_does_not_stop_the_ticks(away: int, again: bool) -> None:
    ticks = threading.Event()
    built = scheduler.build(lambda: pytest.fail("no sweep"), {})
    built.remove_all_jobs()
    when = datetime.now(UTC) + timedelta(seconds=away)
    built.add_job(ticks.set, "interval", seconds=15, next_run_time=when)
    thread = threading.Thread(target=built.start)
    thread.start()
    try:
        assert ticks.wait(5 if again else 0.3) is again
    finally:
        built.shutdown()
        thread.join()


def test_a_clock_that_is_set_back_in_the_middle_of_a_look_does_not_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seen with libfaketime: the wait was counted by the clock of before, and lasted two hours."""
    built = scheduler.build(lambda: pytest.fail("no sweep"), {})
    monkeypatch.setattr(scheduler.BlockingScheduler, "_process_jobs", lambda _self: 7200.0)
    assert built._process_jobs() <= scheduler.SWEEP_SECONDS + scheduler.SWEEP_JITTER


def test_chores_go_on_step_by_step_until_nothing_is_left(
    sessions: sessionmaker[Session],
) -> None:
    left = [3, 2, 1, 0, 7]
    scheduler.do_chores(sessions, [lambda _session, _now: left.pop(0)])
    assert left == [7]
    idle = [lambda _session, _now: 0]
    jobs = scheduler.build(sessions, {}, idle, often=idle).get_jobs()
    found = {job.id: job.trigger.interval.total_seconds() for job in jobs}
    assert found == {"sweep": 15, "chores": 3600, "often": 15}


@pytest.mark.parametrize(
    "fault", [ValueError("no JSON"), sa.exc.OperationalError("COMMIT", {}, Exception("no JSON"))]
)
def test_a_chore_that_fails_keeps_no_other_waiting(
    sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    done: list[str] = []

    def spoilt(_session: object, _now: object) -> int:
        raise fault

    def next_one(_session: object, _now: object) -> int:
        done.append("next")
        return 0

    scheduler.do_chores(sessions, [spoilt, next_one])
    assert done == ["next"]
    assert "no JSON" in caplog.text


def test_an_errand_that_fails_keeps_no_other_waiting(
    sessions: sessionmaker[Session], caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def spoilt(_sessions: object, _stopping: object) -> None:
        raise ValueError("no JSON")

    def next_one(_sessions: object, _stopping: object) -> None:
        done.append("next")

    scheduler.run_errands(sessions, [spoilt, next_one])
    assert done == ["next"]
    assert "no JSON" in caplog.text


def test_what_takes_minutes_is_a_job_of_its_own(sessions: sessionmaker[Session]) -> None:
    def errand(_sessions: object, _stopping: object) -> None:
        """Never run here."""

    jobs = scheduler.build(sessions, {}, errands=[errand], slow=[errand]).get_jobs()
    assert {job.id for job in jobs} == {"sweep", "errands", "slow"}
