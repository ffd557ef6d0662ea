"""The fault hook: dying, freezing or failing at a named step, for tests of what must survive it.

``GONGWEN_FAULT=step:action[:n]`` arms it, read once at start; an office in production refuses to
start with it. Without it :func:`reach` does nothing. Each process counts for itself.
"""

import errno
import itertools
import logging
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

STEPS = (
    *("before-begin", "after-load", "after-engine-step"),
    *("after-audit", "before-commit", "after-commit"),
    *("after-file-write", "after-file-rename"),
    *("sweep-taken", "sweep-effect"),
    *("outbox-leased", "outbox-sent"),
    *("before-signature-kept", "after-signature-kept"),
)
"""In the order in which an act, a file, a sweep, a message and a signature come by them."""
ACTIONS = ("kill", "stop", "raise", "wait", "enospc")

log = logging.getLogger(__name__)


class FaultRaised(RuntimeError):
    """The error that the action ``raise`` stands for: one that nobody foresaw."""


@dataclass(frozen=True)
class Fault:
    """What happens where.

    seconds  how long ``wait`` waits
    nth      only the n-th time that this process comes by; None: every time
    """

    step: str
    action: str
    seconds: float = 0.0
    nth: int | None = None
    _passes: Iterator[int] = field(default_factory=lambda: itertools.count(1), compare=False)

    def is_due(self) -> bool:
        """Counts one more pass; also right when several threads come by at once."""
        return next(self._passes) == self.nth or self.nth is None

    def strike(self) -> None:
        log.warning("fault hook: %s at %s", self.action, self.step)
        match self.action:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "wait":
                time.sleep(self.seconds)
            case "enospc":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            case _:
                raise FaultRaised(self.step)


def read(text: str) -> Fault:
    """``before-commit:kill:7`` or ``after-load:wait=0.5``. Raises ValueError."""
    step, _, rest = text.partition(":")
    action, _, nth = rest.partition(":")
    action, _, seconds = action.partition("=")
    if step not in STEPS or action not in ACTIONS or (action == "wait") != bool(seconds):
        raise ValueError(f"GONGWEN_FAULT: step:action[:n], not {text!r}")
    return Fault(step, action, float(seconds or 0), int(nth) if nth else None)


_armed: Fault | None = None


def arm(text: str | None) -> None:
    """Set the hook of this process, or take it off. Raises ValueError for what it cannot read."""
    global _armed
    _armed = read(text) if text else None
    if _armed is not None:
        log.warning("fault hook armed: %s. Not for an office.", text)


def reach(step: str) -> None:
    """Say that this process comes by ``step``."""
    if _armed is not None and _armed.step == step and _armed.is_due():
        _armed.strike()
