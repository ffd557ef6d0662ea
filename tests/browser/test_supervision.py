"""督办 as its audience sees it: no barrier, nothing overflowing, on the desk and on the phone."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import db
from app.deadlines import load
from app.deadlines.workdays import local_date
from app.handling.supervision import extending
from tests.browser.acts import Sit
from tests.browser.walking import faults_of
from tests.handling.test_supervising import supervise
from tests.world import World


@pytest.fixture
def supervised(app: Flask) -> dict[str, Any]:
    """Three supervisions in different lamps, as seen by the clock of the server; ids of pages."""
    with app.app_context():
        world = World(db.session())
        now = clock.now(world.session)
        unit = world.actor("office.head").unit_id
        calendar = load(world.session, unit)
        days = [calendar.workday_after(local_date(now), count) for count in (1, 2, 9)]
        found: dict[str, Any] = {}
        for department, day in zip(("finance", "engineering", "office"), days, strict=True):
            late = department == "finance"
            world.at = now - timedelta(days=14) if late else now
            title = f"江洲市水务局关于开展第 {day:%m} 期河道清障专项行动的通知"
            received = (world.at - timedelta(hours=1)).isoformat()
            written = local_date(world.at - timedelta(days=2))
            done = world.register(title=title, document_date=written, received_at=received)
            world.run(done, until="propose")
            by = calendar.workday_after(local_date(world.at)) if late else day
            found[department] = supervise(world, done.case, department=department, by=by).id
            found["case"] = done.case.id
        actor = world.actor("dept.head")
        wanted = days[2], "连日降雨，无法下堤，部分堤段尚未巡查完毕。"
        world._act(extending.ask, actor, found["engineering"], *wanted)
        db.session.remove()
    return found


PAGES = [
    ("secretary", "/supervision/"),
    ("secretary", "/supervision/list?kind=supervision"),
    ("secretary", "/supervision/list?kind=stay"),
    ("secretary", "/supervision/list?today=1"),
    ("secretary", "/supervision/closed"),
    ("secretary", "/supervision/{engineering}"),
    ("secretary", "/supervision/{engineering}/decide"),
    ("secretary", "/supervision/{finance}/close"),
    ("dept.head", "/supervision/{engineering}/report"),
    ("sole.head", "/supervision/{finance}/extend"),
    ("sole.head", "/supervision/"),
    ("office.head", "/supervision/cases/{case}/new"),
    ("office.head", "/cases/{case}"),
    ("sole.head", "/read"),
    ("secretary", "/supervision/figures"),
    ("secretary", "/supervision/figures?since=2001-02-03&until=2001-02-01"),
    ("dept.head", "/supervision/figures"),
]


def test_no_barrier_and_no_overflow(desk: Sit, supervised: dict[str, Any]) -> None:
    assert not faults_of(desk, PAGES, supervised, "督办")
