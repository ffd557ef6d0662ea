"""A change of 时限规则 reaches every open limit of the unit and of the units that inherit it."""

from collections.abc import Sequence
from datetime import datetime

import pytest
import sqlalchemy as sa

from app import audit
from app.audit import AuditEntry
from app.clock import SHANGHAI
from app.deadlines import policies
from app.deadlines.changes import of_policy
from app.deadlines.errors import PolicyRefused
from app.deadlines.models import Due, UnitPolicy
from app.errors import Invalid, NotAllowed
from app.handling.models import Task
from app.handling.stays.recomputing import still_to_do
from app.handling.views.forecast import forecast
from tests.faults.invariants import violations
from tests.handling.test_recomputing import count_again, said
from tests.world import World

BY = audit.signed_by_rule("测试")
SOURCE = "局办〔2026〕7号"


def choose(world: World, of: str = "drafter", **texts: str) -> None:
    world.later(minutes=1)
    unit = world.actor(of).unit_id
    policies.choose(world.session, unit, texts, "试行", BY, world.at, source=SOURCE)
    world.session.commit()
    count_again(world)


@pytest.fixture
def task(world: World) -> Task:
    """A draft that began on Monday 09:01 and runs out on Tuesday 18:00."""
    (found,) = world.open(world.draft().case)
    return found


def test_counting_elapsed_time_moves_what_is_open_and_is_recorded(world: World, task: Task) -> None:
    choose(world, count="elapsed")
    assert said(task.due_at) == "11-24 09:01"
    assert task.limit_steps[-1] == "时限规则有变动，原定周二（11-24）18:00 到期，已重新计算。"
    found = world.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq)).all()
    chosen, moved = found[-2:]
    assert (chosen.action, moved.action) == ("policy.chosen", "task.limit_moved")
    choose(world)
    assert said(task.due_at) == "11-24 18:00"
    rows = world.session.scalars(sa.select(UnitPolicy).order_by(UnitPolicy.id)).all()
    assert [(row.own, row.superseded_at is None) for row in rows] == [
        ({"count": "elapsed"}, False),
        ({}, True),
    ]
    assert violations(world.session) == {}


def test_the_units_below_inherit_until_they_choose_themselves(world: World, task: Task) -> None:
    choose(world, "city.secretary", count="elapsed")
    assert said(task.due_at) == "11-24 09:01"
    choose(world, count="civil_code")
    assert said(task.due_at) == "11-24 18:00"
    (other,) = world.open(world.register("city.secretary").case)
    choose(world, count="civil_code", alarm_every="15")
    assert other.due_at is not None
    assert said(other.due_at).startswith("11-24 09:")


def test_three_levels_give_hours_to_review_and_sign_only(world: World) -> None:
    choose(world, profile="three_levels")
    paper = world.draft()
    (draft,) = world.open(paper.case)
    assert said(draft.due_at) == "11-24 18:00"
    review = world.run(paper, until="dept_review")
    assert review is not None
    assert review.due_at is not None
    assert (review.due_at - review.arrived_at).total_seconds() == 24 * 3600
    (incoming,) = world.open(world.register().case)
    assert said(incoming.due_at) == "11-24 18:00"


@pytest.mark.parametrize(("urgency", "hours"), [("none", 24), ("urgent", 12), ("extra_urgent", 6)])
def test_a_step_that_is_open_follows_a_change_to_three_levels(
    world: World, urgency: str, hours: int
) -> None:
    review = world.run(world.draft(urgency=urgency), until="dept_review")
    assert review is not None
    choose(world, profile="three_levels")
    assert review.due_at is not None
    assert (review.due_at - review.arrived_at).total_seconds() == hours * 3600


def test_the_alarm_repeats_at_the_interval_of_the_unit(world: World) -> None:
    choose(world, alarm_every="25")
    review = world.run(world.draft(urgency="urgent"), until="dept_review")
    assert review is not None
    world.later(seconds=1)
    world.sweep()
    query = sa.select(Due.due_at).where(Due.subject_id == review.id, Due.kind == "alarm")
    first, second = world.session.scalars(query.order_by(Due.occurrence)).all()
    assert (second - first).total_seconds() == 25 * 60


def test_nobody_becomes_late_by_a_change(world: World, task: Task) -> None:
    world.at = datetime(2026, 11, 24, 17, tzinfo=SHANGHAI)
    choose(world, count="elapsed")
    assert said(task.due_at) == "11-24 18:00"


def test_the_forecast_is_what_happens(world: World, task: Task) -> None:
    (other,) = world.open(world.register("city.secretary").case)
    city = world.actor("city.secretary").unit_id
    change = of_policy(city, {"count": "elapsed"}, "试行", SOURCE)
    found = forecast(world.session, change, world.at)
    assert (found.looked_at, found.earlier, found.later) == (2, 2, 0)
    foretold = {each.case_id: said(each.after) for each in found.moved}
    assert still_to_do(world.session) == 0
    choose(world, "city.secretary", count="elapsed")
    assert {each.case_id: said(each.due_at) for each in (task, other)} == foretold


@pytest.mark.parametrize(
    ("login", "refusal"), [("drafter", NotAllowed), ("security.admin", NotAllowed)]
)
def test_only_the_system_administrator_of_the_unit_chooses(
    world: World, login: str, refusal: type[Exception]
) -> None:
    actor = world.actor(login)
    with pytest.raises(refusal):
        policies.choose(world.session, actor.unit_id, {}, "试行", actor, world.at, source=SOURCE)


def test_reason_and_document_are_needed_and_nothing_is_chosen_twice(world: World) -> None:
    admin = world.actor("system.admin")

    def attempt(texts: dict[str, str], reason: str, source: str) -> Sequence[str]:
        with pytest.raises(Invalid) as refused:
            policies.choose(
                world.session, admin.unit_id, texts, reason, admin, world.at, source=source
            )
        return [each.field for each in refused.value.errors]

    assert attempt({"count": "lunar"}, "", " ") == ["count", "reason", "source"]
    with pytest.raises(PolicyRefused, match="相同"):
        policies.choose(world.session, admin.unit_id, {}, "试行", admin, world.at, source=SOURCE)
    city = world.actor("city.secretary").unit_id
    with pytest.raises(NotAllowed):
        policies.choose(world.session, city, {}, "试行", admin, world.at, source=SOURCE)
