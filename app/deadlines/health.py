"""Whether limits take effect: for ``/healthz`` and the operator's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.deadlines import statutory
from app.deadlines.clockwatch import MAX_JUMP, MAX_SKEW
from app.deadlines.models import CalendarYear, Due, Heartbeat

SILENT_AFTER = timedelta(seconds=60)
LATE_AFTER = timedelta(seconds=120)
NOTICE_MONTH = 11
"""From November on next year's notice is out or about to be."""


@dataclass(frozen=True)
class Health:
    """State of the sweep.

    ok            some host with a right clock swept within 60 s, and no ready row waits for more
                  than 120 s
    last_sweep    end of the last sweep of a host with a right clock
    waiting_for   how long the oldest ready row has been waiting
    incidents     due rows given up, for the operator
    serious       Chinese sentences on why it is not ok
    warnings      what the operator should know besides
    """

    ok: bool
    last_sweep: datetime | None
    waiting_for: timedelta
    incidents: int
    serious: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        return self.serious + self.warnings


def health(session: Session, now: datetime) -> Health:
    """Look at heartbeats, waiting rows and the calendar; ``now`` is database time."""
    beats = session.scalars(sa.select(Heartbeat).order_by(Heartbeat.at.desc())).all()
    last = next((beat.at for beat in beats if not (_skewed(beat) or _ahead(beat))), None)
    recent = [beat for beat in beats if now - beat.at <= SILENT_AFTER]
    oldest, incidents = session.execute(
        sa.select(
            sa.select(sa.func.min(Due.next_try_at))
            .where(Due.state == sa.literal_column("'pending'"))
            .scalar_subquery(),
            sa.select(sa.func.count()).where(Due.state == "incident").scalar_subquery(),
        )
    ).one()
    waiting = max(now - oldest, timedelta()) if oldest else timedelta()
    jumps = _jumps(recent)
    serious = []
    if last is None or now - last > SILENT_AFTER:
        stopped = "到期检查已停止：超过 60 秒没有完成一次，请启动调度进程。"
        serious += jumps if any(_ahead(beat) for beat in recent) else [stopped]
    if waiting > LATE_AFTER:
        serious.append(f"有到期事项已等候 {waiting // timedelta(seconds=1)} 秒未处理。")
    warnings = [
        *_skews(recent),
        *(sentence for sentence in jumps if sentence not in serious),
        *_calendar_problems(session, now),
    ]
    if incidents:
        warnings.append(f"有 {incidents} 个到期事项多次处理失败，请在运行页处理。")
    return Health(not serious, last, waiting, incidents, tuple(serious), tuple(warnings))


def _skewed(beat: Heartbeat) -> bool:
    return abs(beat.skew_ms) > MAX_SKEW // timedelta(milliseconds=1)


def _ahead(beat: Heartbeat) -> bool:
    return beat.jump_ms > MAX_JUMP // timedelta(milliseconds=1)


def _skews(beats: Sequence[Heartbeat]) -> list[str]:
    """Without names: ``/healthz`` is open to everybody, ``gongwen clock show`` names the hosts."""
    count = sum(_skewed(beat) for beat in beats)
    if not count:
        return []
    return [f"有 {count} 台主机的时钟与数据库相差超过 30 秒，已停止到期检查。"]


def _jumps(beats: Sequence[Heartbeat]) -> list[str]:
    """What hosts say of a clock that was set; the same sentence of several hosts once."""
    found = []
    for beat in beats:
        minutes = round(abs(beat.jump_ms) / 60_000)
        if _ahead(beat):
            found.append(
                f"系统时钟突然快了约 {minutes} 分钟，为免时限提前生效，到期检查已暂停。"
                "请把时钟校准；时钟现在无误的，运行 gongwen clock confirm。"
            )
        elif beat.jump_ms < -MAX_JUMP // timedelta(milliseconds=1):
            found.append(
                f"系统时钟突然慢了约 {minutes} 分钟，时限会晚生效，办理时间也会记早。"
                "请把时钟校准；时钟现在无误的，运行 gongwen clock confirm。"
            )
    return list(dict.fromkeys(found))


def missing_years(session: Session, now: datetime) -> list[int]:
    """The year that is running, and from 1 November the next, as far as their notice is unknown."""
    today = now.astimezone(SHANGHAI)
    years = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    missing = [year for year in years if year not in statutory.YEARS]
    if not missing:
        return []
    entered = session.execute(
        sa.select(CalendarYear.year).where(
            CalendarYear.confirmed_at.is_not(None), CalendarYear.year.in_(missing)
        )
    ).scalars()
    return sorted(set(missing) - set(entered))


def _calendar_problems(session: Session, now: datetime) -> list[str]:
    missing = missing_years(session, now)
    return [f"{year} 年放假安排未录入，期限按周末推算。" for year in missing]
