"""The scheduler process: one per host, any number of hosts. Web workers never start one.

APScheduler only ticks here. Jobs carry no business meaning and live in memory: a job store holds
pickles, and whoever could write there would run code in this process.
"""

import faulthandler
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy.orm import Session

from app import clock
from app.deadlines import clockwatch
from app.deadlines.clockwatch import Sessions
from app.deadlines.effects import Effects
from app.deadlines.sweep import SQLITE_PAUSE, sweep

SWEEP_SECONDS, SWEEP_JITTER = 15, 5
CHORE_SECONDS = 3600
ERRAND_SECONDS = 10
WATCHDOG_SECONDS = 120
STDERR = 2
HUNG = 70
"""Exit status of a process that ended itself because a sweep hung."""

log = logging.getLogger(__name__)

Chore = Callable[[Session, datetime], int]
"""One bounded step of housekeeping at this time: how much it did, 0 when nothing is left to do.

Several schedulers may do it at once, so doing it twice must do no harm.
"""

Errand = Callable[[Sessions, Callable[[], bool]], object]
"""What other rooms have done every few seconds, in transactions of their own, until ``stopping``.

Several schedulers may do it at once.
"""


class SteadyScheduler(BlockingScheduler):  # type: ignore[misc]  # APScheduler has no types
    """Goes on ticking when the clock of the host is set back.

    APScheduler would wait until that clock is as late again as it was: an hour without a sweep.
    It may be set back in the middle of this, too; so no wait is longer than between two sweeps.
    """

    def _process_jobs(self) -> float | None:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            longest = job.trigger.interval + timedelta(seconds=job.trigger.jitter or 0)
            if job.next_run_time - now > longest:
                job.modify(next_run_time=now)
        seconds: float | None = super()._process_jobs()
        return None if seconds is None else min(seconds, SWEEP_SECONDS + SWEEP_JITTER)


def build(
    sessions: Sessions,
    effects: Mapping[str, Effects],
    chores: Sequence[Chore] = (),
    errands: Sequence[Errand] = (),
    *,
    often: Sequence[Chore] = (),
    hourly: Sequence[Errand] = (),
    slow: Sequence[Errand] = (),
    stopping: Callable[[], bool] = lambda: False,
) -> BlockingScheduler:
    """A scheduler with the sweep, the chores and the errands as its jobs, not started.

    often   chores that are looked for as often as the sweep sweeps
    hourly  errands that are run as often as the chores
    slow    errands that may take minutes: beside the others, and looked for as often
    Only fixed intervals in UTC.
    """
    scheduler = SteadyScheduler(
        timezone="UTC",
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(6)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    def sweep_due() -> None:
        with watchdog(WATCHDOG_SECONDS):
            try:
                sweep(sessions, effects, stopping=stopping)
            except sa.exc.DBAPIError as error:
                log.warning("the sweep was interrupted and goes on at the next tick: %s", error)

    scheduler.add_job(
        sweep_due,
        "interval",
        id="sweep",
        seconds=SWEEP_SECONDS,
        jitter=SWEEP_JITTER,
        next_run_time=datetime.now(UTC),
    )
    for name, function, each, seconds in (
        ("chores", do_chores, chores, CHORE_SECONDS),
        ("often", do_chores, often, SWEEP_SECONDS),
        ("errands", run_errands, errands, ERRAND_SECONDS),
        ("hourly", run_errands, hourly, CHORE_SECONDS),
        ("slow", run_errands, slow, ERRAND_SECONDS),
    ):
        if each:
            scheduler.add_job(
                _unless_ahead,
                "interval",
                (function, sessions, each, stopping),
                id=name,
                seconds=seconds,
                next_run_time=datetime.now(UTC),
            )
    return scheduler


def _unless_ahead(
    function: Callable[[Sessions, Sequence[Any], Callable[[], bool]], None],
    sessions: Sessions,
    tasks: Sequence[Any],
    stopping: Callable[[], bool],
) -> None:
    """Nothing early: what goes by time waits with the sweep while the clock is not believed."""
    try:
        if clockwatch.look(sessions).ahead:
            return
    except sa.exc.DBAPIError as error:
        log.warning("the clock could not be looked at, again at the next tick: %s", error)
        return
    function(sessions, tasks, stopping)


def run_errands(
    sessions: Sessions, errands: Sequence[Errand], stopping: Callable[[], bool] = lambda: False
) -> None:
    """One after the other; whatever goes wrong in one, the next one has its turn all the same."""
    for errand in errands:
        try:
            errand(sessions, stopping)
        except sa.exc.DBAPIError as error:
            log.warning("an errand was interrupted and goes on at the next tick: %s", error)
        except Exception:
            log.exception("an errand failed and is tried again at the next tick: %s", errand)


def do_chores(
    sessions: Sessions, chores: Sequence[Chore], stopping: Callable[[], bool] = lambda: False
) -> None:
    """Each chore step by step, a transaction to a step, until it is done.

    Whatever goes wrong in one, the next one has its turn all the same.
    """
    for chore in chores:
        try:
            _do_chore(sessions, chore, stopping)
        except sa.exc.DBAPIError as error:
            log.warning("a chore was interrupted and goes on at the next tick: %s", error)
        except Exception:
            log.exception("a chore failed and is tried again at the next tick: %s", chore)


def _do_chore(sessions: Sessions, chore: Chore, stopping: Callable[[], bool]) -> None:
    done = 1
    while done and not stopping():
        with sessions() as session:
            done = chore(session, clock.now(session))
            session.commit()
        time.sleep(SQLITE_PAUSE)


def run(
    sessions: Sessions,
    effects: Mapping[str, Effects],
    chores: Sequence[Chore] = (),
    errands: Sequence[Errand] = (),
    *,
    often: Sequence[Chore] = (),
    hourly: Sequence[Errand] = (),
    slow: Sequence[Errand] = (),
) -> None:
    """Sweep until SIGTERM or SIGINT; a batch in hand is finished first. For the main thread."""
    stop = threading.Event()
    scheduler = build(
        sessions,
        effects,
        chores,
        errands,
        often=often,
        hourly=hourly,
        slow=slow,
        stopping=stop.is_set,
    )

    def end(_signal: int, _frame: object) -> None:
        if not stop.is_set():
            stop.set()
            # Not in the handler itself: it interrupts code that may hold the scheduler's locks.
            threading.Thread(target=scheduler.shutdown, name="shutdown").start()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        scheduler.start()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def watchdog(seconds: float) -> Iterator[None]:
    """End the process when the block lasts longer; the supervisor starts it again.

    A hung sweep would silence its job for good (``max_instances=1``), and on SQLite it would
    hold the one write lock that everybody waits for.
    """
    timer = threading.Timer(seconds, _end_hung_process, [seconds])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end_hung_process(seconds: float) -> None:
    log.critical("a sweep has lasted %s s: this process ends itself", seconds)
    faulthandler.dump_traceback(STDERR, all_threads=True)
    os._exit(HUNG)
