"""登录查收 from the visit to the record, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import sessionmaker

from app import clock, messages
from app.audit import AuditEntry
from app.database import db
from app.deadlines.models import Due
from app.deadlines.scheduler import do_chores
from app.deadlines.sweep import sweep
from app.handling.checkins.missing import KIND
from app.handling.checkins.models import MissedCheck, Visit
from app.handling.checkins.watching import keep_watch
from app.handling.effects import EFFECTS
from app.messages import Channels
from app.messages.channels import Local
from app.messages.models import Outbox
from app.organization import absences
from tests.handling.checking import choose, come, missed_by, moment, sweep_at, watch
from tests.handling.test_races import at_once
from tests.messages.conftest import reach
from tests.world import World

CLERKS = ("secretary", "dispatcher")


@contextmanager
def office_of(app: Flask) -> Iterator[World]:
    """On Monday at 9:00 nobody has been there yet; the clerks can be reached by mail."""
    with app.app_context():
        messages.use(Channels({"mail": Local()}, "http://oa.example.cn"))
        world = World(db.session())
        for login in (*CLERKS, "drafter"):
            reach(world.session, login)
        yield world
        messages.use(Channels())
        db.session.remove()


@pytest.fixture
def office(app: Flask) -> Iterator[World]:
    with office_of(app) as world:
        yield world


@pytest.fixture(params=["app", pytest.param("postgres_app", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> Iterator[World]:
    """The office on each of the two databases."""
    with office_of(request.getfixturevalue(request.param)) as world:
        yield world


def reminded(world: World, login: str) -> list[str]:
    person = world.actor(login).person_id
    query = sa.select(Outbox.subject).filter_by(person_id=person, kind=KIND).order_by(Outbox.id)
    return list(world.session.scalars(query))


def test_two_working_hours_without_a_visit_are_recorded_and_reminded_of(either: World) -> None:
    watch(either)
    come(either, "secretary", "23 09:10")
    sweep_at(either, "23 11:00", "23 11:01:30")
    assert missed_by(either, "dispatcher") == ["23 09:00-11:00"]
    assert missed_by(either, "secretary") == []
    assert reminded(either, "dispatcher") == ["【查收提醒】未按时登录查收公文"]
    sweep_at(either, "23 11:10", "23 11:11:30")
    assert missed_by(either, "secretary") == ["23 09:10-11:10"]
    entries = sa.select(AuditEntry.body).where(AuditEntry.action == "checkin.missed")
    of_clerk = f'["person",{either.actor("secretary").person_id}]'
    assert len([body for body in either.session.scalars(entries) if of_clerk in body]) == 1
    assert missed_by(either, "drafter") == []  # it is the clerks who take in documents


def test_a_day_of_standstill_is_made_up_for_without_a_dozen_reminders(either: World) -> None:
    watch(either)
    come(either, "secretary", "23 11:00")
    come(either, "secretary", "23 14:30")
    sweep_at(either, "24 12:00", "24 12:00")
    assert missed_by(either, "secretary") == ["23 14:30-16:30", "23 16:30-09:00", "24 09:00-11:00"]
    assert len(missed_by(either, "dispatcher")) == 5
    assert len(reminded(either, "dispatcher")) == 1


def test_who_comes_before_the_sweep_has_looked_is_on_record_all_the_same(office: World) -> None:
    choose(office, checkin_mode="edges")
    come(office, "secretary", "23 09:20")
    come(office, "secretary", "24 14:00")
    assert missed_by(office, "secretary") == ["23 17:00-18:00", "24 08:30-09:30"]
    sweep_at(office, "24 14:01", "24 14:02")
    assert len(missed_by(office, "secretary")) == 2
    assert missed_by(office, "dispatcher") == missed_by(office, "secretary")


def test_of_a_window_that_had_begun_before_the_rule_nothing_is_counted(office: World) -> None:
    """It is nine, and the rule holds from now on: the morning began half an hour ago."""
    choose(office, checkin_mode="edges")
    sweep_at(office, "23 09:31:30", "23 18:01:30")
    assert missed_by(office, "dispatcher") == ["23 17:00-18:00"]


def test_who_has_nothing_to_do_needs_not_come_and_who_has_must(either: World) -> None:
    """DDL-11: to-dos in a window without a visit."""
    choose(either, checkin_mode="windows", checkin_who="holders")
    either.draft()  # lies with drafter
    sweep_at(either, "23 16:31:30")
    assert missed_by(either, "drafter") == ["23 16:00-16:30"]
    assert missed_by(either, "dispatcher") == []


def test_who_is_away_or_stood_in_for_is_excused(office: World) -> None:
    choose(office, checkin_mode="halves")
    office.at = moment("23 13:00")
    with clock.moved_to(office.at):
        absences.set_absence(
            office.session,
            office.actor("dispatcher"),
            office.at,
            since=office.at,
            until=moment("25 00:00"),
            words="开会",
        )
        office.session.commit()
    office.delegate("secretary", "drafter", days=1)
    sweep_at(office, "23 18:02", "24 12:02", "24 18:02", "25 12:02")
    assert missed_by(office, "dispatcher") == ["25 00:00-12:00"]
    assert missed_by(office, "secretary") == ["24 12:00-18:00", "25 00:00-12:00"]


def test_a_fixed_time_reminds_of_what_lies_unread(office: World) -> None:
    """DDL-12: at ten who has something unread and has not been there is told."""
    choose(office, checkin_mode="times")
    office.run(office.register("secretary"), until="distribute")
    sweep_at(office, "23 10:00:10", "23 10:05")
    assert reminded(office, "secretary") == ["【查收提醒】请登录查收公文"]
    assert reminded(office, "dispatcher") == []
    sweep_at(office, "23 11:01:30")
    assert missed_by(office, "secretary") == ["23 10:00-11:00"]


def test_two_visits_a_day_are_counted_as_days(office: World) -> None:
    choose(office, checkin_mode="daily")
    come(office, "secretary", "24 09:00")
    come(office, "secretary", "24 15:00")
    come(office, "dispatcher", "24 15:00")
    sweep_at(office, "24 18:02")
    assert missed_by(office, "secretary") == []
    assert missed_by(office, "dispatcher") == ["24 00:00-18:00"]


def test_a_unit_that_asks_for_nothing_is_not_watched(office: World) -> None:
    choose(office, checkin_mode="off")
    sweep_at(office, "23 18:02", "24 18:02")
    assert missed_by(office, "dispatcher") == []
    waiting = office.session.scalars(
        sa.select(Due.subject_id).filter_by(state="pending", kind=KIND)
    )
    assert office.actor("dispatcher").unit_id not in list(waiting)


def test_one_row_waits_for_each_unit_whatever_changes(either: World) -> None:
    watch(either)
    for mode in ("edges", "times", "interval", "off", "daily"):
        choose(either, checkin_mode=mode)
        sweep_at(either, "23 09:05")
    waiting = either.session.scalars(
        sa.select(Due.subject_id).filter_by(state="pending", kind=KIND)
    )
    found = list(waiting)
    assert len(found) == len(set(found)) == 3


def test_a_unit_whose_row_was_given_up_is_watched_again(office: World) -> None:
    watch(office)
    office.session.execute(sa.update(Due).where(Due.kind == KIND).values(state="cancelled"))
    office.session.commit()
    watch(office)
    sweep_at(office, "23 11:01:30")
    assert missed_by(office, "dispatcher") == ["23 09:00-11:00"]


def test_a_visit_of_the_same_minute_is_no_news(office: World) -> None:
    come(office, "secretary", "23 09:10:05")
    come(office, "secretary", "23 09:10:50")
    (row,) = office.session.query(Visit).all()
    assert (row.at, row.visits) == (moment("23 09:10"), 1)


@pytest.mark.postgres
def test_sweeps_and_visits_at_once_record_each_gap_once(
    postgres_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with postgres_app.app_context():
        world = World(db.session())
        watch(world)
        sessions = sessionmaker(db.engine)
        for day in ("24", "25", "26", "27"):
            world.at = moment(f"{day} 12:00")

            def sweeping() -> None:
                with clock.moved_to(world.at):
                    sweep(sessions, EFFECTS)

            def watching() -> None:
                with clock.moved_to(world.at):
                    do_chores(sessions, (keep_watch,))

            def visiting() -> None:
                come(World(db.session(), world.at), "secretary")

            found = at_once(postgres_app, sweeping, visiting, sweeping, watching)
            assert found == [None] * 4
        assert "a chore" not in caplog.text  # none was interrupted
        rows = [(each.person_id, each.closes_at) for each in db.session.query(MissedCheck)]
        assert len(rows) == len(set(rows)) > 10
        db.session.remove()


def test_nothing_is_missed_on_days_off(office: World) -> None:
    choose(office, checkin_mode="halves")
    come(office, "dispatcher", "27 14:10")
    before = missed_by(office, "dispatcher")
    sweep_at(office, "27 18:02", "28 12:00", "29 20:00")
    office.at += timedelta(hours=6)
    office.sweep()
    assert missed_by(office, "dispatcher") == before
