"""Loading the calendar of a unit: what wins, and what it costs."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit import signed_by_rule
from app.deadlines import calendar as calendars
from app.deadlines.calendar import load
from app.deadlines.days import enter_day, set_hours
from app.organization.models import Unit

from .engines import counted
from .times import at, day

BY = signed_by_rule("test")
NOW = at("2026-11-23 09:00")


@pytest.fixture(autouse=True)
def units(engine: sa.Engine) -> None:
    with Session(engine) as session:
        for number in (1, 2):
            name = f"unit-{number}"
            session.add(
                Unit(
                    id=number,
                    key=name,
                    name=name,
                    short_name=name,
                    agency_code=name,
                    letterhead=name,
                    rank=2,
                )
            )
        session.commit()


def test_the_entry_of_the_unit_wins_over_the_one_for_all(session: Session) -> None:
    holiday = day("2026-11-24")
    enter_day(session, None, holiday, False, "防汛", BY, NOW)
    enter_day(session, 2, holiday, True, "值班", BY, NOW, hours="08:30-12:00")
    assert not load(session, 1).is_workday(holiday)
    assert load(session, 2).close(holiday) == at("2026-11-24 12:00")
    assert load(session, 2).day(holiday).name == "值班"
    assert not load(session, None).is_workday(holiday)


def test_an_entry_takes_the_place_of_the_earlier_one_which_stays_on_record(
    session: Session,
) -> None:
    for is_workday in (False, True, False):
        enter_day(session, None, day("2026-11-24"), is_workday, "改", BY, NOW)
    assert not load(session, 1).is_workday(day("2026-11-24"))
    rows = session.execute(sa.text("SELECT superseded_at FROM workday_override")).scalars().all()
    assert (len(rows), sum(row is None for row in rows)) == (3, 1)


def test_hours_of_the_unit_replace_those_for_all_from_their_day_on(session: Session) -> None:
    set_hours(session, None, day("2026-06-01"), "08:00-12:00 15:00-18:00", BY, NOW)
    set_hours(session, 1, day("2026-07-01"), "09:00-17:00", BY, NOW)
    set_hours(session, None, day("2026-10-01"), "08:30-12:00 14:00-17:30", BY, NOW)
    first, second = load(session, 1), load(session, 2)
    assert first.close(day("2026-05-29")) == at("2026-05-29 18:00")
    assert first.is_open(at("2026-06-30 08:00"))
    assert first.close(day("2026-11-20")) == at("2026-11-20 17:00")
    assert second.close(day("2026-11-20")) == at("2026-11-20 17:30")


def test_it_costs_nothing_while_it_is_kept_and_one_statement_to_compare(
    session: Session, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(engine) as statements:
        kept = load(session, 1)
        assert len(statements) == 5
        assert load(session, 1) is kept
        assert len(statements) == 5
        monkeypatch.setattr(calendars, "KEPT_SECONDS", 0)
        assert load(session, 1) is kept
        assert len(statements) == 6


def test_another_process_sees_a_change_once_it_compares(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "forget", lambda _: None)  # the other process knows nothing
    with sessions() as session:
        before = load(session, 1)
    with sessions() as session:
        enter_day(session, 1, day("2026-11-24"), False, "停电", BY, NOW)
        session.commit()
    with sessions() as session:
        assert load(session, 1) is before
        monkeypatch.setattr(calendars, "KEPT_SECONDS", 0)
        after = load(session, 1)
    assert not after.is_workday(day("2026-11-24"))
    assert (before.version.split("/")[0], after.version.split("/")[0]) == ("0", "1")


def test_a_change_rolled_back_does_not_pass_for_the_next_one(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "KEPT_SECONDS", 0)
    with sessions() as session:
        enter_day(session, 1, day("2026-11-24"), False, "停电", BY, NOW)
        assert not load(session, 1).is_workday(day("2026-11-24"))
        session.rollback()
    with sessions() as session:
        enter_day(session, 1, day("2026-11-25"), False, "停水", BY, at("2026-11-23 09:01"))
        session.commit()
        found = load(session, 1)
    assert found.is_workday(day("2026-11-24"))
    assert not found.is_workday(day("2026-11-25"))
