"""What the health page says about the sweep and the calendar."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.deadlines.health import health
from app.deadlines.models import CalendarYear, Due, Heartbeat
from app.deadlines.operations import open_limits

from .times import at

NOW = at("2026-10-20 09:00")
SECOND = timedelta(seconds=1)


def beat(session: Session, ago: int, skew_ms: int = 0, worker: str = "host-1") -> None:
    session.add(
        Heartbeat(worker=worker, at=NOW - ago * SECOND, handled=0, lasted_ms=3, skew_ms=skew_ms)
    )
    session.flush()


@pytest.mark.parametrize(
    ("ago", "waiting", "ok"),
    [(10, 0, True), (60, 120, True), (61, 0, False), (10, 121, False), (10, -3600, True)],
)
def test_a_recent_sweep_and_no_row_waiting_long(
    session: Session, ago: int, waiting: int, ok: bool
) -> None:
    beat(session, ago)
    open_limits(session, "task", [(1, NOW - waiting * SECOND)])
    found = health(session, NOW)
    assert found.ok is ok
    assert found.waiting_for == max(waiting, 0) * SECOND
    assert (found.serious == ()) is ok
    assert bool(found.problems) is not ok


def test_nobody_has_ever_swept(session: Session) -> None:
    assert "到期检查已停止" in health(session, NOW).serious[0]
    assert health(session, NOW).last_sweep is None


def test_a_host_with_a_wrong_clock_is_said_and_does_not_count(session: Session) -> None:
    beat(session, 5, skew_ms=-31_000, worker="host-2")
    assert not health(session, NOW).ok
    beat(session, 20)
    found = health(session, NOW)
    assert found.ok
    assert found.problems == ("有 1 台主机的时钟与数据库相差超过 30 秒，已停止到期检查。",)


def test_incidents_are_counted(session: Session) -> None:
    beat(session, 5)
    open_limits(session, "task", [(1, NOW), (2, NOW)])
    session.execute(sa.update(Due).values(state="incident"))
    found = health(session, NOW + SECOND)
    assert (found.ok, found.incidents) == (True, 2)
    assert "2 个到期事项" in found.problems[0]


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ("2026-10-31 23:59", []),
        ("2026-11-01 00:00", [2027]),
        ("2027-03-01 09:00", [2027]),
        ("2027-11-01 09:00", [2027, 2028]),
    ],
)
def test_from_november_the_calendar_of_next_year_is_missed(
    session: Session, now: str, missing: list[int]
) -> None:
    assert said_missing(session, at(now)) == missing


def test_an_entered_notice_is_not_missed(session: Session) -> None:
    for year, state, at_once in ((2027, "official", NOW), (2028, "proposed", None)):
        session.add(
            CalendarYear(
                year=year,
                state=state,
                source="n",
                periods=[],
                make_up=[],
                entered_at=NOW,
                confirmed_at=at_once,
            )
        )
    session.flush()
    assert said_missing(session, at("2027-11-01 09:00")) == [2028]


def said_missing(session: Session, now: datetime) -> list[int]:
    problems = health(session, now).problems
    return [int(problem[:4]) for problem in problems if "放假安排未录入" in problem]
