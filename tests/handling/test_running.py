"""在办: which cases a list shows, by the working time for which they have waited."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.database import db
from app.handling.views.narrowing import Wanted
from app.handling.views.running import cases
from tests.world import MONDAY, World


@pytest.mark.parametrize(
    ("day", "hour", "wanted", "found"),
    [
        (23, 9, Wanted(days=1), 0),
        (23, 10, Wanted(days=1), 1),
        (24, 10, Wanted(days=1), 2),
        (24, 10, Wanted(days=1, step="office_check"), 1),
        (24, 10, Wanted(days=3), 0),
        (25, 10, Wanted(days=3), 1),
        (27, 9, Wanted(days=5), 0),
        (27, 10, Wanted(days=5), 1),
        (29, 10, Wanted(days=5), 1),  # a Sunday
        (30, 9, Wanted(days=5), 2),
        (27, 10, Wanted(days=5, step="office_check"), 0),
        (27, 10, Wanted(days=5, only="blocked"), 0),
        (27, 10, Wanted(), 2),
    ],
)
def test_what_has_waited_so_many_working_days(
    world: World, day: int, hour: int, wanted: Wanted, found: int
) -> None:
    assert shown(world, MONDAY.replace(day=day, hour=hour, minute=5), wanted) == found


@pytest.mark.postgres
def test_postgresql_shows_the_same(postgres_app: Flask) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        unit = world.actor("drafter").unit_key
        wanted = Wanted(days=5, unit=unit, step="dept_review", q="堤防")
        assert shown(world, MONDAY.replace(day=27, hour=10, minute=5), wanted) == 1
        db.session.remove()


def shown(world: World, at: datetime, wanted: Wanted) -> int:
    """One since Friday 20, 10:02, at the review; one since Monday 23, 9:03, at the office check."""
    world.at = MONDAY - timedelta(days=3, hours=-1)
    world.run(world.draft(), "dept_review")
    world.at = MONDAY
    world.run(world.draft(), "office_check")
    with clock.moved_to(at):
        return len(cases(world.session, world.actor("process.admin"), wanted, 10))
