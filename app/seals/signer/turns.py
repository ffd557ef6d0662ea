"""What a process with keys looks for by itself, every few seconds, beside what it is asked."""

import logging
import threading
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import DomainError

EVERY = 10.0  # seconds
Sessions = Callable[[], Session]
Duty = Callable[[Sessions], int]
"""How much there was to do; each piece in a transaction of its own, committed by itself."""

log = logging.getLogger(__name__)


class Turns:
    """One duty, done again and again in a thread until :meth:`stop`; sooner when woken."""

    def __init__(self, sessions: Sessions, duty: Duty) -> None:
        self._sessions = sessions
        self._duty = duty
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="turns", daemon=True)
        self._last = ""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The turn in hand is finished first."""
        self._stopped.set()
        self._woken.set()
        self._thread.join()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._turn()
            self._woken.wait(EVERY)
            self._woken.clear()

    def _turn(self) -> None:
        """What cannot be done is logged once, and tried again at the next turn."""
        try:
            self._duty(self._sessions)
            said = ""
        except (DomainError, sa.exc.DBAPIError, OSError) as failure:
            said = str(failure)
        except Exception:
            log.exception("a turn failed, again in %s s", EVERY)
            said = self._last
        if said and said != self._last:
            log.warning("a turn could not be finished, again in %s s: %s", EVERY, said)
        self._last = said
