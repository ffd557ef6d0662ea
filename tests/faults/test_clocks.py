"""The clock of the only host is set, with SQLite: nothing early, nothing twice, and it is said."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import clock
from app.deadlines.health import health
from app.deadlines.models import Due
from tests.conftest import LONG
from tests.faults import limits
from tests.faults.clusters import clock_of
from tests.faults.conftest import Office, Start
from tests.faults.test_sweeps import (
    EVERY,
    coming,
    in_office,
    other_clocks,
    quiet,
    set_clock,
    start_schedulers,
    until_handled,
)

__all__ = ["other_clocks", "start_schedulers"]
SECONDS = 40 if LONG else 4
"""That the clock stays as it is set."""


@pytest.mark.usefixtures("other_clocks")
def test_an_hour_in_both_directions_on_one_host(
    app: Flask, tmp_path: Path, start_schedulers: Start
) -> None:
    office = Office(app, app.config["SETTINGS"], tmp_path, {})
    due = coming(office, [timedelta(seconds=each / 2) for each in range(6 * SECONDS)])
    coming(office, [timedelta(minutes=each) for each in range(10, 60)])
    setting = tmp_path / "clock"
    set_clock(setting, 0)
    scheduler = start_schedulers(office, 1, **clock_of(setting))
    until(lambda: in_office(office, limits.handled) > 0)
    for off, said in ((3600, "快了约 60 分钟"), (0, ""), (-3600, "慢了约 "), (0, "")):
        set_clock(setting, off)
        time.sleep(SECONDS)
        complaint = in_office(office, partial(complaints, off=off))
        assert said in complaint if said else not complaint, (off, complaint)
        assert in_office(office, early) == 0, off
    until_handled(office, len(due), quiet)
    time.sleep(3 * EVERY)
    assert in_office(office, lambda session: limits.broken(session, due)) == {}
    forward = re.findall(r"set forward by (\d+) s: not sweeping", scheduler.log.read_text())
    assert {round(int(each), -1) for each in forward} == {3600}


def until(holds: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < 60
        time.sleep(0.2)


def complaints(session: Session, off: int) -> str:
    """Of the clock alone, as the pages of that host say it, whose clock is set too."""
    found = health(session, clock.now(session) + timedelta(seconds=off)).problems
    return "".join(each for each in found if "系统时钟" in each)


def early(session: Session) -> int:
    """Rows that are done before their time by the clock of this test, which is right."""
    query = sa.select(sa.func.count()).where(Due.state == "done", Due.due_at > clock.now(session))
    return session.scalar(query) or 0
