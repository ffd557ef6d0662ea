"""Starts the typesetting process, waits for it, and ends it when it takes too long."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, Any, cast

from app.documents.layout.errors import RenderingStopped

WALL_SECONDS = 30.0
WORKER = Path(__file__).with_name("worker.py")
_log = logging.getLogger(__name__)


def run_worker(
    job: Mapping[str, Any],
    *,
    seconds: float = WALL_SECONDS,
    passing: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """The worker's answer to the job.

    passing  called when a pass begins
    Raises RenderingStopped when it runs out of time or memory, or fails.
    """
    late = Event()
    with (
        TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603  our own file, no words of a user
            [sys.executable, "-I", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as running,
    ):

        def end() -> None:
            late.set()
            running.kill()

        timer = Timer(seconds, end)
        timer.start()
        try:
            said = _talk(running, job, passing)
        except BaseException:
            running.kill()
            raise
        finally:
            timer.cancel()
        status = running.wait()
        errors.seek(0)
        detail = errors.read().decode(errors="replace")[-2000:]
    if late.is_set():
        _log.warning("typesetting ended after %.0f s", seconds)
        raise RenderingStopped(f"no answer within {seconds:.0f} s")
    if status or said is None:
        _log.warning("typesetting failed with status %d: %s", status, detail)
        raise RenderingStopped(detail or f"exit status {status}")
    return said


def _talk(
    running: subprocess.Popen[bytes],
    job: Mapping[str, Any],
    passing: Callable[[], None] | None,
) -> dict[str, Any] | None:
    """Hand over the job and listen: a line for each pass, the answer in the last one.

    None where there was no answer.
    """
    into, out = cast(IO[bytes], running.stdin), cast(IO[bytes], running.stdout)
    try:
        with into:
            into.write(json.dumps(job).encode())
    except BrokenPipeError:  # ended already: its status says why
        return None
    for line in out:
        said: dict[str, Any] = json.loads(line)
        if "pass" not in said:
            return said
        if passing is not None:
            passing()
    return None
