"""How often one address may ask what is open to everybody: checked before anything is read."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from app.errors import DomainError

_MOST_ADDRESSES = 10_000


class TooFast(DomainError):
    """Too many requests from one address (429)."""

    code = "too_many_requests"

    def __init__(self, retry_seconds: int) -> None:
        self.retry_seconds = retry_seconds
        super().__init__(f"查询过于频繁，请约 {retry_seconds} 秒后再试。")


class Pace:
    """At most ``limit`` requests of one address within ``window``.

    Counted in the memory of each worker, so an office with two allows twice as many: this is to
    keep one noisy neighbour from keeping the others waiting, it protects no secret.
    """

    def __init__(self, limit: int, window: timedelta) -> None:
        self._limit, self._window = limit, window
        self._asked: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def ensure(self, address: str | None, at: datetime) -> None:
        """Count one request. Raises TooFast, which is not counted."""
        if address is None:
            return
        with self._lock:
            times = self._asked.setdefault(address, deque())
            self._asked.move_to_end(address)
            while times and times[0] <= at - self._window:
                times.popleft()
            if len(times) >= self._limit:
                wait = times[0] + self._window - at
                raise TooFast(max(1, int(wait.total_seconds())))
            times.append(at)
            if len(self._asked) > _MOST_ADDRESSES:
                self._asked.popitem(last=False)
