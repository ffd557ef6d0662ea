"""DDL-34: a change of the calendar reaches every open limit; old and new stay on record."""

import threading
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import audit, clock, deadlines
from app.audit import AuditEntry
from app.clock import SHANGHAI
from app.database import db
from app.deadlines.days import enter_day, set_hours
from app.deadlines.models import Due
from app.deadlines.scheduler import do_chores
from app.handling.models import Notice, Task
from app.handling.stays.recomputing import recompute, still_to_do
from tests.faults.invariants import violations
from tests.handling.administering import carry_out
from tests.world import World

BY = audit.signed_by_rule("测试")


def enter(world: World, day: str, works: bool = False) -> None:
    """The county's own entry, a minute after whatever was before."""
    world.later(minutes=1)
    unit = world.actor("drafter").unit_id
    enter_day(world.session, unit, date.fromisoformat(day), works, "县庆", BY, world.at)
    world.session.commit()


def count_again(world: World) -> list[int]:
    """Batch by batch until nothing is left, as the scheduler does it."""
    looked: list[int] = []
    with clock.moved_to(world.at):
        while not looked or looked[-1]:
            looked.append(recompute(world.session, world.at))
            world.session.commit()
    return looked


def said(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}" if at else ""


def entries(session: Session) -> list[audit.Entry]:
    ids = session.scalars(
        sa.select(AuditEntry.case_id).where(AuditEntry.action == "task.limit_moved")
    )
    found = [each for case in set(ids) for each in audit.case_entries(session, case)]
    return [each for each in found if each.action == "task.limit_moved"]


def waiting(world: World, task: Task) -> list[str]:
    query = sa.select(Due.due_at).where(
        Due.subject_id == task.id, Due.state == "pending", Due.kind == "overdue"
    )
    return [said(at) for at in world.session.scalars(query)]


@pytest.fixture
def task(world: World) -> Task:
    """A draft that began on Monday 09:01 and runs out on Tuesday 18:00."""
    (found,) = world.open(world.draft().case)
    assert said(found.due_at) == "11-24 18:00"
    return found


def test_a_day_off_entered_moves_the_limit_and_records_old_and_new(
    world: World, task: Task
) -> None:
    revision = task.revision
    enter(world, "2026-11-24")
    assert still_to_do(world.session) == 1
    assert count_again(world) == [1, 0]
    assert (said(task.due_at), waiting(world, task)) == ("11-25 18:00", ["11-25 18:00"])
    assert task.calendar_version == deadlines.version(world.session)
    assert "11-24 县庆放假，不计。" in task.limit_steps
    assert task.limit_steps[-1] == "工作日历有变动，原定周二（11-24）18:00 到期，已重新计算。"
    (entry,) = entries(world.session)
    assert (entry.detail["from"][:16], entry.detail["to"][:16]) == (
        "2026-11-24T10:00",
        "2026-11-25T10:00",
    )
    assert (entry.actor_login, entry.subject) == ("rule", ("task", task.id))
    assert entry.detail["old_calendar"] != entry.detail["new_calendar"]
    told = world.session.scalars(sa.select(Notice.text).where(Notice.task_id == task.id)).all()
    assert any("原定周二（11-24）18:00" in text for text in told)
    assert task.revision == revision  # the form drawn before can still be sent
    world.complete(task, "drafter")
    assert violations(world.session) == {}


def test_counting_again_twice_changes_nothing(world: World, task: Task) -> None:
    enter(world, "2026-11-24")
    count_again(world)
    world.session.refresh(task)
    before = (task.due_at, task.limit_steps)
    assert count_again(world) == [0]
    assert (task.due_at, task.limit_steps) == before
    assert len(entries(world.session)) == 1


def test_a_limit_that_the_day_does_not_touch_only_learns_the_version(
    world: World, task: Task
) -> None:
    before = task.due_at
    enter(world, "2026-12-08")
    assert count_again(world) == [1, 0]
    assert task.due_at == before
    assert task.calendar_version == deadlines.version(world.session)
    assert entries(world.session) == []


def test_another_unit_is_not_moved(world: World, task: Task) -> None:
    (other,) = world.open(world.register("city.secretary").case)
    enter(world, "2026-11-24")
    count_again(world)
    assert (said(task.due_at), said(other.due_at)) == ("11-25 18:00", "11-24 18:00")


def test_new_hours_move_the_close_of_business(world: World, task: Task) -> None:
    unit = world.actor("drafter").unit_id
    set_hours(world.session, unit, date(2026, 11, 24), "09:00-12:00 13:30-17:00", BY, world.at)
    world.session.commit()
    count_again(world)
    assert said(task.due_at) == "11-24 17:00"


def test_a_mark_that_no_longer_holds_is_lifted_on_record_and_may_come_again(
    world: World, task: Task
) -> None:
    world.later(days=1, hours=9, minutes=30)
    world.sweep()
    world.session.refresh(task)
    assert task.overdue_since is not None
    enter(world, "2026-11-24")
    count_again(world)
    assert (task.overdue_since, waiting(world, task)) == (None, ["11-25 18:00"])
    (entry,) = entries(world.session)
    assert entry.detail["no_longer_overdue"]
    world.later(days=1)
    world.sweep()
    world.session.refresh(task)
    assert said(task.overdue_since) == "11-25 18:00"
    assert violations(world.session) == {}


def test_what_is_overdue_either_way_keeps_its_mark(world: World, task: Task) -> None:
    world.later(days=3)
    world.sweep()
    enter(world, "2026-11-24")
    count_again(world)
    assert said(task.due_at) == said(task.overdue_since) == "11-25 18:00"
    assert waiting(world, task) == []
    assert violations(world.session) == {}


def test_a_change_makes_nobody_late_who_was_in_time(world: World) -> None:
    """A Saturday that is worked after all would have ended the limit on that very Saturday."""
    world.at = datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)
    (task,) = world.open(world.draft().case)
    world.at = datetime(2026, 11, 29, 9, tzinfo=SHANGHAI)
    enter(world, "2026-11-28", works=True)
    count_again(world)
    assert said(task.due_at) == "11-30 18:00"
    assert "按现行日历和规则应于周六（11-28）18:00 到期" in task.limit_steps[-1]
    assert entries(world.session) == []


def test_the_alarm_of_something_urgent_goes_on(world: World) -> None:
    """At noon it is outside working time, until the county works at noon."""
    world.at = datetime(2026, 11, 23, 12, 30, tzinfo=SHANGHAI)
    task = world.run(world.draft(urgency="urgent"), until="dept_review")
    assert task is not None
    assert said(task.due_at) == "11-23 14:32"
    unit = world.actor("drafter").unit_id
    set_hours(world.session, unit, date(2026, 11, 23), "08:30-18:00", BY, world.at)
    world.session.commit()
    count_again(world)
    assert said(task.due_at) == "11-23 13:02"
    alarms = sa.select(Due.state).where(Due.subject_id == task.id, Due.kind == "alarm")
    assert world.session.scalars(alarms).all() == ["pending"]


def test_a_case_that_stands_still_is_counted_when_it_goes_on(world: World, task: Task) -> None:
    case = world.case_of(task)
    carry_out(world, case, "suspend")
    enter(world, "2026-11-25")
    assert count_again(world) == [0]
    world.at = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
    carry_out(world, case, "resume")
    assert count_again(world) == [0]
    first = said(task.due_at)
    assert first.startswith("11-27 ")  # nearly fifteen hours were left, and the 25th is off
    enter(world, "2026-11-26")
    assert count_again(world) == [1, 0]
    assert said(task.due_at) == first.replace("11-27", "11-30")
    assert "恢复，其间不计时限" in " ".join(task.limit_steps[1:])
    assert violations(world.session) == {}


def test_a_stay_that_was_handed_over_counts_from_its_first_arrival(
    world: World, task: Task
) -> None:
    world.complete(task, "drafter")
    (review,) = world.open(world.case_of(task))
    world.complete(review, "dept.head", "approve")
    (stay,) = world.open(world.case_of(task))
    world.later(days=4)
    world.sweep()
    given = world.hand_over(stay, "office.head", "secretary")
    assert given.overdue_since is not None
    before = given.due_at
    enter(world, "2026-11-24")
    count_again(world)
    assert before is not None
    assert said(given.due_at) == "11-25 18:00"
    assert violations(world.session) == {}


@pytest.mark.postgres
def test_a_stay_whose_case_is_in_hand_is_left_for_the_next_time(
    postgres_app: Flask,
) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        (task,) = world.open(world.draft().case)
        (other,) = world.open(world.draft().case)
        enter(world, "2026-11-24")
        with Session(db.engine) as busy, busy.begin():
            busy.execute(sa.select(Task.id).where(Task.id == task.id).with_for_update())
            assert count_again(world) == [1, 0]
        assert (said(task.due_at), said(other.due_at)) == ("11-24 18:00", "11-25 18:00")
        assert count_again(world) == [1, 0]
        assert said(task.due_at) == "11-25 18:00"
        db.session.remove()


def test_it_goes_on_where_it_was_interrupted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed is done; the rest is found again by its version."""
    monkeypatch.setattr("app.handling.stays.recomputing.BATCH", 2)
    stays = [world.open(world.draft().case)[0] for _ in range(5)]
    enter(world, "2026-11-24")
    with clock.moved_to(world.at):
        recompute(world.session, world.at)
        world.session.commit()
        recompute(world.session, world.at)
        world.session.rollback()  # here the process died
    assert still_to_do(world.session) == 3
    assert count_again(world) == [2, 1, 0]
    assert {said(each.due_at) for each in stays} == {"11-25 18:00"}
    assert len(entries(world.session)) == 5


@pytest.mark.postgres
def test_several_processes_at_once_move_each_limit_once(
    postgres_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.handling.stays.recomputing.BATCH", 3)
    with postgres_app.app_context():
        world = World(db.session())
        stays = [world.open(world.draft().case)[0] for _ in range(20)]
        enter(world, "2026-11-24")
        sessions, start = sessionmaker(db.engine), threading.Barrier(4)

        def process() -> None:
            start.wait()
            do_chores(sessions, (recompute,))

        threads = [threading.Thread(target=process) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert "a chore" not in caplog.text  # none was interrupted
        world.session.expire_all()
        assert count_again(world) == [0]
        assert {said(each.due_at) for each in stays} == {"11-25 18:00"}
        assert len(entries(world.session)) == 20
        assert violations(world.session) == {}
        db.session.remove()
