"""Starts the typesetting process, waits for it, and ends it when it takes too long."""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.documents.layout.errors import RenderingStopped

WALL_SECONDS = 30.0
WORKER = Path(__file__).with_name("worker.py")
_log = logging.getLogger(__name__)


def run_worker(job: Mapping[str, Any], *, seconds: float = WALL_SECONDS) -> dict[str, Any]:
    """The worker's answer to the job.

    Raises RenderingStopped when it runs out of time or memory, or fails.
    """
    try:
        done = subprocess.run(  # noqa: S603  our own file, no words of a user
            [sys.executable, "-I", str(WORKER)],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        _log.warning("typesetting ended after %.0f s", seconds)
        raise RenderingStopped(f"no answer within {seconds:.0f} s") from late
    if done.returncode:
        detail = done.stderr.decode(errors="replace")[-2000:]
        _log.warning("typesetting failed with status %d: %s", done.returncode, detail)
        raise RenderingStopped(detail or f"exit status {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
