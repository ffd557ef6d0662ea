"""在办: which cases a list shows, by the working time for which they have waited."""

from datetime import timedelta

import pytest

from app import clock
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
    """One since Friday 20, 10:02, at the review; one since Monday 23, 9:03, at the office check."""
    world.at = MONDAY - timedelta(days=3, hours=-1)
    world.run(world.draft(), "dept_review")
    world.at = MONDAY
    world.run(world.draft(), "office_check")
    with clock.moved_to(MONDAY.replace(day=day, hour=hour, minute=5)):
        rows = cases(world.session, world.actor("process.admin"), wanted, 10)
    assert len(rows) == found
