"""Starts the confined process, waits for it, and ends it when it takes too long."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.errors import Conflict

WALL_CLOCK = 60
"""Seconds in which a file must have been read."""

_READING = Path(__file__).with_name("reading")


class VerificationStopped(Conflict):
    """The file took more time or memory than a paper of this office ever needs."""

    code = "verification_stopped"

    def __init__(self) -> None:
        super().__init__(
            "文件过于复杂，在限定的时间和内存内不能核验。它不像本单位制发的公文，请向发文单位核实。"
        )


def confined(job: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that ``reading`` finds. Raises VerificationStopped."""
    try:
        done = subprocess.run(  # noqa: S603  our own program, no words of a user
            [sys.executable, "-I", str(_READING)],
            input=json.dumps(job).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_CLOCK,
            check=True,
        )
        facts: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise VerificationStopped from None
    return facts
