"""Whether limits take effect: for ``/healthz`` and the operator's page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.deadlines import statutory
from app.deadlines.heartbeat import MAX_SKEW
from app.deadlines.models import CalendarYear, Due, Heartbeat

SILENT_AFTER = timedelta(seconds=60)
LATE_AFTER = timedelta(seconds=120)
NOTICE_MONTH = 11
"""From November on next year's notice is out or about to be."""


@dataclass(frozen=True)
class Health:
    """State of the sweep.

    ok            some host swept within 60 s and no ready row waits for more than 120 s
    last_sweep    end of the last sweep of a host with a right clock
    waiting_for   how long the oldest ready row has been waiting
    incidents     due rows given up, for the operator
    serious       Chinese sentences on why it is not ok
    problems      these, and what the operator should know besides
    """

    ok: bool
    last_sweep: datetime | None
    waiting_for: timedelta
    incidents: int
    serious: tuple[str, ...]
    problems: tuple[str, ...]


def health(session: Session, now: datetime) -> Health:
    """Look at heartbeats, waiting rows and the calendar; ``now`` is database time."""
    beats = session.execute(
        sa.select(Heartbeat.worker, Heartbeat.at, Heartbeat.skew_ms).order_by(Heartbeat.at.desc())
    ).all()
    skewed = [beat for beat in beats if abs(beat.skew_ms) > MAX_SKEW / timedelta(milliseconds=1)]
    last = next((beat.at for beat in beats if beat not in skewed), None)
    oldest, incidents = session.execute(
        sa.select(
            sa.select(sa.func.min(Due.next_try_at))
            .where(Due.state == sa.literal_column("'pending'"))
            .scalar_subquery(),
            sa.select(sa.func.count()).where(Due.state == "incident").scalar_subquery(),
        )
    ).one()
    waiting = max(now - oldest, timedelta()) if oldest else timedelta()
    serious = []
    if last is None or now - last > SILENT_AFTER:
        serious.append("到期检查已停止：超过 60 秒没有完成一次，请启动调度进程。")
    if waiting > LATE_AFTER:
        serious.append(f"有到期事项已等候 {waiting // timedelta(seconds=1)} 秒未处理。")
    problems = [
        *serious,
        *(
            f"主机 {beat.worker} 的时钟与数据库相差超过 30 秒，该主机已停止到期检查。"
            for beat in skewed
            if now - beat.at <= SILENT_AFTER
        ),
        *_calendar_problems(session, now),
    ]
    if incidents:
        problems.append(f"有 {incidents} 个到期事项多次处理失败，请在运行页处理。")
    return Health(not serious, last, waiting, incidents, tuple(serious), tuple(problems))


def scheduler(session: Session, now: datetime) -> str:
    """``ok``, or what is wrong in one Chinese sentence or two, for ``/healthz``."""
    found = health(session, now)
    return "ok" if found.ok else "".join(found.serious)


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
