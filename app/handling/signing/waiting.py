"""Papers that a timer wants to send: verified by the errands of the scheduler, beside the sweep.

The sweep holds rows of many cases in one transaction, so it leaves such an act for the next time
and only says which paper it is about. What is forgotten with the process is asked for again.
"""

import threading
from collections.abc import Callable

from app.documents.proofs import Sessions
from app.handling.signing.checking import check

_asked: set[int] = set()
_lock = threading.Lock()


def ask_for(paper_id: int) -> None:
    """Have a paper verified before the sweep comes again."""
    with _lock:
        _asked.add(paper_id)


def check_waiting(sessions: Sessions, stopping: Callable[[], bool] = lambda: False) -> int:
    """Verify what was asked for, each in no transaction; how many (the scheduler calls it)."""
    done = 0
    while not stopping() and (paper_id := _next()) is not None:
        check(sessions, paper_id)
        done += 1
    return done


def _next() -> int | None:
    with _lock:
        return _asked.pop() if _asked else None
