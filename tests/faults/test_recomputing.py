"""Processes that count limits again die in the middle: nothing is lost, nothing recorded twice."""

from collections import Counter

import sqlalchemy as sa

from app import audit, clock
from app.audit import AuditEntry
from app.clock import SHANGHAI
from app.database import db
from app.deadlines.days import enter_day
from app.handling.models import Task
from app.handling.stays.recomputing import BATCH, still_to_do
from tests.faults.conftest import Office, Start
from tests.faults.invariants import violations
from tests.world import World

STAYS = 2 * BATCH + 5
PLACES = ("after-audit:1", "before-commit:2", "after-audit:1", "before-commit:1")
"""The first batch and the second one, undone at their last moment."""


def test_a_change_of_the_calendar_reaches_each_limit_once(office: Office, started: Start) -> None:
    with office.app.app_context():
        session = db.session()
        world = World(session, at=clock.now(session))
        for _ in range(STAYS):
            world.register()
        ends = {each for each in session.scalars(sa.select(Task.due_at)) if each}
        unit, by = world.actor("drafter").unit_id, audit.signed_by_rule("测试")
        for day in {each.astimezone(SHANGHAI).date() for each in ends}:
            enter_day(session, unit, day, False, "停电", by, world.at)
        session.commit()
        db.session.remove()
    process = started("recompute", "-m", "tests.faults.sweeping", ",".join(PLACES), "recompute")
    assert process.wait(60) == 0
    assert process.struck() == Counter(place.partition(":")[0] for place in PLACES)
    with office.app.app_context():
        session = db.session()
        assert still_to_do(session) == 0
        moved = session.scalars(sa.select(Task.due_at).where(Task.state == "open")).all()
        assert not ends & set(moved)
        entries = sa.select(sa.func.count()).where(AuditEntry.action == "task.limit_moved")
        assert session.scalar(entries) == STAYS
        assert violations(session) == {}
        db.session.remove()
