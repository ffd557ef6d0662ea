"""督办 while its case stands still, and 催办 of it: nothing presses, the rest of time goes on."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app import clock, messages
from app.database import db
from app.deadlines.models import Due
from app.deadlines.sweep import sweep
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.handling.acts import deciding
from app.handling.effects import EFFECTS
from app.handling.models import Case
from app.handling.supervision import reporting, urging
from app.handling.supervision.models import Supervision, SupervisionUrge
from app.handling.supervision.rows import ends_today, waiting
from app.handling.supervision.sheet import sheet
from app.handling.supervision.waiting import Wanted
from app.messages import Channels
from app.messages.channels import Local
from app.messages.models import Outbox
from tests.deadlines.test_sweep_races import together
from tests.faults.invariants import violations
from tests.handling.administering import SECOND, carry_out, propose
from tests.handling.test_supervising import (
    actions,
    ask,
    case,
    decide,
    entries,
    pending,
    supervise,
    told,
    wait_until,
)
from tests.messages.conftest import reach
from tests.world import MONDAY, World

__all__ = ["case"]
NEXT_WEEK = MONDAY.replace(day=30, hour=8, minute=58)
ROUNDS = 8


@pytest.fixture(autouse=True)
def no_channels() -> Iterator[None]:
    yield
    messages.use(Channels())


def stop(world: World, case: Case, day: int = 23, hour: int = 15) -> None:
    """From so many minutes past the hour, for two people take two minutes over it."""
    world.at = MONDAY.replace(day=day, hour=hour, minute=58)
    carry_out(world, case, "suspend")


def go_on(world: World, case: Case) -> None:
    world.at = NEXT_WEEK
    carry_out(world, case, "resume")


def lamp(world: World, of: Supervision) -> str:
    with clock.moved_to(world.at):
        return sheet(world.session, world.actor("office.head"), of.id).lamp.key


def test_nothing_presses_and_the_rest_of_its_working_time_goes_on(world: World, case: Case) -> None:
    found = supervise(world, case)  # until Friday at six
    stop(world, case)  # Monday at four: two hours and four days of seven and a half are left
    assert pending(world, found) == []
    assert found.paused_at is not None
    wait_until(world, 27, 18, 1)
    assert (found.overdue_since, actions(world, case)) == (None, ["opened", "paused"])
    assert lamp(world, found) == "green"
    go_on(world, case)  # Monday at nine: half an hour later than the office opens
    world.session.refresh(found)
    assert (found.paused_at, found.limit_revision) == (None, 2)
    due = MONDAY.replace(month=12, day=4, hour=11)
    assert found.due_at == due
    assert pending(world, found) == [("remind", "12-01 08:30"), ("overdue", "12-04 11:00")]
    assert actions(world, case)[-1] == "resumed"
    assert entries(world, case)[-1].actor_login == "rule"
    assert any("督办期限为 2026-12-04" in (text or "") for text in told(world, "dept.head"))
    world.at = due
    world.sweep()
    assert found.overdue_since is None
    world.later(seconds=1)
    world.sweep()
    world.session.refresh(found)
    assert found.overdue_since == due
    assert violations(world.session) == {}


def test_what_was_late_stays_late_and_climbs_on_later(world: World, case: Case) -> None:
    found = supervise(world, case, by=MONDAY.date())
    wait_until(world, 23, 18, 1)
    assert pending(world, found) == [("escalate", "11-24 18:00")]
    stop(world, case, 24)  # two hours before the leader in charge would hear of it
    assert pending(world, found) == []
    wait_until(world, 27, 18, 1)
    assert told(world, "leader") == []
    go_on(world, case)
    world.session.refresh(found)
    assert (found.overdue_since, found.limit_revision) == (found.due_at, 1)
    assert pending(world, found) == [("escalate", "11-30 11:00")]
    wait_until(world, 30, 11, 1)
    assert any("超期 1 个工作日" in (text or "") for text in told(world, "leader"))
    assert told(world, "unit.head") == []
    world.at = MONDAY.replace(month=12, day=4, hour=9)
    world.sweep()
    assert any("超期 3 个工作日" in (text or "") for text in told(world, "unit.head"))
    expected = ["opened", "reminded", "overdue", "paused", "resumed", *["escalated"] * 2]
    assert [each for each in actions(world, case) if each != "reminded"] == [
        each for each in expected if each != "reminded"
    ]


def test_the_sheet_shows_the_ladder_as_it_goes_on(world: World, case: Case) -> None:
    found = supervise(world, case, by=MONDAY.date())
    wait_until(world, 23, 18, 1)
    stop(world, case, 24)
    head = world.actor("office.head")
    with clock.moved_to(world.at):
        assert sheet(world.session, head, found.id).state_words == "暂停中，期限停计"
    go_on(world, case)
    with clock.moved_to(world.at):
        steps = {each.words: each for each in sheet(world.session, head, found.id).ladder}
    assert steps["期限届满，记为超期"].done_at is not None
    climbing = steps["超期 1 个工作日，升级催办"]
    assert (climbing.at, climbing.done_at) == (MONDAY.replace(day=30, hour=11), None)


def test_stopped_twice_it_has_the_rest_of_the_rest(world: World, case: Case) -> None:
    found = supervise(world, case)
    stop(world, case)
    go_on(world, case)
    world.at = MONDAY.replace(month=12, day=1, hour=8, minute=58)
    carry_out(world, case, "suspend")
    world.at = MONDAY.replace(month=12, day=2, hour=8, minute=58)
    carry_out(world, case, "resume")
    assert found.due_at == MONDAY.replace(month=12, day=7, hour=11)
    assert actions(world, case) == ["opened", "paused", "resumed", "paused", "resumed"]


def test_while_it_stands_still_nobody_moves_its_date_or_urges(world: World, case: Case) -> None:
    found = supervise(world, case)
    ask(world, found, date(2026, 12, 2))
    stop(world, case)
    refused = (
        lambda: decide(world, found, "secretary", agree=True),
        lambda: ask(world, found, date(2026, 12, 3)),
        lambda: world._act(urging.urge, world.actor("office.head"), found.id, "请抓紧。"),
        lambda: supervise(world, case, department="finance"),
    )
    for each in refused:
        with pytest.raises(Conflict, match="暂停中"):
            each()
    world._act(reporting.report, world.actor("dept.head"), found.id, "等上级批复。")
    world._act(reporting.close, world.actor("office.head"), found.id, "不再需要。")
    go_on(world, case)
    assert pending(world, found) == []
    assert actions(world, case)[-1] == "closed"


def test_lists_say_that_it_stands_still(world: World, case: Case) -> None:
    supervise(world, case, by=MONDAY.replace(day=24).date())
    stop(world, case)
    with clock.moved_to(MONDAY.replace(day=24, hour=9)):
        rows = waiting(world.session, world.actor("office.head"), Wanted(kind="supervision"))
    (row,) = rows
    assert (row.paused, row.lamp.key) == (True, "green")
    assert not ends_today(row, MONDAY.replace(day=24, hour=9))


def test_a_supervisor_urges_on_record_and_outside(world: World, case: Case) -> None:
    """DDL-21, DDL-22: an internal urge, linked to what came in."""
    messages.use(Channels({"mail": Local()}, "http://oa.example.cn"))
    reach(world.session, "dept.head")
    found = supervise(world, case)
    world.later(minutes=1)
    world._act(urging.urge, world.actor("secretary"), found.id, "汛期将至，请抓紧。")
    entry = entries(world, case)[-1]
    assert (entry.action, entry.actor_login) == ("supervision.urged", "secretary")
    assert (entry.reason, entry.detail["kind"], entry.detail["flow"]) == (
        "汛期将至，请抓紧。",
        "对内催办",
        "incoming",
    )
    assert any("催办督办件：汛期将至" in (text or "") for text in told(world, "dept.head"))
    (mail,) = world.session.scalars(sa.select(Outbox)).all()
    assert mail.kind == "urged"
    assert "督办：工程科\n时限：应于 11-27 18:00 前办理" in mail.body
    assert f"/supervision/{found.id}" in mail.body
    assert "汛期" not in mail.body  # no more of a document leaves the office
    with clock.moved_to(world.at):
        (shown,) = sheet(world.session, world.actor("dept.head"), found.id).urges
    assert (shown.person, shown.reason) == ("杨晓燕", "汛期将至，请抓紧。")


def test_who_may_urge_and_when(world: World, case: Case) -> None:
    own = supervise(world, case, department="office")
    with pytest.raises(Conflict, match="请直接办理"):
        world._act(urging.urge, world.actor("office.head"), own.id, "请抓紧。")
    found = supervise(world, case)
    for login, refusal in (("dept.head", NotAllowed), ("drafter", NotFound)):
        with pytest.raises(refusal):
            world._act(urging.urge, world.actor(login), found.id, "请抓紧。")
    with pytest.raises(Invalid, match="写明原因"):
        world._act(urging.urge, world.actor("office.head"), found.id, " ")
    world._act(urging.urge, world.actor("office.head"), found.id, "请抓紧。")
    with pytest.raises(Conflict, match="以后可以再催"):
        world._act(urging.urge, world.actor("secretary"), found.id, "快。")
    world.later(minutes=11)
    world._act(urging.urge, world.actor("secretary"), found.id, "快。")
    world._act(reporting.close, world.actor("office.head"), found.id, "已办。")
    world.later(minutes=11)
    with pytest.raises(Conflict, match="已办结"):
        world._act(urging.urge, world.actor("secretary"), found.id, "快。")
    assert actions(world, case) == ["opened", "opened", "urged", "urged", "closed"]


def test_an_urge_is_never_changed(world: World, case: Case) -> None:
    found = supervise(world, case)
    world._act(urging.urge, world.actor("office.head"), found.id, "请抓紧。")
    with pytest.raises(sa.exc.DBAPIError):
        world.session.execute(sa.update(SupervisionUrge).values(reason="不急。"))
    world.session.rollback()


@pytest.mark.postgres
def test_a_case_is_suspended_just_as_its_supervision_runs_out(postgres_app: Flask) -> None:
    """It is late and then stands still, or stands still and is not late; never half of both."""
    with postgres_app.app_context():
        world = World(db.session())
        for _ in range(ROUNDS):
            done = world.register()
            world.run(done, until="propose")
            found = supervise(world, done.case)
            proposed = propose(world, done.case, "suspend")
            mine = (Due.subject_type == "supervision") & (Due.subject_id == found.id)
            ready = sa.update(Due).where(mine, Due.kind == "overdue").values(next_try_at=world.at)
            world.session.execute(ready)
            world.session.commit()
            suspends = partial(_suspend, postgres_app, proposed.id)
            assert together(suspends, partial(_sweep, postgres_app)) == []
            world.session.expire_all()
            did = actions(world, done.case)
            assert did[-1] == "paused"
            assert found.paused_at is not None
            assert ("overdue" in did) == (found.overdue_since is not None)
            again = sa.update(Due).where(mine, Due.state == "pending").values(next_try_at=world.at)
            world.session.execute(again)  # what the sweep had to put off, it tries at once
            world.session.commit()
            world.later(seconds=1)  # a row is ready strictly after its time
            world.sweep()
            assert pending(world, found) == []
        db.session.remove()


def _suspend(app: Flask, proposal: int) -> None:
    with app.app_context():
        deciding.decide(db.session(), World(db.session()).actor(SECOND), proposal, agree=True)
        db.session.commit()
        db.session.remove()


def _sweep(app: Flask) -> None:
    with app.app_context():
        sweep(sessionmaker(db.engine), EFFECTS)
        db.session.remove()
