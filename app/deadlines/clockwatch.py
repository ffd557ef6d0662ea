"""Whether the clock that limits live by has been set, seen from the steady clock of this host.

The steady clock runs from the start of the machine, through its sleep too, and nobody can set it.
With every sign of life a host keeps which time it believed at which reading of it. Where the clock
of the database (with SQLite it is the host's own) is minutes ahead of what has really passed since,
limits would take effect early: the host does nothing by time until the clock is right again, or
somebody has confirmed it. A clock that was set back makes nothing early; it is only said.
After a start of the machine a clock set forward and a standstill look alike, and it is believed.
"""

import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit
from app.audit import Signature
from app.database import reading
from app.deadlines.errors import DeadlineRefused, NothingToConfirm
from app.deadlines.models import Heartbeat

Sessions = Callable[[], Session]
"""Makes a session of its own for every transaction."""
MAX_SKEW = timedelta(seconds=30)
"""A host whose clock is further off the database's does not sweep."""
MAX_JUMP = timedelta(minutes=2)
"""How far the clock may be off what has passed; more is no correction of a clock that drifts."""


@dataclass(frozen=True)
class Mark:
    """That at this reading of the steady clock since that start of the machine it was so late."""

    boot: str
    steady: timedelta
    at: datetime


@dataclass(frozen=True)
class Clocks:
    """What a host sees of its clocks.

    skew  its clock minus the database's; with SQLite they are one
    jump  the database's clock minus where it should be by the steady one; zero where unknown
    mark  to be kept with the sign of life; None where the one of before still holds
    """

    skew: timedelta
    jump: timedelta
    mark: Mark | None

    @property
    def ahead(self) -> bool:
        return self.jump > MAX_JUMP

    @property
    def refused(self) -> str:
        """Why this host must not let limits take effect, for its log; "" where it may."""
        if abs(self.skew) > MAX_SKEW:
            return f"this host's clock is off by {self.skew.total_seconds():+.0f} s"
        if self.ahead:
            return f"the clock was set forward by {self.jump.total_seconds():.0f} s"
        return ""


def look(sessions: Sessions, worker: str | None = None) -> Clocks:
    """The clocks of now; true ones, whatever ``clock.moved_to`` says. One or two statements."""
    with reading(), sessions() as session:
        at = _database_time(session)
        skew = host_time() - at if at else timedelta()
        before = session.get(Heartbeat, worker or socket.gethostname())
    fresh = Mark(boot(), steady(), at or host_time())
    jump = _jump(before, fresh) if before is not None else timedelta()
    return Clocks(skew, jump, fresh if abs(jump) <= MAX_JUMP else None)


def confirm(session: Session, reason: str, by: Signature, at: datetime) -> list[str]:
    """Believe the clock as it is now; the hosts that had complained of it.

    Raises DeadlineRefused without a reason, NothingToConfirm where no clock has jumped.
    """
    if not reason.strip():
        raise DeadlineRefused("请写明时钟变动的原因。")
    jumped = session.scalars(
        sa.select(Heartbeat)
        .where(sa.func.abs(Heartbeat.jump_ms) > MAX_JUMP // timedelta(milliseconds=1))
        .order_by(Heartbeat.worker)
    ).all()
    if not jumped:
        raise NothingToConfirm("没有要确认的时钟变动：各主机的时钟都与实际经过的时间相符。")
    audit.record(
        session,
        "clock.confirmed",
        by,
        at=at,
        reason=reason.strip(),
        detail={"jumps_seconds": {each.worker: each.jump_ms // 1000 for each in jumped}},
    )
    for each in jumped:
        each.jump_ms, each.boot, each.steady_ms, each.believed_at = 0, None, None, None
    return [each.worker for each in jumped]


def _jump(before: Heartbeat, now: Mark) -> timedelta:
    if before.believed_at is None or before.steady_ms is None:
        return timedelta()
    passed = now.at - before.believed_at
    if before.boot == now.boot:
        return passed - (now.steady - timedelta(milliseconds=before.steady_ms))
    return min(passed, timedelta())  # started anew meanwhile: that time went on is all we know


def _database_time(session: Session) -> datetime | None:
    """None with SQLite, which has no clock of its own."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    at: datetime = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def host_time() -> datetime:
    return datetime.now(UTC)


def steady() -> timedelta:
    """Since the start of the machine; where only processes have such a clock, of this process."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    seconds = time.clock_gettime(boottime) if boottime is not None else time.monotonic()
    return timedelta(seconds=seconds)


@cache
def boot() -> str:
    """What names this start of the machine; else of this process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return uuid.uuid4().hex
